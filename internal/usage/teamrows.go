package usage

import (
	"context"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// TeamDay is what a team did on a day. Its usage is empty if the people of the day are not known.
type TeamDay struct {
	Date  calendar.Date
	State metrics.State
	Basis team.Basis
	Team  *string // nil: the people in no team
	Usage metrics.Usage
}

// TeamRows returns a row for each day and team, with teams by name, and after them one for the people in no team. A day that is not
// stored has only this last row.
func (r Reader) TeamRows(ctx context.Context, c *connector.Connector, days calendar.Range) ([]TeamDay, error) {
	var list []metrics.Day
	var stored []ledger.Day
	var teams *ledger.TeamRange
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) { stored, err = r.Store.Days(reading, c.Ref, days); return err })
	group.Go(func() (err error) { teams, err = r.Store.Teams(reading, c.Ref, days); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	known := map[calendar.Date]bool{}
	for i := range stored {
		known[stored[i].Date] = stored[i].Users != nil || stored[i].Quiet()
	}
	list = r.fill(c, days, stored)
	var rows []TeamDay
	for i := range list {
		if err := fault.InTime(ctx, "add up teams"); err != nil {
			return nil, err
		}
		day, done := &list[i], &team.Sums{}
		if of := teams.Sums[day.Date]; of != nil {
			done = of.Sums
			done.Hide(hiddenOn(c, teams, day.Date))
		}
		rows = append(rows, rowsOf(day, teams.Basis(day.Date), done, known[day.Date])...)
	}
	return rows, nil
}

func rowsOf(day *metrics.Day, basis team.Basis, done *team.Sums, known bool) (rows []TeamDay) {
	credits := done.Credits()
	add := func(name *string, sum *team.Sum, used metrics.Credits) {
		row := TeamDay{Date: day.Date, State: day.State, Basis: basis, Team: name}
		if known {
			row.Usage = usageOf(sum, sum.Active, sum.Engaged)
			if name == nil && done.Blurred {
				row.Usage.ActiveUsers, row.Usage.EngagedUsers = nil, nil
			}
			if day.CreditsUsed != nil {
				row.Usage.CreditsUsed = &used
			}
		}
		rows = append(rows, row)
	}
	for _, name := range slices.Sorted(maps.Keys(done.Teams)) {
		add(&name, done.Teams[name], credits[name])
	}
	add(nil, &done.Unassigned, credits[""])
	return rows
}

// hiddenOn returns the teams that are too small to be shown on a day.
func hiddenOn(c *connector.Connector, teams *ledger.TeamRange, date calendar.Date) map[string]bool {
	hidden := map[string]bool{}
	if c.Veil().ShowsGroup(0) {
		return hidden
	}
	for _, month := range teams.Months {
		if date.FirstOfMonth() != month.First {
			continue
		}
		for name, people := range month.Sizes(date) {
			hidden[name] = !c.Veil().ShowsGroup(people)
		}
	}
	return hidden
}
