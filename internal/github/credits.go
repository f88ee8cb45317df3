package github

import (
	"context"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

// maxBillItems bounds the rows of a month's bill: one for each product, SKU and model.
const maxBillItems = 10_000

// Credits reads the account's billed AI credits of the month in which day lies.
func (c *Client) Credits(ctx context.Context, account copilot.Account, day calendar.Date) (*cost.CreditBill, error) {
	base := "organizations/"
	if account.Scope == copilot.Enterprise {
		base = "enterprises/"
	}
	const op = "read billed AI credits"
	month := day.Start()
	var bill struct {
		Items *[]cost.CreditItem `json:"usageItems"`
	}
	_, err := c.getJSON(ctx, op, fmt.Sprintf("%s%s/settings/billing/ai_credit/usage?year=%d&month=%d",
		base, account.Slug, month.Year(), month.Month()), &bill)
	switch {
	case err != nil:
		return nil, err
	case bill.Items == nil:
		return nil, unexpected(op, "its answer holds no usageItems")
	case len(*bill.Items) > maxBillItems:
		return nil, unexpected(op, "it has more rows than any bill")
	}
	for i := range *bill.Items {
		item := &(*bill.Items)[i]
		item.Product, item.SKU, item.Model, item.UnitType = c.quote(item.Product), c.quote(item.SKU), c.quote(item.Model), c.quote(item.UnitType)
	}
	return &cost.CreditBill{Items: *bill.Items}, nil
}
