package verify

import (
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

// cause is why usage reports are not to be had. There is one at most, and each belongs to one check, which fails;
// the checks of what it keeps from being judged are skipped.
type cause int

const (
	causeNone        cause = iota // reports are handed out, though perhaps none is ready
	causeNotPAT                   // token
	causeToken                    // token
	causeUnreachable              // reach
	causeRateLimited              // reach
	causeRules                    // permission: the account's owners forbid this kind of token
	causeKind                     // permission: fine-grained on an enterprise
	causeScope                    // permission: classic, and no scope that opens reports
	causePermission               // permission: fine-grained, or GitHub says so
	causeSSO                      // sso
	causeOtherScope               // account
	causeNoAccount                // account
	causeNoCopilot                // account
	causeRole                     // account
	causeHidden                   // account: no Copilot, or no right to see it; GitHub does not say which
	causePolicy                   // policy
	causeUnexplained              // usage
)

// diagnose finds the cause, and the answer of GitHub that shows it best.
func (e *evidence) diagnose() (cause, error) {
	switch {
	case e.notPAT != nil:
		return causeNotPAT, e.notPAT
	case connector.Is(e.identityErr, connector.CodeRateLimited):
		return causeRateLimited, e.identityErr
	case connector.Is(e.identityErr, connector.CodeUnreachable, connector.CodeOutOfTime, connector.CodeUnexpected):
		return causeUnreachable, e.identityErr
	case e.identityErr != nil:
		return causeToken, e.identityErr
	case e.anyDay(func(d dayEvidence) bool { return d.usage != nil }):
		return causeNone, nil
	}
	// No day was read. A refusal says most, then that GitHub says it has no report: it would not say so to a stranger.
	for _, d := range e.days {
		if refused(d.usageErr) {
			return e.explainRefusal(d.usageErr), d.usageErr
		}
	}
	if e.anyDay(func(d dayEvidence) bool { return handedOut(d.usageErr) }) {
		return causeNone, nil
	}
	if limited := e.rateLimited(); limited != nil {
		return causeRateLimited, limited
	}
	for _, d := range e.days {
		if connector.Is(d.usageErr, connector.CodeUnreachable, connector.CodeOutOfTime) {
			return causeUnreachable, d.usageErr
		}
	}
	for _, d := range e.days {
		if !connector.Is(d.usageErr, connector.CodeNotFound) {
			return causeUnexplained, d.usageErr
		}
	}
	return e.explainNotFound(), e.days[0].usageErr
}

// handedOut says that GitHub let the token in, whatever came of the report then.
func handedOut(err error) bool {
	return connector.Is(err, connector.CodeNoReport, connector.CodeReportBroken, connector.CodeReportHost, connector.CodeLinkRefused)
}

// explainRefusal tells what a refusal of the reports comes from.
func (e *evidence) explainRefusal(err error) cause {
	kind := e.fineGrained() && e.onEnterprise()
	switch code := connector.CodeOf(err); {
	case code == connector.CodeTokenRefused:
		return causeToken
	case code == connector.CodeSSORequired:
		return causeSSO
	case code == connector.CodePolicyOff:
		return causePolicy
	case kind:
		return causeKind
	case code == connector.CodeTokenRules:
		return causeRules
	case e.lacksScope():
		return causeScope
	case code == connector.CodePermission:
		return causePermission
	case e.role == connector.RoleOwner: // whatever GitHub objects to, it is not the role
		return causeUnexplained
	case code == connector.CodeNotPrivileged, e.outsider():
		return causeRole
	}
	return causeUnexplained
}

// explainNotFound settles what a 404 to every report means, by what else GitHub shows of the account: wrong slug,
// no access, no Copilot, or no report yet.
func (e *evidence) explainNotFound() cause {
	for _, err := range []error{e.organizationErr, e.roleErr, e.planErr, e.seatsErr} {
		if connector.Is(err, connector.CodeSSORequired) {
			return causeSSO
		}
	}
	switch {
	case e.fineGrained() && e.onEnterprise():
		return causeKind
	case e.otherScope:
		return causeOtherScope
	case !e.exists() && connector.Is(e.organizationErr, connector.CodeNotFound):
		return causeNoAccount
	case e.lacksScope():
		return causeScope
	case e.outsider():
		return causeRole
	case e.seatsErr == nil && len(e.seats) == 0 && e.accountPlan() == cost.UnknownPlan:
		return causeNoCopilot
	case e.planErr == nil || e.seatsSeen():
		return causeNone // only owners and billing managers are shown these, and they may read reports: there is none yet
	case connector.Is(e.seatsErr, connector.CodeNotPrivileged):
		return causeRole
	case e.fineGrained():
		return causePermission
	case e.onEnterprise():
		return causeNoAccount
	case e.role == connector.RoleOwner && connector.Is(e.planErr, connector.CodeNotFound) && connector.Is(e.seatsErr, connector.CodeNotFound):
		return causeNoCopilot
	}
	return causeHidden
}
