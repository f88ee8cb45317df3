package verify

import (
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
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
	case e.identityErr != nil:
		return generalCause(e.identityErr, causeToken), e.identityErr
	case e.probeErr != nil && !fault.Is(e.probeErr, fault.NoReport):
		return generalCause(e.probeErr, causeKind), e.probeErr
	}
	for _, d := range e.days {
		for _, err := range []error{d.usageErr, d.peopleErr} {
			if fault.Is(err, fault.TokenRefused) {
				return causeToken, err // it was withdrawn meanwhile
			}
		}
	}
	if e.anyDay(func(d dayEvidence) bool { return d.linked }) {
		return causeNone, nil
	}
	for _, d := range e.days {
		if refused(d.usageErr) {
			return e.explainRefusal(d.usageErr), d.usageErr
		}
	}
	if e.anyDay(func(d dayEvidence) bool { return fault.Is(d.usageErr, fault.NoReport) }) {
		return causeNone, nil // GitHub would not say so to a stranger
	}
	if limited := e.rateLimited(); limited != nil {
		return causeRateLimited, limited
	}
	for _, d := range e.days {
		if fault.Is(d.usageErr, fault.NotFound) {
			return e.explainNotFound(d.usageErr)
		}
	}
	return generalCause(e.days[0].usageErr, causeUnexplained), e.days[0].usageErr
}

// generalCause finds the causes that have nothing to do with what was asked; if it is none of them, otherwise it is.
func generalCause(err error, otherwise cause) cause {
	switch fault.CodeOf(err) {
	case fault.TokenRefused:
		return causeToken
	case fault.RateLimited:
		return causeRateLimited
	case fault.Unreachable, fault.NotGitHub, fault.OutOfTime:
		return causeUnreachable
	case fault.Unexpected:
		if otherwise == causeToken { // the first answer of all: it may not be GitHub that gave it
			return causeUnreachable
		}
	}
	return otherwise
}

// explainRefusal tells what a refusal of the reports comes from.
func (e *evidence) explainRefusal(err error) cause {
	switch code := fault.CodeOf(err); {
	case code == fault.SSORequired:
		return causeSSO
	case code == fault.PolicyOff:
		return causePolicy
	case code == fault.TokenRules, code == fault.TokenLifetime:
		return causeRules
	case e.lacksScope():
		return causeScope
	case code == fault.Permission:
		return causePermission
	case e.role == credential.RoleOwner: // whatever GitHub objects to, it is not the role
		return causeUnexplained
	case code == fault.NotPrivileged, e.outsider():
		return causeRole
	}
	return causeUnexplained
}

// explainNotFound settles what a 404 to every report means, by what else GitHub shows of the account: wrong slug,
// no access, no Copilot, or no report yet.
func (e *evidence) explainNotFound(notFound error) (cause, error) {
	for _, err := range []error{e.organizationErr, e.roleErr, e.planErr, e.seatsErr} {
		switch fault.CodeOf(err) {
		case fault.SSORequired:
			return causeSSO, err
		case fault.TokenRules:
			return causeRules, err
		}
	}
	switch {
	case e.otherScope:
		return causeOtherScope, notFound
	case !e.exists() && fault.Is(e.organizationErr, fault.NotFound):
		return causeNoAccount, notFound
	case e.lacksScope():
		return causeScope, notFound
	case e.outsider():
		return causeRole, notFound
	case e.seatsErr == nil && len(e.seats) == 0 && e.accountPlan() == copilot.PlanUnknown:
		return causeNoCopilot, notFound
	case e.planErr == nil || e.seatsSeen():
		return causeNone, nil // only owners and billing managers are shown these, and they may read reports: there is none yet
	case e.fineGrained():
		return causePermission, notFound
	case e.onEnterprise():
		return causeNoAccount, notFound
	case e.role == credential.RoleOwner && fault.Is(e.planErr, fault.NotFound) && fault.Is(e.seatsErr, fault.NotFound):
		return causeNoCopilot, notFound
	case e.role == credential.RoleOwner:
		return causeUnexplained, notFound // what would settle it could not be read
	case fault.Is(e.seatsErr, fault.NotPrivileged):
		return causeRole, e.seatsErr
	}
	return causeHidden, notFound
}
