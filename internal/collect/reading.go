package collect

import (
	"errors"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// reading holds all results of a run's calls to GitHub. Nothing changes it after the reading.
type reading struct {
	task  connector.Task
	conn  *connector.Connector // as it was when the run began
	began time.Time
	pause time.Duration // how long the backfill waits after each of its steps

	token     *tokenInUse          // nil: the vault has none
	identity  *credential.Identity // nil: GitHub has not told whose token it is
	accountID string               // the account's id; empty if no answer of this run told it

	agenda       agenda
	days         map[calendar.Date]dayReading
	usersRefused error // GitHub refuses per-user reports, though not the others
	reposRefused error // GitHub refuses reports by repository, though not the others
	teamsRefused error // GitHub refuses user-teams reports, though not the others
	advanced     bool  // a later part of a report was read, which is progress without a finished day

	seats seatsReading
	bills billsReading
	parts partsReading

	followed bool                 // the connector has got the name that its account has now; another run reads it
	holder   *connector.Connector // the tenant's other connector that holds that name

	stop  error          // why the run stopped early
	cause *verify.Result // the result of Verify, if GitHub refuses the reports
}

// tokenInUse holds what is known from the credential itself.
type tokenInUse struct {
	kind           credential.Kind
	fingerprint    string
	keyFingerprint string // the fingerprint of a GitHub App's key
	clientID       string // of a customer's own GitHub App
}

// dayReading is the result of one day.
type dayReading struct {
	state    metrics.State // empty: nothing is stored of it
	updated  bool          // its numbers are new or have changed
	err      error         // the error of the aggregate, or of storing; the day is unchanged
	usersErr error         // the error of the per-user report; the day is stored without it, or keeps the former one
	teamsErr error         // the error of the user-teams report; likewise
	reposErr error         // the error of the report by repository; likewise

	looksForPeople int // how often its per-user report was read while people were missing
}

// seatsReading is the result of the seats.
type seatsReading struct {
	asked bool
	plan  copilot.Plan // unknown if GitHub does not tell it
	err   error
}

// billsReading is the result of the bills of AI credits.
type billsReading struct {
	asked  bool
	err    error          // the error of the current month's bill
	broken error          // why the bill of a month was rejected
	final  *calendar.Date // the first day of the newest month whose bill is final; nil: no further month became final
}

// peopleErr returns why people, teams or repositories of the day are missing. An error of a report that exists comes before "no report".
func (d dayReading) peopleErr() error {
	if absent(d.usersErr) && d.teamsErr != nil {
		return d.teamsErr
	}
	if absent(d.usersErr) && !absent(d.reposErr) {
		return d.reposErr
	}
	return d.usersErr
}

// anyErr returns why a part of the day is missing.
func (d dayReading) anyErr() error { return errors.Join(d.err, d.peopleErr()) }

// looked reports whether no report of the day must be tried again. A refusal of teams or repositories is no reason to try again: seats
// name the teams instead, and nothing else needs the repositories.
func (d dayReading) looked() bool {
	return absent(d.err) && absent(d.usersErr) && (absent(d.teamsErr) || fault.CodeOf(d.teamsErr).Denied()) &&
		(absent(d.reposErr) || fault.CodeOf(d.reposErr).Denied())
}

// partsReading is the result of the parts of the bills, and of the budgets.
type partsReading struct {
	asked       bool
	budgets     error
	divided     bool  // the bills of an enterprise's parts were requested
	costCenters error // the error of the list of cost centers
	err         error // why bills of parts were rejected
	final       *calendar.Date
}

// failed reports whether a report of the day could not be read. An error that ends the whole run is not the day's.
func (d dayReading) failed() bool {
	return !d.looked() && !fault.CodeOf(d.err).EndsAll() && !fault.CodeOf(d.peopleErr()).EndsAll()
}

// transient reports whether a report of the day had a transient failure.
func (d dayReading) transient() bool {
	return fault.CodeOf(d.err).Transient() || fault.CodeOf(d.peopleErr()).Transient()
}

func (d dayReading) outOfTime() bool {
	return fault.Is(d.err, fault.OutOfTime) || fault.Is(d.peopleErr(), fault.OutOfTime)
}

// absent reports whether there is no error, or the error only says that there is no report.
func absent(err error) bool { return err == nil || fault.CodeOf(err).Absent() }

// denied reports whether Verify has found that nobody can read the reports until somebody mends something. Then a missing report says
// nothing about the day.
func (r reading) denied() bool { return r.cause != nil && !r.cause.OK && r.cause.Unasked == nil }

// complete reports whether the run has read all its days.
func (r reading) complete() bool { return r.stop == nil && (r.cause == nil || r.cause.OK) }

// refused reports whether GitHub answered and does not let the token in, for a cause that Verify can find.
func (r reading) refused() bool { return fault.CodeOf(r.stop).Denied() }

// lastAttempt reports whether a transient failure does not queue the task again.
func lastAttempt(task connector.Task) bool { return task.Attempt+1 >= maxAttempts }

// count returns how many days were read, and how many of these have new numbers.
func (r reading) count() (read, updated int) {
	for _, d := range r.days {
		if d.err == nil {
			read++
		}
		if d.updated {
			updated++
		}
	}
	return read, updated
}

// having returns the days with a certain result, newest first.
func (r reading) having(so func(dayReading) bool) []calendar.Date {
	var dates []calendar.Date
	for date, d := range r.days {
		if so(d) {
			dates = append(dates, date)
		}
	}
	slices.Sort(dates)
	slices.Reverse(dates)
	return dates
}

// left returns the days of the agenda that were not read to their end.
func (r reading) left() []calendar.Date {
	return slices.DeleteFunc(slices.Clone(r.agenda.days), func(date calendar.Date) bool {
		d, looked := r.days[date]
		return looked && !d.outOfTime()
	})
}

// capabilities returns what the token may read, judged by GitHub's answers.
func (r reading) capabilities(before access.Capabilities) access.Capabilities {
	var usage, users, teams []error
	for _, d := range r.days {
		usage = append(usage, d.err)
		if d.err == nil {
			users = append(users, d.usersErr)
			if !fault.CodeOf(d.usersErr).Denied() { // otherwise teams were not requested
				teams = append(teams, d.teamsErr)
			}
		}
	}
	after := before
	after.Usage = access.PermittedByReports(usage, before.Usage)
	after.Users = access.PermittedByReports(users, before.Users)
	after.Teams = access.PermittedByReports(teams, before.Teams)
	if r.denied() {
		after.Usage, after.Users = access.Denied, access.Denied
	}
	if r.bills.asked {
		after.Billing = access.PermittedBy(r.bills.err, before.Billing)
	}
	if r.parts.asked {
		after.Budgets = access.PermittedBy(r.parts.budgets, before.Budgets)
	}
	if r.parts.divided {
		after.CostCenters = access.PermittedBy(r.parts.costCenters, before.CostCenters)
	}
	if r.seats.asked {
		after.Seats = access.PermittedBy(r.seats.err, before.Seats)
	}
	return after
}

// movesOn reports whether the account has another name that the connector has not taken in this run. A later poll follows.
func (r reading) movesOn() bool {
	return fault.Is(r.stop, fault.Renamed) && r.token.kind.IsApp() && r.conn.AccountID != ""
}

// taken reports whether another connector of the tenant reads the account under the account's new name.
func (r reading) taken() bool {
	return r.holder != nil && r.holder.Phase == connector.Live && r.holder.AccountID == r.conn.AccountID
}
