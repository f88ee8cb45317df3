package verify

import (
	"errors"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// evidence holds what GitHub was asked and what it answered, and no conclusion. An error field is nil if GitHub answered, and
// errNotAsked if an earlier answer made the question pointless.
type evidence struct {
	request Request
	kind    credential.Kind // of the token
	agreed  money.Agreed
	now     time.Time
	apiHost string
	notPAT  error

	identity    credential.Identity
	identityErr error

	organization    copilot.Profile
	newName         string // the present name of the organization that had this name before
	organizationErr error  // nil if the token can see the organization
	role            credential.Role
	roleErr         error
	plan            copilot.Plan
	planErr         error

	grants   []seat.Seat
	seats    []seat.Seat // the same, one per person
	seated   int         // people with a seat, as GitHub counts them
	seatsErr error

	bill       *cost.CreditBill // of the month that runs
	creditsErr error

	teamsErr   error // of the newest day's user-teams report
	budgets    []cost.Budget
	budgetsErr error
	centers    []cost.PartBill // of an enterprise
	centersErr error
	divided    cost.PartBill // the organization whose part of the bill was asked for
	dividedErr error

	probeErr error         // GitHub's answer to a fine-grained token about an enterprise
	days     []dayEvidence // oldest first

	otherScope bool // the slug names an account of the other scope
}

type dayEvidence struct {
	date      calendar.Date
	accountID string // GitHub's own id of the account, as the report has it; may be empty
	linked    bool   // GitHub has handed out the aggregate, even if it could not be read
	usage     *metrics.Usage
	usageErr  error
	people    *metrics.People
	totals    *metrics.UserTotals // of the people; nil with them
	peopleErr error
}

var errNotAsked = errors.New("not asked")

func newEvidence(request Request, now time.Time) *evidence {
	e := &evidence{
		request: request, kind: request.Token.Kind(), now: now, notPAT: request.Token.Check(), role: credential.RoleUnknown,
		organizationErr: errNotAsked, roleErr: errNotAsked, planErr: errNotAsked, seatsErr: errNotAsked, creditsErr: errNotAsked,
		teamsErr: errNotAsked, budgetsErr: errNotAsked, centersErr: errNotAsked, dividedErr: errNotAsked,
	}
	for _, date := range calendar.LastDays(previewDays, now).Days() {
		e.days = append(e.days, dayEvidence{date: date, usageErr: errNotAsked, peopleErr: errNotAsked})
	}
	return e
}

// noReport reports whether GitHub has no report for the day. If GitHub hands out other reports, a 404 means that too.
func noReport(err error) bool {
	return fault.CodeOf(err).Absent()
}

// peopleKnown reports whether the per-user report was read and can be true: an empty one cannot be true on a day
// on which somebody was active.
func (d *dayEvidence) peopleKnown() bool {
	return d.people != nil &&
		(d.people.Active() > 0 || d.usage == nil || d.usage.ActiveUsers == nil || *d.usage.ActiveUsers == 0)
}

// quiet reports whether GitHub has no per-user report because nobody was active.
func (d *dayEvidence) quiet() bool {
	return noReport(d.peopleErr) && d.usage != nil && d.usage.ActiveUsers != nil && *d.usage.ActiveUsers == 0
}

// people returns the number of distinct people over all days that have numbers, or nil if one of these days lacks its people.
func (e *evidence) people() *metrics.People {
	all := &metrics.People{}
	for i := range e.days {
		switch d := &e.days[i]; {
		case d.usage == nil, d.quiet():
		case d.peopleKnown() && all.Active() <= metrics.MaxPeople:
			all.Merge(d.people)
		default:
			return nil
		}
	}
	return all
}

// lastUsage returns the last day on which a per-user report names the person.
func (e *evidence) lastUsage(userID int64) (calendar.Date, bool) {
	for _, d := range slices.Backward(e.days) {
		if d.people != nil {
			if day, ok := d.people.LastActive(userID); ok {
				return day, true
			}
		}
	}
	return 0, false
}

// anyDay reports whether so is true of any day.
func (e *evidence) anyDay(so func(d dayEvidence) bool) bool { return slices.ContainsFunc(e.days, so) }

func (e *evidence) fineGrained() bool { return e.kind == credential.FineGrainedPAT }

func (e *evidence) onEnterprise() bool { return e.request.Account.Scope == copilot.Enterprise }

// seatsSeen reports whether GitHub shows the seats, some of them, or at least their number.
func (e *evidence) seatsSeen() bool {
	return e.seatsErr == nil || e.seated > 0 || fault.Is(e.seatsErr, fault.SSOPartial)
}

// exists reports whether GitHub has shown anything of the account.
func (e *evidence) exists() bool {
	return e.isApp() && e.identityErr == nil || e.organizationErr == nil || e.planErr == nil || e.seatsSeen() ||
		e.role == credential.RoleOwner || e.role == credential.RoleMember || e.role == credential.RoleInvited
}

// outsider reports whether GitHub named the role of the token's owner, and this role does not open reports by itself.
// A fine-grained token that may not see memberships can get the answer that there is no membership.
func (e *evidence) outsider() bool {
	return e.role == credential.RoleMember || e.role == credential.RoleInvited || e.role == credential.RoleNone && !e.fineGrained()
}

// accountPlan returns the plan that GitHub names for the organization, else the highest plan among its seats.
func (e *evidence) accountPlan() copilot.Plan {
	if e.planErr == nil && e.plan != copilot.PlanUnknown {
		return e.plan
	}
	return seat.HighestPlan(e.seats)
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
