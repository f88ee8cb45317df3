package collect

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// readDay reads the reports of a day to their ends, and stores their numbers if they are new.
func (r *reader) readDay(ctx context.Context, date calendar.Date) poll.Day {
	before, err := r.Store.Day(ctx, r.found.Conn.Ref, date)
	if err != nil {
		return poll.Day{Err: err}
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
		result := poll.Day{Err: err}
		if before.Has() {
			result.State = before.State
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
			return poll.Day{Err: err}
		}
	}
	reading.Looked = poll.Absent(people.rosterErr)
	reading.TeamsFailed = !poll.Absent(people.teamsErr) && !fault.CodeOf(people.teamsErr).Denied()
	reading.ReposFailed = !poll.Absent(reposErr) && !fault.CodeOf(reposErr).Denied()
	if reposErr == nil && repos != nil {
		if reading.Repos, reposErr = r.keepRepositories(before, date, repos); reposErr != nil {
			return poll.Day{Err: reposErr}
		}
	}
	reading.At = r.Now().UTC().Truncate(time.Second)
	result := r.keep(before, date, reading, reader.Record(), &people)
	result.UsersErr, result.TeamsErr, result.ReposErr = people.rosterErr, people.teamsErr, reposErr
	if result.Err == nil && people.rosterErr == nil {
		result.Err = r.dropPartial(date)
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
	if err := r.refused(&r.found.UsersRefused); err != nil {
		return nil, err
	}
	roster, err := r.readRoster(ctx, date)
	return roster, r.noteRefusal(&r.found.UsersRefused, err)
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
		report, err := r.gitHub.Report(ctx, r.found.Conn.Account, kind, date)
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
func (r *reader) keep(before *ledger.Day, date calendar.Date, reading ledger.Reading, record []byte, people *peopleRead) poll.Day {
	var pages *ledger.PackedPeople
	if roster := people.roster; roster != nil {
		totals := roster.Totals()
		pages = &ledger.PackedPeople{People: roster.Set()}
		pages.Pages, pages.Details = roster.Pages()
		reading.Totals = &totals
		reading.Users = &ledger.Users{Hash: roster.ContentHash(), Pages: len(pages.Pages), People: totals.Active}
		if err := r.leaveOut(date, roster, pages, reading.Users); err != nil {
			return poll.Day{Err: err}
		}
	}
	if from, ok := r.found.Conn.PeopleKeptFrom(calendar.DateOf(r.found.Began), r.KeepPeopleDays); ok && date < from {
		reading.Unkept, people.teams = true, nil
	}
	if people.teams != nil {
		reading.Teams = &ledger.Teams{Hash: people.teams.Hash()}
	}
	day, news := ledger.Revise(before, date, reading)
	if day.Removed != nil {
		pages = nil
	}
	result := poll.Day{
		State: day.State, Updated: before == nil || day.Revision > before.Revision,
		LooksForPeople: day.LooksForPeople,
	}
	if news && (before == nil || before.Record != day.Record) {
		if err := r.Store.KeepRecord(r.tidy, r.found.Conn.Ref, date, record); err != nil {
			return poll.Day{Err: err}
		}
	}
	if news && people.teams != nil {
		if err := r.keepMembership(before, &day, *people); err != nil {
			return poll.Day{Err: err}
		}
	}
	people.roster = nil
	switch {
	case !news:
	case day.Settled && before.Has():
		result.Err = r.Store.Settle(r.tidy, r.found.Conn.Ref, day)
	case before.Has() && before.Users != nil && day.Users != nil && before.Users.Hash == day.Users.Hash:
		result.Err = r.Store.Commit(r.tidy, r.found.Conn.Ref, day, nil) // the pages are already stored
	default:
		result.Err = r.Store.Commit(r.tidy, r.found.Conn.Ref, day, pages)
	}
	switch {
	case fault.Is(result.Err, fault.Conflict): // another run has read the day too, and was faster
		return poll.Day{State: day.State}
	case result.Err != nil:
		return poll.Day{Err: result.Err}
	}
	return result
}
