package poll

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

// Reading holds all results of a run's calls to GitHub. Nothing changes it after the reading.
type Reading struct {
	Task  connector.Task
	Conn  *connector.Connector // as it was when the run began
	Began time.Time
	Pause time.Duration // how long the backfill waits after each of its steps

	Token     *Token               // nil: the vault has none
	Identity  *credential.Identity // nil: GitHub has not told whose token it is
	AccountID string               // the account's id; empty if no answer of this run told it

	Agenda       Agenda
	Days         map[calendar.Date]Day
	UsersRefused error // GitHub refuses per-user reports, though not the others
	ReposRefused error // GitHub refuses reports by repository, though not the others
	TeamsRefused error // GitHub refuses user-teams reports, though not the others
	Advanced     bool  // a later part of a report was read, which is progress without a finished day

	Seats Seats
	Bills Bills
	Parts Parts

	Followed bool                 // the connector has got the name that its account has now; another run reads it
	Holder   *connector.Connector // the tenant's other connector that holds that name

	Stop     error          // why the run stopped early
	Verified *verify.Result // the result of Verify, if GitHub refuses the reports
}

// Token holds what is known from the credential itself.
type Token struct {
	Kind           credential.Kind
	Fingerprint    string
	KeyFingerprint string // the fingerprint of a GitHub App's key
	ClientID       string // of a customer's own GitHub App
}

// Day is the result of one day.
type Day struct {
	State    metrics.State // empty: nothing is stored of it
	Updated  bool          // its numbers are new or have changed
	Err      error         // the error of the aggregate, or of storing; the day is unchanged
	UsersErr error         // the error of the per-user report; the day is stored without it, or keeps the former one
	TeamsErr error         // the error of the user-teams report; likewise
	ReposErr error         // the error of the report by repository; likewise

	LooksForPeople int // how often its per-user report was read while people were missing
}

// Seats is the result of the seats.
type Seats struct {
	Asked bool
	Plan  copilot.Plan // unknown if GitHub does not tell it
	Err   error
}

// Bills is the result of the bills of AI credits.
type Bills struct {
	Asked  bool
	Err    error          // the error of the current month's bill
	Broken error          // why the bill of a month was rejected
	Final  *calendar.Date // the first day of the newest month whose bill is final; nil: no further month became final
}

// peopleErr returns why people, teams or repositories of the day are missing. An error of a report that exists comes before "no report".
func (d Day) peopleErr() error {
	if Absent(d.UsersErr) && d.TeamsErr != nil {
		return d.TeamsErr
	}
	if Absent(d.UsersErr) && !Absent(d.ReposErr) {
		return d.ReposErr
	}
	return d.UsersErr
}

// anyErr returns why a part of the day is missing.
func (d Day) anyErr() error { return errors.Join(d.Err, d.peopleErr()) }

// looked reports whether no report of the day must be tried again. A refusal of teams or repositories is no reason to try again: seats
// name the teams instead, and nothing else needs the repositories.
func (d Day) looked() bool {
	return Absent(d.Err) && Absent(d.UsersErr) && (Absent(d.TeamsErr) || fault.CodeOf(d.TeamsErr).Denied()) &&
		(Absent(d.ReposErr) || fault.CodeOf(d.ReposErr).Denied())
}

// Parts is the result of the parts of the bills, and of the budgets.
type Parts struct {
	Asked       bool
	Budgets     error
	Divided     bool  // the bills of an enterprise's parts were requested
	CostCenters error // the error of the list of cost centers
	Err         error // why bills of parts were rejected
	Final       *calendar.Date
}

// failed reports whether a report of the day could not be read. An error that ends the whole run is not the day's.
func (d Day) failed() bool {
	return !d.looked() && !fault.CodeOf(d.Err).EndsAll() && !fault.CodeOf(d.peopleErr()).EndsAll()
}

// transient reports whether a report of the day had a transient failure.
func (d Day) transient() bool {
	return fault.CodeOf(d.Err).Transient() || fault.CodeOf(d.peopleErr()).Transient()
}

func (d Day) outOfTime() bool {
	return fault.Is(d.Err, fault.OutOfTime) || fault.Is(d.peopleErr(), fault.OutOfTime)
}

// Absent reports whether there is no error, or the error only says that there is no report.
func Absent(err error) bool { return err == nil || fault.CodeOf(err).Absent() }

// denied reports whether Verify has found that nobody can read the reports until somebody mends something. Then a missing report says
// nothing about the day.
func (r Reading) denied() bool {
	return r.Verified != nil && !r.Verified.OK && r.Verified.Unasked == nil
}

// complete reports whether the run has read all its days.
func (r Reading) complete() bool { return r.Stop == nil && (r.Verified == nil || r.Verified.OK) }

// Refused reports whether GitHub answered and does not let the token in, for a cause that Verify can find.
func (r Reading) Refused() bool { return fault.CodeOf(r.Stop).Denied() }

// LastAttempt reports whether a transient failure does not queue the task again.
func LastAttempt(task connector.Task) bool { return task.Attempt+1 >= maxAttempts }

// Count returns how many days were read, and how many of these have new numbers.
func (r Reading) Count() (read, updated int) {
	for _, d := range r.Days {
		if d.Err == nil {
			read++
		}
		if d.Updated {
			updated++
		}
	}
	return read, updated
}

// having returns the days with a certain result, newest first.
func (r Reading) having(so func(Day) bool) []calendar.Date {
	var dates []calendar.Date
	for date, d := range r.Days {
		if so(d) {
			dates = append(dates, date)
		}
	}
	slices.Sort(dates)
	slices.Reverse(dates)
	return dates
}

// left returns the days of the agenda that were not read to their end.
func (r Reading) left() []calendar.Date {
	return slices.DeleteFunc(slices.Clone(r.Agenda.Days), func(date calendar.Date) bool {
		d, looked := r.Days[date]
		return looked && !d.outOfTime()
	})
}

// capabilities returns what the token may read, judged by GitHub's answers.
func (r Reading) capabilities(before access.Capabilities) access.Capabilities {
	var usage, users, teams []error
	for _, d := range r.Days {
		usage = append(usage, d.Err)
		if d.Err == nil {
			users = append(users, d.UsersErr)
			if !fault.CodeOf(d.UsersErr).Denied() { // otherwise teams were not requested
				teams = append(teams, d.TeamsErr)
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
	if r.Bills.Asked {
		after.Billing = access.PermittedBy(r.Bills.Err, before.Billing)
	}
	if r.Parts.Asked {
		after.Budgets = access.PermittedBy(r.Parts.Budgets, before.Budgets)
	}
	if r.Parts.Divided {
		after.CostCenters = access.PermittedBy(r.Parts.CostCenters, before.CostCenters)
	}
	if r.Seats.Asked {
		after.Seats = access.PermittedBy(r.Seats.Err, before.Seats)
	}
	return after
}

// MovesOn reports whether the account has another name that the connector has not taken in this run. A later poll follows.
func (r Reading) MovesOn() bool {
	return fault.Is(r.Stop, fault.Renamed) && r.Token.Kind.IsApp() && r.Conn.AccountID != ""
}

// Taken reports whether another connector of the tenant reads the account under the account's new name.
func (r Reading) taken() bool {
	return r.Holder != nil && r.Holder.Phase == connector.Live && r.Holder.AccountID == r.Conn.AccountID
}
