package verify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func (v *verdict) token() finding {
	switch v.cause {
	case causeNotPAT:
		return fail(Code(fault.NotPAT), "This is not a personal access token of GitHub", asError(v.notPAT).Hint+" It was not sent anywhere.", v.anotherPasted())
	case causeToken:
		return fail(Code(fault.TokenRefused), "GitHub refuses the token",
			fmt.Sprintf("GitHub refuses the token%s. It is mistyped, was revoked, or has expired.", said(v.shown)), v.newToken())
	case causeSuspended:
		return fail(Code(fault.Suspended), "GitHub has suspended the person behind the token",
			fmt.Sprintf("GitHub has suspended %s%s. No token of this person works until GitHub lifts that.", v.owner(), said(v.shown)),
			v.othersToken())
	default: // the token itself is not the cause
	}
	switch {
	case !v.known():
		return v.blocked()
	case v.fineGrained():
		return pass(fmt.Sprintf("It is a fine-grained personal access token of @%s.", v.identity.Login))
	}
	return pass(fmt.Sprintf("It is a classic personal access token of @%s.", v.identity.Login))
}

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

const (
	warnDaysLeft = 14 // reminders begin here
	maxDaysLeft  = 90 // a leaked token can be used for as long as it lives
)

func (v *verdict) expiry() finding {
	at := v.identity.ExpiresAt
	switch {
	case v.identity.ExpiryUnreadable:
		return warn(CodeExpiryUnreadable, "When the token expires cannot be read",
			"GitHub names an expiry in a form that is not understood, so no reminder can be timed by it.",
			access.Advise("Look the date up at %s and renew the token before it.", v.tokensPage()))
	case v.identity.ExpiryDisproved != nil:
		return warn(CodeExpiryDisproved, "The token works although GitHub says that it has expired",
			fmt.Sprintf("GitHub's header says that the token expires on %s, and GitHub accepts it all the same. We ignore this date. "+
				"You get reminders as for a token without an expiry.", v.identity.ExpiryDisproved.UTC().Format("2 January 2006 at 15:04:05 UTC")),
			access.Advise("Look the date up at %s, and renew the token before it.", v.tokensPage()))
	case at == nil && !v.known():
		return v.blocked()
	case at == nil:
		return warn(CodeNeverExpires, "The token never expires", "The token never expires. Whoever gets hold of it can use it for ever.", v.renewShorter())
	case !at.After(v.now):
		return fail(CodeExpired, "The token has expired", "The token expired on "+date(*at)+".", v.newToken())
	}
	left := fmt.Sprintf("The token expires on %s, in %s.", date(*at), days(v.daysLeft()))
	switch {
	case v.daysLeft() <= warnDaysLeft:
		return warn(CodeExpiresSoon, "The token expires soon", left,
			access.Advise("Renew it now at %s and paste the new one; this one stops working on that day.", v.tokensPage()))
	case v.daysLeft() > maxDaysLeft:
		return warn(CodeExpiresLate, "The token lives longer than 90 days", left+" That is more than 90 days.", v.renewShorter())
	}
	return pass(left)
}
