package verify

import (
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

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

// isOwner reports whether GitHub names the token's owner an owner of the organization.
func (e *evidence) isOwner() bool { return e.role == credential.RoleOwner }

// nobodyHasASeat reports whether GitHub shows that there are neither seats nor a plan.
func (e *evidence) nobodyHasASeat() bool {
	return e.seatsErr == nil && len(e.seats) == 0 && e.accountPlan() == copilot.PlanUnknown
}

// privileged reports whether GitHub shows what it shows to owners and billing managers only.
func (e *evidence) privileged() bool { return e.planErr == nil || e.seatsSeen() }

// entitled reports whether GitHub shows that the token's owner may read everything.
func (e *evidence) entitled() bool { return e.isOwner() || e.privileged() }

func (e *evidence) ownerSeesNoCopilot() bool {
	return e.isOwner() && fault.Is(e.planErr, fault.NotFound) && fault.Is(e.seatsErr, fault.NotFound)
}
