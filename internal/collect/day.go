package collect

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// readDay reads both reports of a day to their ends and stores what they say, if that is new.
func (r *reader) readDay(ctx context.Context, date calendar.Date) dayReading {
	before, err := r.Store.Day(ctx, r.found.conn.Ref, date)
	if err != nil {
		return dayReading{err: err}
	}
	reader := metrics.NewAggregateReader(date, r.owner.expected())
	err = r.read(ctx, metrics.Aggregate, date, func(report metrics.Report) error {
		return report.Whole(ctx, reader.ReadPart)
	})
	var reading ledger.Reading
	if err == nil {
		reading.Usage, err = reader.Usage()
		reading.Record = ledger.HashOf(reader.Record())
	}
	if err == nil {
		err = r.owner.seeReport(reader.AccountID())
	}
	if err != nil {
		result := dayReading{err: err}
		if before.Has() {
			result.state = before.State
		}
		return result
	}

	r.reading.Lock()
	defer r.reading.Unlock()
	var roster *metrics.Roster
	usersErr := r.found.usersRefused // by GitHub for an earlier day: it would do so again
	if usersErr == nil {
		if roster, usersErr = r.readRoster(ctx, date); fault.ClassOf(usersErr) == fault.Denied {
			r.found.usersRefused = usersErr
		}
	}
	if fault.Is(usersErr, fault.OutOfTime) || fault.Is(usersErr, fault.OtherAccount) && !r.owner.reports() {
		return dayReading{err: usersErr}
	}
	reading.Looked = absent(usersErr)
	reading.At = r.Now().UTC().Truncate(time.Second)
	result := r.keep(before, date, reading, reader.Record(), roster)
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
func (r *reader) read(ctx context.Context, kind metrics.ReportKind, date calendar.Date, read func(metrics.Report) error) error {
	for try := 1; ; try++ {
		report, err := r.gitHub.Report(ctx, r.found.conn.Account, kind, date)
		if err != nil {
			return err
		}
		if err := read(report); try == tries || !fault.NewLinkHelps(err) {
			return err
		}
	}
}

// keep stores a day's reading, or nothing where it says what is stored already.
func (r *reader) keep(before *ledger.Day, date calendar.Date, reading ledger.Reading, record []byte, roster *metrics.Roster) dayReading {
	var pages *ledger.Roster
	if roster != nil {
		totals := roster.Totals()
		pages = &ledger.Roster{Pages: roster.Pages(), People: roster.People(date).Bytes()}
		reading.Totals = &totals
		reading.Users = &ledger.Users{Hash: roster.ContentHash(), Pages: len(pages.Pages), People: totals.Active}
	}
	day, news := ledger.Revise(before, date, reading)
	result := dayReading{
		state: day.State, updated: before == nil || day.Revision > before.Revision,
		looksForPeople: day.LooksForPeople,
	}
	if news && (before == nil || before.Record != day.Record) {
		if err := r.Store.KeepRecord(r.tidy, r.found.conn.Ref, date, record); err != nil {
			return dayReading{err: err}
		}
	}
	switch {
	case !news:
	case day.Settled && before.Has():
		result.err = r.Store.Settle(r.tidy, r.found.conn.Ref, day)
	case before.Has() && before.Users != nil && day.Users != nil && before.Users.Hash == day.Users.Hash:
		result.err = r.Store.Commit(r.tidy, r.found.conn.Ref, day, nil) // its pages are there
	default:
		result.err = r.Store.Commit(r.tidy, r.found.conn.Ref, day, pages)
	}
	switch {
	case fault.Is(result.err, fault.Conflict): // another run was faster, and has read the day as well
		return dayReading{state: day.State}
	case result.err != nil:
		return dayReading{err: result.err}
	}
	return result
}
