package verify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
)

const (
	warnDaysLeft = 14 // reminders begin here
	maxDaysLeft  = 90 // a leaked token can be used for as long as it lives
)

func (v *verdict) expiry() finding {
	if v.isApp() {
		return v.appExpiry()
	}
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

func (v *verdict) renewShorter() access.Advice {
	return access.Advise("Renew it at %s with an expiry of 90 days or less. A reminder comes 14 days before.", v.tokensPage())
}
