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

// isApp reports whether the credential is a GitHub App, which belongs to no person.
func (e *evidence) isApp() bool { return e.kind.IsApp() }

// bound reports whether an installation of the stack's own App is judged.
func (e *evidence) bound() bool { return e.kind == credential.GitHubAppInstallation }

func (e *evidence) fineGrained() bool { return e.kind == credential.FineGrainedPAT }

func (e *evidence) onEnterprise() bool { return e.request.Account.Scope == copilot.Enterprise }

// installation returns what GitHub said about the App and its installation. The zero value means that GitHub said nothing.
func (e *evidence) installation() credential.Installation {
	if e.identity.App == nil {
		return credential.Installation{}
	}
	return *e.identity.App
}

// anyDay reports whether so is true of any day.
func (e *evidence) anyDay(so func(d dayEvidence) bool) bool { return slices.ContainsFunc(e.days, so) }

// noReport reports whether GitHub has no report for the day. If GitHub hands out other reports, a 404 means that too.
func noReport(err error) bool {
	return fault.CodeOf(err).Absent()
}
