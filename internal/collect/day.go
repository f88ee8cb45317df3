package collect

import (
	"context"
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// dayResult is what came of one day.
type dayResult struct {
	state    metrics.State // empty: nothing is stored of it
	updated  bool          // its numbers are new, or others than before
	err      error         // of the aggregate, or of storing: the day is as it was
	usersErr error         // of the per-user report: the day is there without it, or with the one it had
}

// read says that the day need not be tried again for a report that could not be read.
func (d dayResult) read() bool { return absent(d.err) && absent(d.usersErr) }

// failed says that it is to be tried again, however old it is. What stops everything is no trouble of the day's.
func (d dayResult) failed() bool { return !d.read() && !stops(d.err) && !stops(d.usersErr) }

// absent says that there was nothing to fail: no error, or no report.
func absent(err error) bool {
	return err == nil || fault.ClassOf(err) == fault.Absent
}

// readDay reads both reports of a day to their ends and stores what they say, if that is new.
func (r *run) readDay(ctx context.Context, date calendar.Date) dayResult {
	before, err := r.Store.Day(ctx, r.conn.Ref, date)
	if err != nil {
		return dayResult{err: err}
	}
	reader := metrics.NewAggregateReader(date, metrics.Owner{Scope: r.conn.Scope})
	err = r.read(ctx, metrics.Aggregate, date, func(report metrics.Report) error {
		return report.Whole(ctx, reader.ReadPart)
	})
	var reading ledger.Reading
	if err == nil {
		reading.Usage, err = reader.Usage()
	}
	if err != nil {
		result := dayResult{err: err}
		if before.Has() {
			result.state = before.State
		}
		return result
	}

	r.reading.Lock()
	defer r.reading.Unlock()
	var roster *metrics.Roster
	usersErr := r.usersRefused // by GitHub for an earlier day: it would do so again
	if usersErr == nil {
		if roster, usersErr = r.readRoster(ctx, date); refusal(usersErr) {
			r.usersRefused = usersErr
		}
	}
	if fault.Is(usersErr, fault.OutOfTime) {
		return dayResult{err: usersErr}
	}
	reading.At = r.Now().UTC().Truncate(time.Second)
	result := r.keep(before, date, reading, roster)
	result.usersErr = usersErr
	if result.err == nil && usersErr == nil {
		result.err = r.dropProgress(date)
	}
	return result
}

// tries is how often a report is asked for whose links are refused, as when they expired meanwhile, or whose connection
// ends in the middle.
const tries = 3

// read asks for a report and reads it.
func (r *run) read(ctx context.Context, kind metrics.ReportKind, date calendar.Date, read func(metrics.Report) error) error {
	for try := 1; ; try++ {
		report, err := r.gitHub.Report(ctx, r.conn.Account, kind, date)
		if err != nil {
			return err
		}
		if err := read(report); try == tries || !fault.NewLinkHelps(err) {
			return err
		}
	}
}

// keep stores a day's reading, or nothing where it says what is stored already.
func (r *run) keep(before *ledger.Day, date calendar.Date, reading ledger.Reading, roster *metrics.Roster) dayResult {
	var pages *ledger.Roster
	if roster != nil {
		totals := roster.Totals()
		pages = &ledger.Roster{Pages: roster.Pages(), People: roster.People(date).Bytes()}
		reading.Totals = &totals
		reading.Users = &ledger.Users{Hash: roster.ContentHash(), Pages: len(pages.Pages), People: totals.Active}
	}
	day, news := ledger.Revise(before, date, reading)
	result := dayResult{state: day.State, updated: before == nil || day.Revision > before.Revision}
	switch {
	case !news:
	case day.Settled && before.Has():
		result.err = r.Store.Settle(r.tidy, r.conn.Ref, day)
	case before.Has() && before.Users != nil && day.Users != nil && before.Users.Hash == day.Users.Hash:
		result.err = r.Store.Commit(r.tidy, r.conn.Ref, day, nil) // its pages are there
	default:
		result.err = r.Store.Commit(r.tidy, r.conn.Ref, day, pages)
	}
	switch {
	case fault.Is(result.err, fault.Conflict): // another run was faster, and has read the day as well
		return dayResult{state: day.State}
	case result.err != nil:
		return dayResult{err: result.err}
	}
	return result
}

var errPanic = errors.New("it panicked")
