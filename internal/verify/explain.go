package verify

import "cloudmonitor.ai/copilot-connector/internal/fault"

// diagnose returns the cause, and GitHub's answer that shows it best.
func (e *evidence) diagnose() (cause, error) {
	switch {
	case e.notPAT != nil:
		return causeNotPAT, e.notPAT
	case e.identityErr != nil:
		return e.explainIdentity(), e.identityErr
	case !fault.CodeOf(e.probeErr).Granted():
		return e.explainProbe(), e.probeErr
	case fault.Is(e.organizationErr, fault.Renamed): // the old name may still lead to something
		return causeRenamed, e.organizationErr
	}
	for _, d := range e.days {
		for _, err := range []error{d.usageErr, d.peopleErr} {
			if fault.Is(err, fault.TokenRefused) {
				return causeToken, err // it was revoked while we asked
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
		if fault.CodeOf(d.usageErr).RefusesToken() {
			return e.explainRefusal(d.usageErr), d.usageErr
		}
	}
	if e.anyDay(func(d dayEvidence) bool { return fault.Is(d.usageErr, fault.NoReport) }) {
		return causeNone, nil // GitHub says this only to somebody who may read
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

// refusalRules find the cause of a 403 for the reports that names no cause. The first rule that holds decides.
var refusalRules = []struct {
	when  func(e *evidence, code fault.Code) bool
	cause cause
}{
	{func(e *evidence, _ fault.Code) bool { return e.lacksScope() }, causeScope},
	{func(_ *evidence, code fault.Code) bool { return code == fault.Permission }, causePermission},
	{func(e *evidence, _ fault.Code) bool { return e.entitled() }, causeUnexplained}, // the role is not what GitHub objects to
	{func(_ *evidence, code fault.Code) bool { return code == fault.NotPrivileged }, causeRole},
	{func(e *evidence, _ fault.Code) bool { return e.outsider() }, causeRole},
}

// explainRefusal returns the cause of a refusal of the reports.
func (e *evidence) explainRefusal(err error) cause {
	if cause := causeSaid(err, causeNone); cause != causeNone {
		return cause
	}
	code := fault.CodeOf(err)
	for _, rule := range refusalRules {
		if rule.when(e, code) {
			return rule.cause
		}
	}
	return causeUnexplained
}

// explainIdentity returns why GitHub does not say whose token it is. This call names no account, so a redirect cannot mean
// a renamed account: an answer that is none of GitHub's refusals may not come from GitHub at all.
func (e *evidence) explainIdentity() cause {
	switch {
	case e.isApp():
		return e.explainApp()
	case fault.Is(e.identityErr, fault.Renamed):
		return causeUnreachable
	case fault.CodeOf(e.identityErr).RefusesToken():
		return causeSaid(e.identityErr, causeUnexplained)
	default:
		return causeSaid(e.identityErr, causeUnreachable)
	}
}

// explainApp returns why a GitHub App gets no token for the account.
func (e *evidence) explainApp() cause {
	switch {
	case fault.Is(e.identityErr, fault.Permission):
		return causePermission
	case fault.Is(e.identityErr, fault.OtherAccount):
		return causeOtherAccount
	case fault.CodeOf(e.identityErr).RefusesToken():
		return causeSaid(e.identityErr, causeUnexplained)
	}
	return causeSaid(e.identityErr, causeUnreachable)
}

// explainProbe returns the cause for a kind of token that can never read such an account. Rules that the account's owners
// could change do not matter here.
func (e *evidence) explainProbe() cause {
	switch cause := causeSaid(e.probeErr, causeKind); cause {
	case causeRules, causeSSO, causePolicy:
		return causeKind
	default:
		return cause
	}
}

// notFoundRules find what a 404 to every report means by what else GitHub shows of the account: wrong slug, no access, no
// Copilot, or no report yet. The first rule that holds decides.
var notFoundRules = []struct {
	when  func(e *evidence) bool
	cause cause
}{
	{func(e *evidence) bool { return e.newName != "" }, causeRenamed},
	{func(e *evidence) bool { return e.otherScope }, causeOtherScope},
	{func(e *evidence) bool { return !e.exists() && fault.Is(e.organizationErr, fault.NotFound) }, causeNoAccount},
	{(*evidence).lacksScope, causeScope},
	{(*evidence).outsider, causeRole},
	{(*evidence).nobodyHasASeat, causeNoCopilot},
	{(*evidence).privileged, causeNone}, // the person may read reports, so there is none yet
	{(*evidence).fineGrained, causePermission},
	{(*evidence).onEnterprise, causeNoAccount},
	{(*evidence).ownerSeesNoCopilot, causeNoCopilot},
	{(*evidence).isOwner, causeUnexplained}, // the answers that would decide it could not be read
	{func(e *evidence) bool { return fault.Is(e.seatsErr, fault.NotPrivileged) }, causeRole},
}

// explainNotFound returns what a 404 to every report means, and the answer that shows it. A cause that another answer names
// by itself comes first.
func (e *evidence) explainNotFound(notFound error) (cause, error) {
	for _, err := range []error{e.organizationErr, e.roleErr, e.planErr, e.seatsErr} {
		if fault.CodeOf(err).RefusesToken() {
			if cause := causeSaid(err, causeNone); cause != causeNone {
				return cause, err
			}
		}
	}
	for _, rule := range notFoundRules {
		if rule.when(e) {
			switch {
			case rule.cause == causeNone:
				return causeNone, nil
			case rule.cause == causeRole && fault.Is(e.seatsErr, fault.NotPrivileged):
				return causeRole, e.seatsErr // it says more than the 404
			}
			return rule.cause, notFound
		}
	}
	return causeHidden, notFound
}
