package verify

import (
	"errors"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// evidence is what GitHub was asked and what it said, and nothing that follows from it. An error field is nil where
// GitHub answered, and errNotAsked where an earlier answer made the question pointless.
type evidence struct {
	request Request
	now     time.Time
	notPAT  error

	identity    connector.Identity
	identityErr error

	organizationErr error // whether the organization can be seen at all
	role            connector.Role
	roleErr         error
	plan            cost.Plan
	planErr         error

	seats    []cost.Seat // one per person
	seated   int         // people with a seat, as GitHub counts them
	seatsErr error

	creditsErr error

	days []dayEvidence // oldest first

	otherScope bool // the slug names an account of the other scope
}

type dayEvidence struct {
	date      connector.Date
	usage     *metrics.Usage
	usageErr  error
	people    *metrics.People
	peopleErr error
}

var errNotAsked = errors.New("not asked")

func newEvidence(request Request, now time.Time) *evidence {
	e := &evidence{
		request: request, now: now, notPAT: request.Token.Check(), role: connector.RoleUnknown,
		organizationErr: errNotAsked, roleErr: errNotAsked, planErr: errNotAsked, seatsErr: errNotAsked, creditsErr: errNotAsked,
	}
	for _, date := range connector.LastDays(previewDays, now).Days() {
		e.days = append(e.days, dayEvidence{date: date, usageErr: errNotAsked, peopleErr: errNotAsked})
	}
	return e
}

// noReport says that GitHub has no report for the day. Where GitHub hands out reports at all, 404 means that too.
func noReport(err error) bool {
	return connector.Is(err, connector.CodeNoReport, connector.CodeNotFound)
}

// refused says that GitHub answered and does not let the token in.
func refused(err error) bool {
	return connector.Is(err, connector.CodeTokenRefused, connector.CodeTokenRules, connector.CodeSSORequired,
		connector.CodePolicyOff, connector.CodePermission, connector.CodeNotPrivileged, connector.CodeRefused)
}

// peopleKnown says whether the per-user report was read and can be that of the day: one without anybody, on
// a day on which somebody was active, is not.
func (d *dayEvidence) peopleKnown() bool {
	return d.people != nil &&
		(d.people.Active() > 0 || d.usage == nil || d.usage.ActiveUsers == nil || *d.usage.ActiveUsers == 0)
}

// quiet says that GitHub has no per-user report because nobody was active.
func (d *dayEvidence) quiet() bool {
	return noReport(d.peopleErr) && d.usage != nil && d.usage.ActiveUsers != nil && *d.usage.ActiveUsers == 0
}

// merged returns the people of the whole range, and whether they are known for each day that has numbers.
func (e *evidence) merged() (people *metrics.People, complete bool) {
	people, complete = &metrics.People{}, true
	for i := range e.days {
		switch d := &e.days[i]; {
		case d.peopleKnown() && people.Active() <= metrics.MaxPeople:
			people.Merge(d.people)
		case d.usage != nil && !d.quiet():
			complete = false
		}
	}
	return people, complete
}

// anyDay says whether the report of any day came out so.
func (e *evidence) anyDay(so func(d dayEvidence) bool) bool { return slices.ContainsFunc(e.days, so) }

func (e *evidence) fineGrained() bool { return e.request.Token.Kind() == connector.FineGrainedPAT }

func (e *evidence) onEnterprise() bool { return e.request.Account.Scope == connector.Enterprise }

// seatsSeen says that GitHub shows the seats, or at least their number.
func (e *evidence) seatsSeen() bool { return e.seatsErr == nil || e.seated > 0 }

// exists says that GitHub has shown something of the account.
func (e *evidence) exists() bool {
	return e.organizationErr == nil || e.planErr == nil || e.seatsSeen() ||
		e.role == connector.RoleOwner || e.role == connector.RoleMember || e.role == connector.RoleInvited
}

// outsider says that GitHub named the owner's role, and it is not one that reads reports by itself. To a
// fine-grained token that may not see memberships, GitHub may deny that there is one.
func (e *evidence) outsider() bool {
	return e.role == connector.RoleMember || e.role == connector.RoleInvited || e.role == connector.RoleNone && !e.fineGrained()
}

// accountPlan is what GitHub says of the organization, else the highest among its seats.
func (e *evidence) accountPlan() cost.Plan {
	if e.planErr == nil && e.plan != cost.UnknownPlan {
		return e.plan
	}
	return cost.HighestPlan(e.seats)
}

// rateLimited returns the first answer that named a limit.
func (e *evidence) rateLimited() error {
	errs := []error{e.identityErr, e.organizationErr, e.roleErr, e.planErr, e.seatsErr, e.creditsErr}
	for i := range e.days {
		errs = append(errs, e.days[i].usageErr, e.days[i].peopleErr)
	}
	for _, err := range errs {
		if connector.Is(err, connector.CodeRateLimited) {
			return err
		}
	}
	return nil
}
