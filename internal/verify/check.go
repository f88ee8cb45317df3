package verify

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
)

// CheckID names one thing that Verify judges. The set of ids and their order are part of the Admin API.
type CheckID string

// The checks, in the order in which they are shown.
const (
	CheckReach      CheckID = "reach"
	CheckToken      CheckID = "token"
	CheckExpiry     CheckID = "expiry"
	CheckPermission CheckID = "permission"
	CheckSSO        CheckID = "sso"
	CheckAccount    CheckID = "account"
	CheckPolicy     CheckID = "policy"
	CheckUsage      CheckID = "usage"
	CheckUsers      CheckID = "users"
	CheckSeats      CheckID = "seats"
	CheckBilling    CheckID = "billing"

	CheckTeams         CheckID = "teams"
	CheckOrganizations CheckID = "organizations"
	CheckBudgets       CheckID = "budgets"
)

// CheckStatus is the outcome of a check.
type CheckStatus string

// The outcomes. Skip means that the check could not be judged, or that something else must be mended first.
const (
	Pass CheckStatus = "pass"
	Warn CheckStatus = "warn"
	Fail CheckStatus = "fail"
	Skip CheckStatus = "skip"
)

// Check tells one thing about the token or the account: what was found, and what the person must do.
type Check struct {
	ID     CheckID       `json:"id"`
	Status CheckStatus   `json:"status"`
	Code   Code          `json:"code"`
	Title  string        `json:"title"` // the outcome, in a few words
	Detail string        `json:"detail"`
	Remedy *string       `json:"remedy"` // nil on pass
	Links  []access.Link `json:"links"`  // every address that the remedy speaks of
}

// Under returns the check as a veil shows it: without the login of the token's owner, unless people are named.
func (c Check) Under(veil privacy.Veil) Check {
	c.Title, c.Detail = veil.Text(c.Title), veil.Text(c.Detail)
	if c.Remedy != nil {
		c.Remedy = new(veil.Text(*c.Remedy))
	}
	return c
}

// Lost returns the check as failed, because the token in use can read this and the new token cannot. The cause stays
// as the check tells it. wanted is the advice for a new token that lacks the right.
func (c Check) Lost(what access.Capability, wanted access.Wanted) Check {
	c.Status, c.Title = Fail, "The new token cannot read "+what.Words()
	c.Detail = "The token in use can read this, the new one cannot. " + c.Detail
	if c.Code == CodeScopeMissing || fault.CodeOf(&fault.Error{Code: fault.Code(c.Code)}).LacksRight() || c.Remedy == nil {
		advice := wanted.Instructions()
		c.Remedy, c.Links = &advice.Words, advice.Links
	}
	return c
}

func failed(checks []Check) bool {
	return slices.ContainsFunc(checks, func(c Check) bool { return c.Status == Fail })
}
