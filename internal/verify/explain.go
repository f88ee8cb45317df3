package verify

import (
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// refusalRules tell what a 403 for the reports comes from that does not name its cause. They are tried from the top: the
// first that holds decides.
var refusalRules = []struct {
	when  func(e *evidence, code fault.Code) bool
	cause cause
}{
	{func(e *evidence, _ fault.Code) bool { return e.lacksScope() }, causeScope},
	{func(_ *evidence, code fault.Code) bool { return code == fault.Permission }, causePermission},
	{func(e *evidence, _ fault.Code) bool { return e.entitled() }, causeUnexplained}, // whatever GitHub objects to, it is not the role
	{func(_ *evidence, code fault.Code) bool { return code == fault.NotPrivileged }, causeRole},
	{func(e *evidence, _ fault.Code) bool { return e.outsider() }, causeRole},
}

// explainRefusal tells what a refusal of the reports comes from.
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

// explainIdentity tells why GitHub does not say whose token it is. No account was asked for, so it cannot have been renamed:
// an answer that is none of GitHub's refusals may not be GitHub's at all.
func (e *evidence) explainIdentity() cause {
	switch {
	case fault.Is(e.identityErr, fault.Renamed):
		return causeUnreachable
	case fault.RefusesToken(e.identityErr):
		return causeSaid(e.identityErr, causeUnexplained)
	default:
		return causeSaid(e.identityErr, causeUnreachable)
	}
}

// explainProbe tells what keeps a token of a kind that reads no such account from being let in. What the account's owners
// could change about it is beside the point.
func (e *evidence) explainProbe() cause {
	switch cause := causeSaid(e.probeErr, causeKind); cause {
	case causeRules, causeSSO, causePolicy:
		return causeKind
	default:
		return cause
	}
}

// notFoundRules tell what a 404 to every report means, by what else GitHub shows of the account: wrong slug, no access, no
// Copilot, or no report yet. They are tried from the top: the first that holds decides.
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
	{(*evidence).privileged, causeNone}, // such people may read reports: there is none yet
	{(*evidence).fineGrained, causePermission},
	{(*evidence).onEnterprise, causeNoAccount},
	{(*evidence).ownerSeesNoCopilot, causeNoCopilot},
	{(*evidence).isOwner, causeUnexplained}, // what would settle it could not be read
	{func(e *evidence) bool { return fault.Is(e.seatsErr, fault.NotPrivileged) }, causeRole},
}

// explainNotFound settles what a 404 to every report means, and which answer shows it. What another answer names by itself
// comes first.
func (e *evidence) explainNotFound(notFound error) (cause, error) {
	for _, err := range []error{e.organizationErr, e.roleErr, e.planErr, e.seatsErr} {
		if fault.RefusesToken(err) {
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
				return causeRole, e.seatsErr // which says more
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
