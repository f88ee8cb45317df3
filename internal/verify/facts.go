package verify

import (
	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// known reports whether GitHub has told whose token it is.
func (e *evidence) known() bool { return e.notPAT == nil && e.identityErr == nil }

// exists reports whether GitHub has shown anything of the account.
func (e *evidence) exists() bool {
	return e.isApp() && e.identityErr == nil || e.organizationErr == nil || e.planErr == nil || e.seatsSeen() ||
		e.role == credential.RoleOwner || e.role == credential.RoleMember || e.role == credential.RoleInvited
}

// seatsSeen reports whether GitHub shows the seats, some of them, or at least their number.
func (e *evidence) seatsSeen() bool {
	return e.seatsErr == nil || e.seated > 0 || fault.Is(e.seatsErr, fault.SSOPartial)
}

// outsider reports whether GitHub named the role of the token's owner, and this role does not open reports by itself.
// A fine-grained token that may not see memberships can get the answer that there is no membership.
func (e *evidence) outsider() bool {
	return e.role == credential.RoleMember || e.role == credential.RoleInvited || e.role == credential.RoleNone && !e.fineGrained()
}

// isOwner reports whether GitHub names the token's owner an owner of the organization.
func (e *evidence) isOwner() bool { return e.role == credential.RoleOwner }

// privileged reports whether GitHub shows what it shows to owners and billing managers only.
func (e *evidence) privileged() bool { return e.planErr == nil || e.seatsSeen() }

// entitled reports whether GitHub shows that the token's owner may read everything.
func (e *evidence) entitled() bool { return e.isOwner() || e.privileged() }

// nobodyHasASeat reports whether GitHub shows that there are neither seats nor a plan.
func (e *evidence) nobodyHasASeat() bool {
	return e.seatsErr == nil && len(e.seats) == 0 && e.accountPlan() == copilot.PlanUnknown
}

func (e *evidence) ownerSeesNoCopilot() bool {
	return e.isOwner() && fault.Is(e.planErr, fault.NotFound) && fault.Is(e.seatsErr, fault.NotFound)
}

// lacksScope reports whether GitHub named the scopes of a classic token and none of them opens usage reports.
func (e *evidence) lacksScope() bool {
	return access.Held{Scope: e.request.Account.Scope, Kind: e.kind, Grants: e.identity.Scopes}.Lacks(access.Usage)
}

// onlyNotFound reports whether GitHub answered every request for a report by 404, which it may also do to hide reports.
func (e *evidence) onlyNotFound() bool {
	return !e.anyDay(func(d dayEvidence) bool { return !fault.Is(d.usageErr, fault.NotFound) })
}

// unproved reports whether nothing has shown yet whose installation it is. A fault of the account can be the reason.
func (e *evidence) unproved() bool { return e.bound() && e.installation().AccountID == "" }

// accountPlan returns the plan that GitHub names for the organization, else the highest plan among its seats.
func (e *evidence) accountPlan() copilot.Plan {
	if e.planErr == nil && e.plan != copilot.PlanUnknown {
		return e.plan
	}
	return seat.HighestPlan(e.seats)
}

// daysLeft returns the whole periods of 24 hours until the token expires, and 0 after that.
func (e *evidence) daysLeft() int {
	return calendar.DaysLeft(*e.identity.ExpiresAt, e.now)
}

// rateLimited returns the first answer that was a rate limit, or nil.
func (e *evidence) rateLimited() error {
	errs := []error{e.identityErr, e.probeErr, e.organizationErr, e.roleErr, e.planErr, e.seatsErr, e.creditsErr, e.teamsErr, e.budgetsErr, e.centersErr, e.dividedErr}
	for i := range e.days {
		errs = append(errs, e.days[i].usageErr, e.days[i].peopleErr)
	}
	for _, err := range errs {
		if fault.Is(err, fault.RateLimited) {
			return err
		}
	}
	return nil
}
