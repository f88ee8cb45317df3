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
		return fail(Code(fault.RateLimited), "GitHub's rate limit is reached",
			fmt.Sprintf("GitHub answers that its rate limit is reached%s, so nothing more was asked.", said(limited)),
			access.Advise("%s", strings.TrimSpace(fmt.Sprintf("Verify again after %s. %s", v.waitUntil(limited), asError(limited).Hint))))
	case v.cause == causeUnreachable:
		return v.unreachable()
	}
	return pass(v.apiHost + " answers.")
}

// waitUntil returns the next whole minute after the wait that an answer asks for.
func (v *verdict) waitUntil(err error) string {
	return v.now.Add(asError(err).RetryAfter).UTC().Truncate(time.Minute).Add(time.Minute).Format("15:04 UTC on 2 January")
}

// askedToWait returns a sentence with the time that the answer asked for. The answer came from something in front of GitHub.
func (v *verdict) askedToWait() string {
	if asError(v.shown).RetryAfter == 0 {
		return ""
	}
	return fmt.Sprintf(" It asks to wait until %s.", v.waitUntil(v.shown))
}

func (v *verdict) unreachable() finding {
	about := ""
	if v.known() {
		about = " for the usage reports"
	}
	detail := fmt.Sprintf("%s gave no usable answer%s%s.", v.apiHost, about, why(v.shown))
	again := access.Advise("Verify again in a few minutes; %s says whether GitHub has trouble. "+
		"If nothing changes, check the host %q and whether the network here lets connections out to it.", statusPage, v.apiHost)
	switch {
	case fault.Is(v.shown, fault.NotGitHub):
		return fail(Code(fault.NotGitHub), "Something between here and GitHub answers in its place", detail,
			access.Advise("The token is not to blame. Ask the people who run the network here to look for a proxy or filter that blocks %s, and to let the connector through.%s",
				v.apiHost, v.askedToWait()))
	case fault.Is(v.shown, fault.OutOfTime):
		return fail(Code(fault.OutOfTime), "GitHub did not answer in time", detail, again)
	case fault.CodeOf(v.shown).Ours():
		return fail(codeOf(v.shown), "Something went wrong here", "The GitHub App could not be used, so GitHub was not asked. The log says why.", again)
	case !fault.CodeOf(v.shown).Transient(): // GitHub never answers GET /user like this
		return fail(Code(fault.Unexpected), "The answer may not come from GitHub", detail, again)
	}
	return fail(codeOf(v.shown), "GitHub cannot be reached", detail, again)
}
