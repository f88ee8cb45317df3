package verify

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// evidence is what GitHub was asked and what it said. An error field is nil where GitHub answered, and errNotAsked
// where an earlier answer made the question pointless.
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

	access error // why usage reports are not to be had; nil when they are, even where none is ready
	days   []dayEvidence

	otherScope bool // the slug names an account of the other scope
}

type dayEvidence struct {
	date      connector.Date
	usage     *metrics.Usage
	usageErr  error
	people    *metrics.People
	peopleErr error
}

var errNotAsked = &connector.Error{Code: "not_asked"}

// noReport says that GitHub has no report for the day. Where GitHub hands out reports at all, 404 means that too.
func noReport(err error) bool {
	return connector.Is(err, connector.CodeNoReport, connector.CodeNotFound)
}

// peopleKnown says whether the per-user report was read and can be that of the day: one without anybody, on
// a day on which somebody was active, is not.
func (d *dayEvidence) peopleKnown() bool {
	return d.people != nil &&
		(d.people.Active() > 0 || d.usage == nil || d.usage.ActiveUsers == nil || *d.usage.ActiveUsers == 0)
}

// merged returns the people of the whole range, and whether they are known for each day that has numbers.
func (e *evidence) merged() (people *metrics.People, complete bool) {
	people, complete = &metrics.People{}, true
	for i := range e.days {
		switch d := &e.days[i]; {
		case d.peopleKnown():
			people.Merge(d.people)
		case d.usage != nil:
			complete = false
		}
	}
	return people, complete
}

func (e *evidence) readDayCount() (n int) {
	for i := range e.days {
		if e.days[i].usage != nil {
			n++
		}
	}
	return n
}

func (e *evidence) fineGrained() bool { return e.request.Token.Kind() == connector.FineGrainedPAT }

func (e *evidence) onEnterprise() bool { return e.request.Account.Scope == connector.Enterprise }

// accountPlan is what GitHub says of the organization, else the highest among its seats.
func (e *evidence) accountPlan() cost.Plan {
	if e.planErr == nil && e.plan != "" && e.plan != cost.UnknownPlan {
		return e.plan
	}
	return cost.HighestPlan(e.seats)
}
