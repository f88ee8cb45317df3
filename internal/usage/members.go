package usage

import (
	"context"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// members says who was in a team on which days of a range, and in how many teams they were on these days.
type members struct {
	name  string // the team's name, spelled as in the days
	days  map[int64][]memberDays
	whole metrics.Credits // the credits that the team used
}

// memberDays is a set of days of a month on which a person was in the team, and in so many teams.
type memberDays struct {
	first calendar.Date
	days  uint32
	teams uint32
}

// membersOf finds a team by its name, ignoring letter case.
func membersOf(teams *ledger.TeamRange, days calendar.Range, name string) *members {
	m := &members{name: name, days: map[int64][]memberDays{}}
	done := teams.Total(days)
	for known, used := range done.Credits() {
		if strings.EqualFold(known, name) {
			m.name, m.whole = known, used
		}
	}
	for _, month := range teams.Months {
		within := team.Mask(month.First, days) & month.Known()
		number := slices.Index(month.Teams(), m.name)
		for _, id := range month.Members(m.name) {
			month.Each(id, within, func(team, teams, days uint32) {
				if teams > 0 && int(team) == number {
					m.add(id, memberDays{month.First, days, teams})
				}
			})
		}
	}
	return m
}

// add adds days of a person. Days of a month with the same number of teams become one set, whatever the other teams were.
func (m *members) add(userID int64, more memberDays) {
	for i, of := range m.days[userID] {
		if of.first == more.first && of.teams == more.teams {
			m.days[userID][i].days |= more.days
			return
		}
	}
	m.days[userID] = append(m.days[userID], more)
}

// teams returns the number of teams in which a person was on a day, or 0 if they were not in this team.
func (m *members) teams(date calendar.Date, userID int64) uint32 {
	for _, of := range m.days[userID] {
		if at := date - of.first; at >= 0 && at < 32 && of.days&(1<<at) != 0 {
			return of.teams
		}
	}
	return 0
}

// throughout returns the number of teams in which a person was on some days of a month, or 0 if they were not in this team on any of
// them. same is false if this differs from day to day.
func (m *members) throughout(first calendar.Date, userID int64, active uint32) (teams uint32, same bool) {
	for _, of := range m.days[userID] {
		if of.first != first || of.days&active == 0 {
			continue
		}
		return of.teams, of.days&active == active
	}
	return 0, true
}

// everyMember calls take with everybody of a team, and returns on which days people are missing. It keeps all of them in memory, because
// the share of each in the team's credits depends on the others.
func (r Reader) everyMember(ctx context.Context, c *connector.Connector, days calendar.Range, name string, take func(*metrics.UserUsage)) (*metrics.PeopleShort, error) {
	teams, err := r.Store.TeamTotals(ctx, c.Ref, days)
	if err != nil {
		return nil, err
	}
	pages := r.pagesOf(c, days, teams.Heads).holding()
	return pages.short, pages.eachMember(ctx, membersOf(teams, days, name), take)
}
