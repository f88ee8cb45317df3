package collect

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// readDay reads the reports of a day to their ends, and stores their numbers if they are new.
func (r *reader) readDay(ctx context.Context, date calendar.Date) dayReading {
	before, err := r.Store.Day(ctx, r.found.conn.Ref, date)
	if err != nil {
		return dayReading{err: err}
	}
	reader := metrics.NewAggregateReader(date, r.owner.expected())
	err = r.read(ctx, reports.Aggregate, date, func(report reports.Report) error {
		return report.Whole(ctx, reader.ReadPart)
	})
	var reading ledger.Reading
	if err == nil {
		reading.Usage, err = reader.Usage()
		reading.Record = ledger.HashOf(reader.Record())
	}
	if err == nil {
		r.logNewFields(ctx, reports.Aggregate, date, reader.Unknown())
		err = r.owner.seeReport(reader.AccountID())
	}
	if err != nil {
		result := dayReading{err: err}
		if before.Has() {
			result.state = before.State
		}
		return result
	}

	people := peopleRead{}
	people.teams, people.teamsErr = r.readTeamsUnlessRefused(ctx, date)
	repos, reposErr := r.readReposUnlessRefused(ctx, date)
	r.reading.Lock()
	defer r.reading.Unlock()
	if !fault.Is(people.teamsErr, fault.OutOfTime) && !fault.Is(reposErr, fault.OutOfTime) {
		people.roster, people.rosterErr = r.readRosterUnlessRefused(ctx, date)
	}
	for _, err := range []error{reposErr, people.teamsErr, people.rosterErr} {
		if fault.Is(err, fault.OutOfTime) || fault.Is(err, fault.OtherAccount) && !r.owner.reports() {
			return dayReading{err: err}
		}
	}
	reading.Looked = absent(people.rosterErr)
	reading.TeamsFailed = !absent(people.teamsErr) && !fault.CodeOf(people.teamsErr).Denied()
	reading.ReposFailed = !absent(reposErr) && !fault.CodeOf(reposErr).Denied()
	if reposErr == nil && repos != nil {
		if reading.Repos, reposErr = r.keepRepositories(before, date, repos); reposErr != nil {
			return dayReading{err: reposErr}
		}
	}
	reading.At = r.Now().UTC().Truncate(time.Second)
	result := r.keep(before, date, reading, reader.Record(), &people)
	result.usersErr, result.teamsErr, result.reposErr = people.rosterErr, people.teamsErr, reposErr
	if result.err == nil && people.rosterErr == nil {
		result.err = r.dropPartial(date)
	}
	return result
}

// peopleRead holds what was read of the people of a day.
type peopleRead struct {
	roster    *metrics.Roster // nil: none
	rosterErr error
	teams     *team.Membership // nil: none
	teamsErr  error
}

// readRosterUnlessRefused reads what each person did on a day. If GitHub has refused this for another day, it does not ask again.
func (r *reader) readRosterUnlessRefused(ctx context.Context, date calendar.Date) (*metrics.Roster, error) {
	if err := r.refused(&r.found.usersRefused); err != nil {
		return nil, err
	}
	roster, err := r.readRoster(ctx, date)
	return roster, r.noteRefusal(&r.found.usersRefused, err)
}

// refused returns why GitHub has refused a kind of reports, or nil if it has not.
func (r *reader) refused(of *error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *of
}

// noteRefusal remembers that GitHub refuses a kind of reports. It returns the error unchanged.
func (r *reader) noteRefusal(of *error, err error) error {
	if fault.CodeOf(err).Denied() {
		r.mu.Lock()
		defer r.mu.Unlock()
		*of = err
	}
	return err
}

// tries is how often a report is requested if its links are refused, for example because they have expired, or if the connection breaks
// in the middle.
const tries = 3

// read asks for a report and reads it.
func (r *reader) read(ctx context.Context, kind reports.Kind, date calendar.Date, read func(reports.Report) error) error {
	for try := 1; ; try++ {
		report, err := r.gitHub.Report(ctx, r.found.conn.Account, kind, date)
		if err != nil {
			return err
		}
		if err := read(report); try == tries || !fault.CodeOf(err).NewLinkHelps() {
			return err
		}
	}
}

// keep stores a day's reading. It stores nothing if the reading has nothing new. It drops the roster before it stores the pages, because
// a large account does not need both in memory.
func (r *reader) keep(before *ledger.Day, date calendar.Date, reading ledger.Reading, record []byte, people *peopleRead) dayReading {
	var pages *ledger.PackedPeople
	if roster := people.roster; roster != nil {
		totals := roster.Totals()
		pages = &ledger.PackedPeople{People: roster.Set()}
		pages.Pages, pages.Details = roster.Pages()
		reading.Totals = &totals
		reading.Users = &ledger.Users{Hash: roster.ContentHash(), Pages: len(pages.Pages), People: totals.Active}
		if err := r.leaveOut(date, roster, pages, reading.Users); err != nil {
			return dayReading{err: err}
		}
	}
	if from, ok := r.found.conn.PeopleKeptFrom(calendar.DateOf(r.found.began), r.KeepPeopleDays); ok && date < from {
		reading.Unkept, people.teams = true, nil
	}
	if people.teams != nil {
		reading.Teams = &ledger.Teams{Hash: people.teams.Hash()}
	}
	day, news := ledger.Revise(before, date, reading)
	if day.Removed != nil {
		pages = nil
	}
	result := dayReading{
		state: day.State, updated: before == nil || day.Revision > before.Revision,
		looksForPeople: day.LooksForPeople,
	}
	if news && (before == nil || before.Record != day.Record) {
		if err := r.Store.KeepRecord(r.tidy, r.found.conn.Ref, date, record); err != nil {
			return dayReading{err: err}
		}
	}
	if news && people.teams != nil {
		if err := r.keepMembership(before, &day, *people); err != nil {
			return dayReading{err: err}
		}
	}
	people.roster = nil
	switch {
	case !news:
	case day.Settled && before.Has():
		result.err = r.Store.Settle(r.tidy, r.found.conn.Ref, day)
	case before.Has() && before.Users != nil && day.Users != nil && before.Users.Hash == day.Users.Hash:
		result.err = r.Store.Commit(r.tidy, r.found.conn.Ref, day, nil) // the pages are already stored
	default:
		result.err = r.Store.Commit(r.tidy, r.found.conn.Ref, day, pages)
	}
	switch {
	case fault.Is(result.err, fault.Conflict): // another run has read the day too, and was faster
		return dayReading{state: day.State}
	case result.err != nil:
		return dayReading{err: result.err}
	}
	return result
}
