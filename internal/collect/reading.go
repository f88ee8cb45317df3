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

// reading is all that came of a run's questions to GitHub. Nothing changes it once it is read.
type reading struct {
	task  connector.Task
	conn  *connector.Connector // as it was when the run began
	began time.Time
	pause time.Duration // how long the backfill rests after each of its steps

	token     *tokenInUse          // nil: the vault gave none
	identity  *credential.Identity // nil: GitHub has not told whose token it is
	accountID string               // the account's own id, as far as an answer of this run told it

	agenda       agenda
	days         map[calendar.Date]dayReading
	usersRefused error // GitHub refuses per-user reports, though not the others
	reposRefused error // GitHub refuses reports by repository, though not the others
	teamsRefused error // GitHub refuses user-teams reports, though not the others
	advanced     bool  // a report was read on: there is progress without a day

	seats seatsReading
	bills billsReading
	parts partsReading

	stop  error          // what kept the rest from being asked
	cause *verify.Result // what Verify says where GitHub refuses the reports
}

// tokenInUse is what is known of the token by itself.
type tokenInUse struct {
	kind           credential.Kind
	fingerprint    string
	keyFingerprint string // of a GitHub App's key
}

// dayReading is what came of one day.
type dayReading struct {
	state    metrics.State // empty: nothing is stored of it
	updated  bool          // its numbers are new, or others than before
	err      error         // of the aggregate, or of storing: the day is as it was
	usersErr error         // of the per-user report: the day is there without it, or with the one it had
	teamsErr error         // of the user-teams report, likewise
	reposErr error         // of the report by repository, likewise

	looksForPeople int // how often its per-user report was read while people were lacking in it
}

// seatsReading is what came of the seats.
type seatsReading struct {
	asked bool
	plan  copilot.Plan // unknown where GitHub does not tell
	err   error
}

// billsReading is what came of the bills of AI credits.
type billsReading struct {
	asked  bool
	err    error          // of the bill of the month that runs
	broken error          // why the bill of some month was not taken, although GitHub gave one
	final  *calendar.Date // first day of the newest month whose bill is final; nil: no more are than before
}

// peopleErr returns why something of the people or of the repositories is not there. A report that is none matters less than one that could not be read.
func (d dayReading) peopleErr() error {
	if absent(d.usersErr) && d.teamsErr != nil {
		return d.teamsErr
	}
	if absent(d.usersErr) && !absent(d.reposErr) {
		return d.reposErr
	}
	return d.usersErr
}

// anyErr returns why something of the day is not there.
func (d dayReading) anyErr() error { return errors.Join(d.err, d.peopleErr()) }

// looked reports whether the day need not be tried again for a report that could not be read. That GitHub refuses to tell teams
// or repositories is no reason: seats tell the teams in its place, and nothing else needs the repositories.
func (d dayReading) looked() bool {
	return absent(d.err) && absent(d.usersErr) && (absent(d.teamsErr) || fault.ClassOf(d.teamsErr) == fault.Denied) &&
		(absent(d.reposErr) || fault.ClassOf(d.reposErr) == fault.Denied)
}

// partsReading is what came of the parts of the bills, and of the budgets.
type partsReading struct {
	asked       bool
	budgets     error
	divided     bool  // the bills of an enterprise's parts were asked for
	costCenters error // of their list
	err         error // why bills of parts were not taken
	final       *calendar.Date
}

// failed reports whether a report of the day could not be read. What ends everything is no trouble of the day's.
func (d dayReading) failed() bool {
	return !d.looked() && !fault.EndsAll(d.err) && !fault.EndsAll(d.peopleErr())
}

// transient reports whether a report of the day could not be read for trouble that is likely to be over soon.
func (d dayReading) transient() bool {
	return fault.ClassOf(d.err) == fault.Transient || fault.ClassOf(d.peopleErr()) == fault.Transient
}

func (d dayReading) outOfTime() bool {
	return fault.Is(d.err, fault.OutOfTime) || fault.Is(d.peopleErr(), fault.OutOfTime)
}

// absent reports whether there was nothing to fail: no error, or no report.
func absent(err error) bool { return err == nil || fault.ClassOf(err) == fault.Absent }

// denied reports whether Verify has found that the reports are not to be had until somebody does something about it. Then
// that there was none says nothing about the days.
func (r reading) denied() bool { return r.cause != nil && !r.cause.OK && r.cause.Unasked == nil }

// complete reports whether the run has looked at all its days.
func (r reading) complete() bool { return r.stop == nil && (r.cause == nil || r.cause.OK) }

// refused reports whether GitHub answered and does not let the token in, for a cause that Verify can tell.
func (r reading) refused() bool { return fault.ClassOf(r.stop) == fault.Denied }

// lastAttempt reports whether trouble that passes does not put the task back once more.
func lastAttempt(task connector.Task) bool { return task.Attempt+1 >= maxAttempts }

// count tells how many days' numbers were read, and how many of these are new.
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

// having lists the days that came out so, newest first.
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

// left lists the days of the agenda that were not looked at to their end.
func (r reading) left() []calendar.Date {
	return slices.DeleteFunc(slices.Clone(r.agenda.days), func(date calendar.Date) bool {
		d, looked := r.days[date]
		return looked && !d.outOfTime()
	})
}

// capabilities judges what the token may read by how GitHub answered.
func (r reading) capabilities(before access.Capabilities) access.Capabilities {
	var usage, users, teams []error
	for _, d := range r.days {
		usage = append(usage, d.err)
		if d.err == nil {
			users = append(users, d.usersErr)
			if fault.ClassOf(d.usersErr) != fault.Denied { // else teams were not asked for
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
