package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// teamsBegin is the first day of which GitHub has user-teams reports. https://github.blog/changelog
var teamsBegin = calendar.MustDate("2026-05-14")

// readTeamsUnlessRefused reads who is in which team on a day. It does not ask if people are refused, because both need the same right.
func (r *reader) readTeamsUnlessRefused(ctx context.Context, date calendar.Date) (*team.Membership, error) {
	if r.refused(&r.found.UsersRefused) != nil {
		return nil, nil //nolint:nilnil // that is told of the people
	}
	if err := r.refused(&r.found.TeamsRefused); err != nil {
		return nil, err
	}
	of, err := r.readTeams(ctx, date)
	return of, r.noteRefusal(&r.found.TeamsRefused, err)
}

// readTeams reads who is in which team on a day. It returns nil if GitHub has no such report.
func (r *reader) readTeams(ctx context.Context, date calendar.Date) (of *team.Membership, err error) {
	if date < teamsBegin {
		return nil, nil //nolint:nilnil // documented
	}
	err = r.read(ctx, reports.UserTeams, date, func(report reports.Report) error {
		var rows team.Rows
		reader := metrics.NewTeamsReader(date, r.owner.expected(), rows.Add)
		if err := report.Whole(ctx, reader.ReadPart); err != nil {
			return err
		}
		if of, err = rows.Membership(); err != nil {
			return &fault.Error{Code: fault.ReportBroken, Op: "read user-teams report of " + date.String(), Err: err}
		}
		return r.owner.seeReport(reader.AccountID())
	})
	if err != nil {
		return nil, err
	}
	if forgotten := r.found.Conn.IsForgotten(); forgotten != nil {
		of, _ = of.Without(forgotten)
	}
	return of, nil
}

// keepMembership stores who is in which team on a day and, if people were read too, what the people of each team did. The day that names
// both is stored after that.
func (r *reader) keepMembership(before, day *ledger.Day, people peopleRead) error {
	had, has := ledger.Head{}, day.Head()
	if before != nil {
		had = before.Head()
	}
	if had.Teams != nil && *had.Teams == *has.Teams && had.UsersHash() == has.UsersHash() {
		return nil
	}
	if _, err := r.Store.KeepMembership(r.tidy, r.found.Conn.Ref, day.Date, people.teams); err != nil {
		return err
	}
	if people.roster == nil || people.roster.ContentHash() != has.UsersHash() {
		return nil
	}
	adder := team.NewAdder(people.teams)
	people.roster.Each(adder.Add)
	return r.Store.PutTeamDay(r.tidy, r.found.Conn.Ref, ledger.TeamDay{
		Date: day.Date, Users: has.UsersHash(), Membership: has.Teams.Hash, Basis: team.ByReport, Sums: adder.Sums(),
	})
}

// keepTeams renews the stored values of the teams of the months that were read. A failure does no harm, because readers can use the days
// instead, which takes longer. The next run tries again.
func (r *reader) keepTeams() {
	for _, month := range r.monthsRead() {
		r.noteKept(r.Store.KeepTeams(r.tidy, r.found.Conn.Ref, month))
	}
}
