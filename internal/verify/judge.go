package verify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// verdict is evidence together with its one cause, if usage cannot be read.
type verdict struct {
	*evidence
	cause cause
	shown error // GitHub's answer that shows the cause
}

func (e *evidence) verdict() *verdict {
	cause, shown := e.diagnose()
	return &verdict{evidence: e, cause: cause, shown: shown}
}

// checks returns the outcome of every check, in the order in which they are shown.
func (v *verdict) checks() []Check {
	checks := make([]Check, 0, len(subjects))
	for _, judge := range []struct {
		id      CheckID
		finding func() finding
	}{
		{CheckReach, v.reach},
		{CheckToken, v.token},
		{CheckExpiry, v.expiry},
		{CheckPermission, v.permission},
		{CheckSSO, v.sso},
		{CheckAccount, v.account},
		{CheckPolicy, v.policy},
		{CheckUsage, v.usage},
		{CheckUsers, v.users},
		{CheckSeats, v.seatList},
		{CheckBilling, v.billing},
		{CheckTeams, v.teams},
		{CheckOrganizations, v.organizations},
		{CheckBudgets, v.budgetList},
	} {
		checks = append(checks, judge.finding().check(judge.id))
	}
	return checks
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

// known reports whether GitHub has told whose token it is.
func (v *verdict) known() bool { return v.notPAT == nil && v.identityErr == nil }

func (v *verdict) sso() finding {
	if v.isApp() && v.cause != causeSSO {
		return finding{status: Pass, code: CodeOK, title: "Single sign-on does not concern a GitHub App", detail: "Single sign-on does not concern a GitHub App."}
	}
	return v.tokenSSO()
}

func (v *verdict) tokenSSO() finding {
	const required, notAuthorised = "Single sign-on is not authorised for the token", "%s demands SAML single sign-on, and the token is not authorised for it%s."
	switch {
	case v.cause == causeSSO:
		return fail(Code(fault.SSORequired), required, fmt.Sprintf(notAuthorised, capital(v.name()), said(v.shown)), v.authorise(v.name()))
	case v.seatsListPartial():
		return warn(Code(fault.SSOPartial), "Single sign-on of some organizations is not authorised for the token",
			fmt.Sprintf("Organizations of %s demand SAML single sign-on, and the token is not authorised for them%s.", v.name(), why(v.seatsErr)),
			v.authorise("each of them"))
	case !v.known() || v.cause == causeUnreachable || v.cause == causeRateLimited:
		return v.blocked()
	case v.fineGrained():
		return pass("A fine-grained token is authorised when it is made.")
	}
	return pass("GitHub demands no further authorisation of this token.")
}

// authorise returns the advice how to authorise a token for single sign-on.
func (v *verdict) authorise(account string) access.Advice {
	if v.fineGrained() {
		return access.Advise("A fine-grained token is authorised when it is made, so make a new one. %s", v.newToken())
	}
	return access.Advise("%s opens %s, presses \"Configure SSO\" beside this token and authorises it for %s.", capital(v.owner()), v.tokensPage(), account)
}

// seatsListPartial returns the finding that the list of seats lacks organizations that demand single sign-on.
func (v *verdict) seatsListPartial() bool {
	return v.cause == causeNone && fault.Is(v.seatsErr, fault.SSOPartial)
}

func (v *verdict) policy() finding {
	switch v.cause {
	case causeNone:
		return pass("GitHub does not hold usage reports back.")
	case causePolicy:
		return fail(Code(fault.PolicyOff), "The Copilot usage metrics policy is off",
			fmt.Sprintf("The policy \"Copilot usage metrics\" of %s is off%s.", v.name(), said(v.shown)), v.enablePolicy())
	default:
		return v.blocked()
	}
}

func (v *verdict) enablePolicy() access.Advice {
	const enterprise = "AI Controls → Copilot → Billing & usage"
	where := access.Advise("An owner of the enterprise opens "+enterprise+" at %s and sets \"Copilot usage metrics\" to Enabled everywhere.",
		v.page("The enterprise's settings", ""))
	if !v.onEnterprise() {
		where = access.Advise("An owner opens %s and enables \"Copilot usage metrics\". Where the organization belongs to an enterprise, an enterprise "+
			"owner does it in the enterprise's "+enterprise+", for \"Copilot usage metrics\": Enabled everywhere.",
			v.page("The organization's Copilot policies", "/settings/copilot/policies"))
	}
	where.Words += " The older entry \"Copilot metrics API\" does not help. Reports begin on the day after."
	return where
}
