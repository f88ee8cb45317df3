package verify

import "cloudmonitor.ai/copilot-connector/internal/fault"

// cause is why usage reports are not to be had. There is one at most, and each belongs to one check, which fails;
// the checks of what it keeps from being judged are skipped.
type cause int

const (
	causeNone         cause = iota // reports are handed out, though perhaps none is ready
	causeNotPAT                    // token
	causeToken                     // token
	causeSuspended                 // token: the person behind it
	causeUnreachable               // reach
	causeRateLimited               // reach
	causeRules                     // permission: the owners forbid this kind of token, or one that lives so long
	causeKind                      // permission: no token of this kind reads such an account
	causeScope                     // permission: classic, and no scope that opens reports
	causePermission                // permission: fine-grained, or GitHub says so
	causeSSO                       // sso
	causeOtherScope                // account
	causeNoAccount                 // account
	causeRenamed                   // account
	causeOtherAccount              // account: another one has the name now
	causeNoCopilot                 // account
	causeRole                      // account
	causeHidden                    // account: no Copilot, or no right to see it; GitHub does not say which
	causePolicy                    // policy
	causeAddress                   // usage: the account takes no calls from where this program runs
	causeUnexplained               // usage
)

// accountsFault reports whether no other token would fare better.
func (c cause) accountsFault() bool {
	return c == causePolicy || c == causeNoCopilot || c == causeAddress || c == causeRenamed
}

// diagnose finds the cause, and the answer of GitHub that shows it best.
func (e *evidence) diagnose() (cause, error) {
	switch {
	case e.notPAT != nil:
		return causeNotPAT, e.notPAT
	case e.identityErr != nil:
		return e.explainIdentity(), e.identityErr
	case !fault.Granted(e.probeErr):
		return e.explainProbe(), e.probeErr
	case fault.Is(e.organizationErr, fault.Renamed): // whatever the old name still leads to
		return causeRenamed, e.organizationErr
	}
	for _, d := range e.days {
		for _, err := range []error{d.usageErr, d.peopleErr} {
			if fault.Is(err, fault.TokenRefused) {
				return causeToken, err // it was withdrawn meanwhile
			}
		}
	}
	if err := e.otherAccount(); err != nil {
		return causeOtherAccount, err
	}
	if e.anyDay(func(d dayEvidence) bool { return d.linked }) {
		return causeNone, nil
	}
	for _, d := range e.days {
		if fault.RefusesToken(d.usageErr) {
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
	return causeSaid(e.days[0].usageErr, causeUnexplained), e.days[0].usageErr
}

// saidCauses are the causes that an answer names by itself, whatever was asked. Most codes name none.
//
//exhaustive:ignore
var saidCauses = map[fault.Code]cause{
	fault.TokenRefused:  causeToken,
	fault.Suspended:     causeSuspended,
	fault.RateLimited:   causeRateLimited,
	fault.Unreachable:   causeUnreachable,
	fault.NotGitHub:     causeUnreachable,
	fault.OutOfTime:     causeUnreachable,
	fault.SSORequired:   causeSSO,
	fault.PolicyOff:     causePolicy,
	fault.TokenRules:    causeRules,
	fault.TokenLifetime: causeRules,
	fault.IPRefused:     causeAddress,
	fault.Renamed:       causeRenamed,
}

// causeSaid returns the cause that an answer names by itself; if it names none, otherwise it is.
func causeSaid(err error, otherwise cause) cause {
	if cause, ok := saidCauses[fault.CodeOf(err)]; ok {
		return cause
	}
	return otherwise
}
