package verify

import (
	"fmt"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func (v *verdict) reach() finding {
	limited := v.rateLimited()
	switch {
	case v.cause == causeNotPAT:
		return v.blocked()
	case limited != nil:
		at := v.now.Add(asError(limited).RetryAfter).UTC().Truncate(time.Minute).Add(time.Minute)
		return fail(Code(fault.RateLimited), "GitHub's rate limit is reached",
			fmt.Sprintf("GitHub answers that its rate limit is reached%s, so nothing more was asked.", said(limited)),
			access.Advise("%s", strings.TrimSpace(fmt.Sprintf("Verify again after %s. %s", at.Format("15:04 UTC on 2 January"), asError(limited).Hint))))
	case v.cause == causeUnreachable:
		return v.unreachable()
	}
	return pass(v.apiHost + " answers.")
}

func (v *verdict) unreachable() finding {
	about := ""
	if v.known() {
		about = " for the usage reports"
	}
	detail := fmt.Sprintf("%s gave no usable answer%s%s.", v.apiHost, about, why(v.shown))
	again := access.Advise("Verify again in a few minutes; %s tells whether GitHub has trouble. "+
		"If it stays so, check the host %q and whether the network here lets connections out to it.", statusPage, v.apiHost)
	switch {
	case fault.Is(v.shown, fault.NotGitHub):
		return fail(Code(fault.NotGitHub), "Something between here and GitHub answers in its place", detail,
			access.Advise("The token is not to blame. Whoever runs the network here looks for a proxy or filter that blocks %s, and lets the connector through.", v.apiHost))
	case fault.Is(v.shown, fault.OutOfTime):
		return fail(Code(fault.OutOfTime), "GitHub did not answer in time", detail, again)
	case fault.Is(v.shown, fault.Unexpected):
		return fail(Code(fault.Unexpected), "What answers may not be GitHub", detail, again)
	}
	return fail(codeOf(v.shown), "GitHub cannot be reached", detail, again)
}

func (v *verdict) token() finding {
	switch v.cause {
	case causeNotPAT:
		return fail(Code(fault.NotPAT), "This is not a personal access token of GitHub", asError(v.notPAT).Hint+" It was not sent anywhere.", v.newToken())
	case causeToken:
		return v.tokenRefused()
	case causeSuspended:
		return fail(Code(fault.Suspended), "GitHub has suspended the person behind the token",
			fmt.Sprintf("GitHub has suspended %s%s. No token of this person works until GitHub lifts that.", v.owner(), said(v.shown)),
			access.Advise("Use a personal access token of somebody else. %s Or the person asks %s to lift the suspension.", v.newToken(), supportPage))
	default: // it is not the token itself
	}
	switch {
	case !v.known():
		return v.blocked()
	case v.fineGrained():
		return pass(fmt.Sprintf("It is a fine-grained personal access token of @%s.", v.identity.Login))
	}
	return pass(fmt.Sprintf("It is a classic personal access token of @%s.", v.identity.Login))
}

func (v *verdict) tokenRefused() finding {
	if fault.Is(v.shown, fault.TokenRefused) {
		return fail(Code(fault.TokenRefused), "GitHub refuses the token",
			fmt.Sprintf("GitHub refuses the token%s. It is mistyped, was revoked, or has expired.", said(v.shown)), v.newToken())
	}
	return fail(CodeOwnerNotTold, "GitHub does not tell whose token it is",
		fmt.Sprintf("GitHub does not even tell this token who its owner is%s.", said(v.shown)), v.newToken())
}
