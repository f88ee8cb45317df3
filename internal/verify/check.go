package verify

import "slices"

// CheckID names one of the things Verify tells apart. Their set and order are part of the Admin API.
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
)

// CheckStatus is the outcome of a check.
type CheckStatus string

// The outcomes. Skip: it could not be judged, or something else has to be mended first.
const (
	Pass CheckStatus = "pass"
	Warn CheckStatus = "warn"
	Fail CheckStatus = "fail"
	Skip CheckStatus = "skip"
)

// Check tells one thing about the token or the account: what was found, and what the person must do.
type Check struct {
	ID     CheckID     `json:"id"`
	Status CheckStatus `json:"status"`
	Title  string      `json:"title"` // what holds when it passes
	Detail string      `json:"detail"`
	Remedy *string     `json:"remedy"` // nil on pass
}

//nolint:gosec // G101 takes the word token for one
var titles = map[CheckID]string{
	CheckReach:      "GitHub can be reached",
	CheckToken:      "GitHub accepts the token",
	CheckExpiry:     "The token expires in good time",
	CheckPermission: "The token has the permissions it needs, and no more",
	CheckSSO:        "Single sign-on is authorised",
	CheckAccount:    "The account is there, and the token's owner may read it",
	CheckPolicy:     "The Copilot usage metrics policy is on",
	CheckUsage:      "Usage reports can be read",
	CheckUsers:      "Per-user reports can be read",
	CheckSeats:      "Seats can be read",
	CheckBilling:    "Billed AI credits can be read",
}

// finding is the outcome of one check before it has its name.
type finding struct {
	status         CheckStatus
	detail, remedy string
}

func pass(detail string) finding         { return finding{Pass, detail, ""} }
func warn(detail, remedy string) finding { return finding{Warn, detail, remedy} }
func fail(detail, remedy string) finding { return finding{Fail, detail, remedy} }

// skip leaves a check unjudged; the remedy may be empty where another check has it.
func skip(detail, remedy string) finding { return finding{Skip, detail, remedy} }

func (f finding) check(id CheckID) Check {
	c := Check{ID: id, Status: f.status, Title: titles[id], Detail: f.detail}
	if f.remedy != "" {
		c.Remedy = &f.remedy
	}
	return c
}

func failed(checks []Check) bool {
	return slices.ContainsFunc(checks, func(c Check) bool { return c.Status == Fail })
}
