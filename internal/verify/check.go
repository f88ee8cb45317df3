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

// subjects holds the title of each check for when it passes or is not judged.
var subjects = map[CheckID]struct{ passed, notJudged string }{
	CheckReach:      {"GitHub can be reached", "GitHub was not asked"},
	CheckToken:      {"GitHub accepts the token", "Whether GitHub accepts the token is not known"},
	CheckExpiry:     {"The token's expiry date is fine", "When the token expires is not known"},
	CheckPermission: {"The token has the permissions it needs, and no more", "The token's permissions were not judged"},
	CheckSSO:        {"Single sign-on is authorised", "Single sign-on was not judged"},
	CheckAccount:    {"The account exists, and the token's owner may read it", "The account was not judged"},
	CheckPolicy:     {"The Copilot usage metrics policy is on", "The Copilot usage metrics policy was not judged"},
	CheckUsage:      {"Usage reports can be read", "Usage reports were not judged"},
	CheckUsers:      {"Per-user reports can be read", "Per-user reports were not judged"},
	CheckSeats:      {"Seats can be read", "Seats were not judged"},
	CheckBilling:    {"Billed AI credits can be read", "Billed AI credits were not judged"},

	CheckTeams:         {"GitHub shows the members of teams", "Whether GitHub shows the members of teams was not judged"},
	CheckOrganizations: {"The bill can be divided by organization and cost center", "Whether the bill can be divided was not judged"},
	CheckBudgets:       {"Budgets can be read", "Budgets were not judged"},
}

// Under returns the check as a veil shows it: without the login of the token's owner, unless people are named.
func (c Check) Under(veil privacy.Veil) Check {
	c.Title, c.Detail = veil.Text(c.Title), veil.Text(c.Detail)
	if c.Remedy != nil {
		c.Remedy = new(veil.Text(*c.Remedy))
	}
	return c
}

// finding is the outcome of one check, without the check's name.
type finding struct {
	status        CheckStatus
	code          Code
	title, detail string // an empty title stands for the check's subject
	advice        access.Advice
}

func pass(detail string) finding { return finding{status: Pass, code: CodeOK, detail: detail} }

func warn(code Code, title, detail string, advice access.Advice) finding {
	return finding{Warn, code, title, detail, advice}
}

func fail(code Code, title, detail string, advice access.Advice) finding {
	return finding{Fail, code, title, detail, advice}
}

// notJudged returns the finding of a check that is left open. The check that failed says what to do.
func notJudged(detail string) finding {
	return finding{status: Skip, code: CodeNotJudged, detail: detail}
}

func (f finding) check(id CheckID) Check {
	c := Check{ID: id, Status: f.status, Code: f.code, Title: f.title, Detail: f.detail, Links: f.advice.Links}
	if c.Title == "" && f.status == Pass {
		c.Title = subjects[id].passed
	} else if c.Title == "" {
		c.Title = subjects[id].notJudged
	}
	if f.advice.Words != "" {
		c.Remedy = &f.advice.Words
	}
	if c.Links == nil {
		c.Links = []access.Link{}
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
