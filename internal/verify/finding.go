package verify

import "cloudmonitor.ai/copilot-connector/internal/access"

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

// blocked returns the finding of a check that cannot be judged because another check failed.
func (v *verdict) blocked() finding {
	switch v.cause {
	case causeNotPAT:
		return notJudged("Not asked: the string was not sent anywhere.")
	case causeUnreachable, causeRateLimited:
		return notJudged("Not judged: GitHub gave no usable answer.")
	default:
		return notJudged("Not judged: mend the failed check first.")
	}
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
