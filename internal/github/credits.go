package github

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

// maxBillItems bounds the rows of a month's bill: one for each product, SKU and model.
const maxBillItems = 10_000

// bill is GitHub's usage report of AI credits. The fields that say which account and time it covers are read one by one. Each
// may be missing. A field of an unforeseen shape means that the bill is not the one we asked for.
type bill struct {
	Period       map[string]json.RawMessage `json:"timePeriod"`
	Organization json.RawMessage            `json:"organization"`
	Enterprise   json.RawMessage            `json:"enterprise"`
	User         json.RawMessage            `json:"user"`
	Model        json.RawMessage            `json:"model"`
	CostCenter   json.RawMessage            `json:"costCenter"`
	Items        *[]cost.CreditItem         `json:"usageItems"`
}

// billing is the path of an account's billing.
func billing(account copilot.Account) string {
	if account.Scope == copilot.Enterprise {
		return "enterprises/" + account.Slug + "/settings/billing/"
	}
	return "organizations/" + account.Slug + "/settings/billing/"
}

// Credits reads the account's billed AI credits of the month in which day lies. fault.ReportBroken says that GitHub answered with
// the bill of another month or account, or with a part of the bill.
func (c *Client) Credits(ctx context.Context, account copilot.Account, day calendar.Date) (*cost.CreditBill, error) {
	return c.credits(ctx, account, day, cost.PartBill{})
}

// CreditsOf reads what of an enterprise's bill is billed to one cost center, which has an id, or else to one organization.
func (c *Client) CreditsOf(ctx context.Context, enterprise copilot.Account, day calendar.Date, part cost.PartBill) (*cost.CreditBill, error) {
	return c.credits(ctx, enterprise, day, part)
}

func (c *Client) credits(ctx context.Context, account copilot.Account, day calendar.Date, part cost.PartBill) (*cost.CreditBill, error) {
	const op = "read billed AI credits"
	month := day.Start()
	path := fmt.Sprintf("%sai_credit/usage?year=%d&month=%d", billing(account), month.Year(), month.Month())
	switch {
	case part.ID != "":
		path += "&cost_center_id=" + url.QueryEscape(part.ID)
	case part.Name != "":
		path += "&organization=" + url.QueryEscape(part.Name)
	}
	var b bill
	_, err := c.getJSON(ctx, op, path, &b)
	switch {
	case err != nil:
		return nil, err
	case b.Items == nil:
		return nil, unexpected(op, "its answer holds no usageItems")
	case len(*b.Items) > maxBillItems:
		return nil, unexpected(op, "it has more rows than any bill")
	case !b.isOf(month.Year(), int(month.Month())):
		return nil, brokenReport(op, "GitHub answered with the bill of another time than "+month.Format("January 2006"))
	case !b.isOfAccount(account, part):
		return nil, brokenReport(op, "GitHub answered with the bill of another account")
	case !b.isWhole(part):
		return nil, brokenReport(op, "GitHub answered with a part of the bill only")
	}
	for i := range *b.Items {
		item := &(*b.Items)[i]
		item.Product, item.SKU, item.Model, item.UnitType = c.quote(item.Product), c.quote(item.SKU), c.quote(item.Model), c.quote(item.UnitType)
	}
	return &cost.CreditBill{Items: *b.Items}, nil
}

// isOf reports whether the bill is of the month. A bill that names no month is taken for the one we asked for.
func (b *bill) isOf(year, month int) bool {
	if b.Period == nil {
		return true
	}
	day := b.Period["day"]
	return isNumber(b.Period["year"], year) && isNumber(b.Period["month"], month) && (day == nil || string(day) == "null")
}

// isWhole reports whether the bill covers every person and model, and every cost center or the one that was asked for. A bill
// of the product Copilot alone is whole too, because nothing else is read.
func (b *bill) isWhole(part cost.PartBill) bool {
	return named(b.User) == "" && named(b.Model) == "" && (named(b.CostCenter) == "" || b.isOfCenter(part))
}

func (b *bill) isOfCenter(part cost.PartBill) bool {
	center := value[costCenter](b.CostCenter)
	return part.ID != "" && center.ID == part.ID
}

// isNumber reports whether a field is the number. The field may hold it as a string.
func isNumber(field json.RawMessage, number int) bool {
	text := string(field)
	if word := value[string](field); word != "" {
		text = word
	}
	given, err := strconv.Atoi(text)
	return err == nil && given == number
}

// isOfAccount reports whether the bill names the account, or no account. If an enterprise's bill also names an organization,
// it covers this organization only, which must be the part that was asked for.
func (b *bill) isOfAccount(account copilot.Account, part cost.PartBill) bool {
	organization, enterprise := named(b.Organization), named(b.Enterprise)
	if account.Scope == copilot.Enterprise {
		asked := part.ID == "" && part.Name != "" && strings.EqualFold(organization, part.Name)
		return (organization == "" || asked) && (enterprise == "" || strings.EqualFold(enterprise, account.Slug) || slugOf(enterprise) == strings.ToLower(account.Slug))
	}
	return strings.EqualFold(organization, account.Slug) || organization == "" && enterprise == ""
}

// unnamed stands for a value that is not a name. No account can have it as its name.
const unnamed = "?"

// named reads a field that holds a name. It returns "" if the field is absent or null.
func named(field json.RawMessage) string {
	if len(field) == 0 || string(field) == "null" {
		return ""
	}
	if name := value[string](field); name != "" {
		return name
	}
	return unnamed
}

// slugOf returns the slug that GitHub makes of an enterprise's display name.
func slugOf(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-")
}
