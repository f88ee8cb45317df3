package verify

import (
	"fmt"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// verdict is evidence with the one cause that keeps usage from being read, if any.
type verdict struct {
	*evidence
	cause cause
	shown error // GitHub's answer that shows the cause
}

func (e *evidence) verdict() *verdict {
	cause, shown := e.diagnose()
	return &verdict{evidence: e, cause: cause, shown: shown}
}

// checks lists the outcome of every check, in their order.
func (v *verdict) checks() []Check {
	checks := make([]Check, 0, len(titles))
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
	} {
		checks = append(checks, judge.finding().check(judge.id))
	}
	return checks
}

// blocked is what a check says that another one keeps from being judged.
func (v *verdict) blocked() finding {
	switch v.cause {
	case causeNotPAT:
		return skip("Not asked: the string was not sent anywhere.", "")
	case causeUnreachable, causeRateLimited:
		return skip("Not judged: GitHub gave no usable answer.", "")
	}
	return skip("Not judged: what failed comes first.", "")
}

// known says whether GitHub has told whose token it is.
func (v *verdict) known() bool { return v.notPAT == nil && v.identityErr == nil }

func (v *verdict) reach() finding {
	limited := v.rateLimited()
	switch {
	case v.cause == causeNotPAT:
		return v.blocked()
	case limited != nil:
		at := v.now.Add(asError(limited).RetryAfter).UTC().Truncate(time.Minute).Add(time.Minute)
		return fail(
			fmt.Sprintf("GitHub answers that its rate limit is reached%s, so nothing more was asked.", said(limited)),
			strings.TrimSpace(fmt.Sprintf("Verify again after %s. %s", at.Format("15:04 UTC on 2 January"), asError(limited).Hint)))
	case v.cause == causeUnreachable && v.known():
		return fail(
			fmt.Sprintf("%s gives no usable answer for the usage reports%s.", v.apiName(), why(v.shown)),
			"Verify again in a few minutes; https://www.githubstatus.com tells whether GitHub has trouble.")
	case v.cause == causeUnreachable:
		return fail(
			fmt.Sprintf("%s gave no usable answer%s.", v.apiName(), why(v.shown)),
			fmt.Sprintf("Verify again in a few minutes; https://www.githubstatus.com tells whether GitHub has trouble. "+
				"If it stays so, check the host %q and whether the network here lets connections out to it.", v.request.Account.Host))
	}
	return pass(v.apiName() + " answers.")
}

func (v *verdict) apiName() string { return "api." + v.request.Account.Host }

func (v *verdict) token() finding {
	switch {
	case v.cause == causeNotPAT:
		return fail(asError(v.notPAT).Hint+" It was not sent anywhere.", v.newToken())
	case v.cause == causeToken && fault.Is(v.shown, fault.TokenRefused):
		return fail(fmt.Sprintf("GitHub refuses the token%s. It is mistyped, was revoked, or has expired.", said(v.shown)), v.newToken())
	case v.cause == causeToken:
		return fail(fmt.Sprintf("GitHub does not even tell this token who its owner is%s.", said(v.shown)), v.newToken())
	case !v.known():
		return v.blocked()
	case v.fineGrained():
		return pass(fmt.Sprintf("It is a fine-grained personal access token of @%s.", v.identity.Login))
	}
	return pass(fmt.Sprintf("It is a classic personal access token of @%s.", v.identity.Login))
}

const (
	warnDaysLeft = 14 // reminders begin here
	maxDaysLeft  = 90 // longer lives are more time for a leaked token
)

func (v *verdict) expiry() finding {
	shorter := "Renew it at " + v.tokensPage() + " with an expiry of 90 days or less. A reminder comes 14 days before."
	at := v.identity.ExpiresAt
	switch {
	case v.identity.ExpiryUnreadable:
		return warn("GitHub names an expiry in a form that is not understood, so no reminder can be timed by it.",
			"Look the date up at "+v.tokensPage()+" and renew the token before it.")
	case at == nil && !v.known():
		return v.blocked()
	case at == nil:
		return warn("The token never expires. Whoever gets hold of it can use it for ever.", shorter)
	case !at.After(v.now):
		return fail("The token expired on "+date(*at)+".", v.newToken())
	}
	left := fmt.Sprintf("The token expires on %s, in %s.", date(*at), days(v.daysLeft()))
	switch {
	case v.daysLeft() <= warnDaysLeft:
		return warn(left, "Renew it now at "+v.tokensPage()+" and paste the new one; this one stops working on that day.")
	case v.daysLeft() > maxDaysLeft:
		return warn(left+" That is more than 90 days.", shorter)
	}
	return pass(left)
}

func (v *verdict) sso() finding {
	configure := fmt.Sprintf("@%s opens %s, presses \"Configure SSO\" beside this token and authorises it for ", v.identity.Login, v.tokensPage())
	switch {
	case v.cause == causeSSO && v.fineGrained():
		return fail(fmt.Sprintf("%s demands SAML single sign-on, and the token is not authorised for it%s.", capital(v.name()), said(v.shown)),
			"A fine-grained token is authorised when it is made, so make a new one. "+v.newToken())
	case v.cause == causeSSO:
		return fail(fmt.Sprintf("%s demands SAML single sign-on, and the token is not authorised for it%s.", capital(v.name()), said(v.shown)),
			configure+v.name()+".")
	case v.seatsListPartial():
		return warn(fmt.Sprintf("Organizations of %s demand SAML single sign-on, and the token is not authorised for them%s.", v.name(), why(v.seatsErr)),
			configure+"each of them.")
	case !v.known() || v.cause == causeUnreachable || v.cause == causeRateLimited:
		return v.blocked()
	case v.fineGrained():
		return pass("A fine-grained token is authorised when it is made.")
	}
	return pass("GitHub demands no further authorisation of this token.")
}

// seatsListPartial says that GitHub left organizations out of the list of seats that demand single sign-on.
func (v *verdict) seatsListPartial() bool {
	return v.cause == causeNone && fault.Is(v.seatsErr, fault.SSOPartial)
}

func (v *verdict) policy() finding {
	switch v.cause {
	case causeNone:
		return pass("GitHub does not hold usage reports back.")
	case causePolicy:
	default:
		return v.blocked()
	}
	return fail(fmt.Sprintf("The policy \"Copilot usage metrics\" of %s is off%s.", v.name(), said(v.shown)), v.enablePolicy())
}

func (v *verdict) enablePolicy() string {
	where := "An owner of the enterprise opens AI Controls → Copilot → Billing & usage and sets \"Copilot usage metrics\" to Enabled everywhere."
	if !v.onEnterprise() {
		where = fmt.Sprintf("An owner opens https://%s/organizations/%s/settings/copilot/policies and enables \"Copilot usage metrics\". "+
			"Where the organization belongs to an enterprise, an enterprise owner does it in the enterprise's AI Controls → Copilot → "+
			"Billing & usage, for \"Copilot usage metrics\": Enabled everywhere.", v.request.Account.Host, v.request.Account.Slug)
	}
	return where + " The older entry \"Copilot metrics API\" does not help. Reports begin on the day after."
}
