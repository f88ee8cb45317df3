package usage

import (
	"context"
	"math/big"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/shard"
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
					m.days[id] = append(m.days[id], memberDays{month.First, days, teams})
				}
			})
		}
	}
	return m
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

// member adds up what a person did on their days in the team.
type member struct {
	sum     metrics.UserSum
	told    bool // at least one day has credits
	credits *big.Rat
}

// add adds a day on which the person was in so many teams.
func (m *member) add(date calendar.Date, u *metrics.UserDay, teams uint32) {
	day := *u
	day.Credits = metrics.Untold
	m.sum.Add(date, &day)
	if u.Credits != metrics.Untold {
		m.told = true
		m.credits.Add(m.credits, big.NewRat(int64(u.Credits), int64(teams)))
	}
}

// eachMember calls take with everybody of a team, with the sums of their days in the team. The credits of all of them add up to
// those of the team.
func (p *pages) eachMember(ctx context.Context, of *members, take func(*metrics.UserUsage)) error {
	finest, _ := finestPages(p.days)
	var wanted []int
	for id := range of.days {
		wanted = append(wanted, shard.Page(shard.Hash(id), finest))
	}
	slices.Sort(wanted)
	all := map[int64]*member{}
	pace := p.pace(len(slices.Compact(slices.Clone(wanted))))
	for done, page := range slices.Compact(wanted) {
		read, err := p.read(ctx, shard.Pages(page, page, finest))
		if err != nil {
			return err
		}
		for i, day := range p.days {
			for _, text := range read[i] {
				err := metrics.ReadPage(text, func(u *metrics.UserDay) error {
					teams := of.teams(day.Date, u.UserID)
					if teams == 0 || shard.Page(shard.Hash(u.UserID), finest) != page || slices.Contains(p.gone, u.UserID) {
						return nil
					}
					if all[u.UserID] == nil {
						all[u.UserID] = &member{credits: new(big.Rat)}
					}
					all[u.UserID].add(day.Date, u, teams)
					return nil
				})
				if err != nil {
					return broken(day.Date, err)
				}
			}
		}
		if err := pace(done + 1); err != nil {
			return err
		}
	}
	p.hand(all, of.whole, take)
	return nil
}

// hand divides the team's credits among its people.
func (p *pages) hand(all map[int64]*member, whole metrics.Credits, take func(*metrics.UserUsage)) {
	ids := make([]int64, 0, len(all))
	for id := range all {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	exact := make([]*big.Rat, len(ids))
	for i, id := range ids {
		exact[i] = all[id].credits
	}
	credits := team.Divided(whole, exact)
	for i, id := range ids {
		user := all[id].sum.Usage()
		if all[id].told {
			user.CreditsUsed = &credits[i]
			if p.credits != nil {
				user.CreditsShare = metrics.Share(int64(credits[i]), int64(*p.credits))
			}
		}
		user.Login = p.veil.Login(user.UserID, user.Login)
		take(&user)
	}
}

// everyMember calls take with everybody of a team, and returns on which days people are missing. It keeps all of them in memory, because
// the share of each in the team's credits depends on the others.
func (r Reader) everyMember(ctx context.Context, c *connector.Connector, days calendar.Range, name string, take func(*metrics.UserUsage)) (*metrics.PeopleShort, error) {
	teams, err := r.Store.TeamTotals(ctx, c.Ref, days)
	if err != nil {
		return nil, err
	}
	pages := r.pagesOf(c, teams.Heads).holding()
	return pages.short, pages.eachMember(ctx, membersOf(teams, days, name), take)
}
