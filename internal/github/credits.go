package github

import (
	"context"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Credits asks whether the token may read the account's billed AI credits of the month in which day lies.
func (c *Client) Credits(ctx context.Context, account connector.Account, day connector.Date) error {
	base := "organizations/"
	if account.Scope == connector.Enterprise {
		base = "enterprises/"
	}
	month := day.Start()
	_, err := c.get(ctx, "read billed AI credits", fmt.Sprintf("%s%s/settings/billing/ai_credit/usage?year=%d&month=%d",
		base, account.Slug, month.Year(), month.Month()))
	return err
}
