package cost

import (
	"math/big"
	"math/bits"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// division counts seats by team. Teams have numbers, because an account has thousands of teams and a hundred thousand people.
type division struct {
	teams *team.Month // who was in which team
	told  uint32      // the days of which teams knows the membership, one bit a day; on other days seats tell the teams
	names *numbers
	known []uint32 // the number of each team of teams

	days counts      // seat-days
	last []int64     // by the number of a team: seats on the last counted day, whole in each team
	held []team.Held // who held a seat on which days
}

// numbers gives numbers to the names of teams. 0 is the number of noTeam.
type numbers struct {
	names []string
	of    map[string]uint32
}

func (n *numbers) number(name string) uint32 {
	number, known := n.of[name]
	if !known {
		number = uint32(len(n.names)) //nolint:gosec // bounded
		n.of[name], n.names = number, append(n.names, name)
	}
	return number
}

// counts has a count for each plan, number of teams of a seat's holder, and number of a team. A seat counts whole in each team. There are
// only a few plans and numbers of teams, so finding one in a list is faster than in a map.
type counts []alike

// alike are seats of a plan whose holders are in so many teams: a count for each team.
type alike struct {
	PlanShare
	byTeam []int64
}

func (c *counts) add(of PlanShare, number uint32, n int64) {
	at := slices.IndexFunc(*c, func(a alike) bool { return a.Teams == of.Teams && a.Plan == of.Plan })
	if at < 0 {
		at, *c = len(*c), append(*c, alike{PlanShare: of})
	}
	(*c)[at].byTeam = added((*c)[at].byTeam, number, n)
}

func added(list []int64, number uint32, n int64) []int64 {
	if short := int(number) + 1 - len(list); short > 0 {
		list = append(list, make([]int64, short)...)
	}
	list[number] += n
	return list
}

func newDivision(teams *team.Month) *division {
	d := &division{teams: teams, told: teams.Known(), names: &numbers{of: map[string]uint32{}}}
	d.names.number(noTeam)
	for _, name := range teams.Teams() {
		d.known = append(d.known, d.names.number(name))
	}
	return d
}

// clone returns a copy that can be added to. Both give teams the same numbers.
func (d *division) clone() *division {
	c := *d
	c.days, c.last, c.held = slices.Clone(d.days), slices.Clone(d.last), slices.Clip(d.held)
	for i := range c.days {
		c.days[i].byTeam = slices.Clone(c.days[i].byTeam)
	}
	return &c
}

// expect makes room for so many people.
func (d *division) expect(people int) { d.held = slices.Grow(d.held, people) }

// hold adds days of n equal seats, one bit a day. last is the bit of the last counted day, if it is one of them.
func (d *division) hold(held *seat.Seat, n int64, days, last uint32) {
	d.each(held, days, func(number uint32, teams int64, days uint32) {
		d.days.add(PlanShare{held.Plan, teams}, number, n*int64(bits.OnesCount32(days)))
		if days&last != 0 {
			d.last = added(d.last, number, n)
		}
	})
	if held.UserID != nil {
		d.held = append(d.held, team.Held{UserID: *held.UserID, Team: held.Team, Days: days})
	}
}

// each calls take with each team of a seat's holder, or noTeam, and with the number of the holder's teams on these days. On days without
// known teams it uses the seat's own team.
func (d *division) each(held *seat.Seat, days uint32, take func(number uint32, teams int64, days uint32)) {
	known := d.told & days
	if bySeat := days &^ known; bySeat != 0 {
		take(d.names.number(held.Team), 1, bySeat)
	}
	switch {
	case known == 0:
	case held.UserID == nil:
		take(0, 1, known)
	default:
		d.teams.Each(*held.UserID, known, func(at, teams, days uint32) {
			if teams == 0 {
				take(0, 1, days)
			} else {
				take(d.known[at], int64(teams), days)
			}
		})
	}
}

// costs returns an exact cost for each team with a count, given the price of a whole one. The cost is nil if one of its prices is unknown.
func (d *division) costs(of counts, price func(copilot.Plan) *big.Rat) map[string]*big.Rat {
	costs := map[string]*big.Rat{}
	for _, alike := range of {
		part := price(alike.Plan)
		if part != nil {
			part = new(big.Rat).Mul(part, big.NewRat(1, alike.Teams))
		}
		for number, n := range alike.byTeam {
			if n == 0 {
				continue
			}
			name := d.names.names[number]
			var cost *big.Rat
			if part != nil {
				cost = new(big.Rat).SetInt64(n)
				cost.Mul(cost, part)
			}
			if sum, known := costs[name]; known {
				cost = plus(sum, cost)
			}
			costs[name] = cost
		}
	}
	return costs
}

// byName returns the counts of teams that are not 0, by name.
func (d *division) byName(list []int64) map[string]int64 {
	named := map[string]int64{}
	for number, n := range list {
		if n != 0 {
			named[d.names.names[number]] = n
		}
	}
	return named
}

// sizes returns the count of each team, whole in each.
func (d *division) sizes(of counts) map[string]int64 {
	var all []int64
	for _, alike := range of {
		for number, n := range alike.byTeam {
			all = added(all, uint32(number), n)
		}
	}
	return d.byName(all)
}

// fill adds the seat-days to the rows of the teams. The last row is the one of no team, to which small teams belong.
func (d *division) fill(rows []TeamRow, small map[string]bool) {
	places := make(map[string]*TeamRow, len(rows))
	for i := range rows {
		if name := rows[i].Team; name != nil {
			places[*name] = &rows[i]
		}
	}
	for _, alike := range d.days {
		for number, days := range alike.byTeam {
			if days == 0 {
				continue
			}
			row := &rows[len(rows)-1]
			if name := d.names.names[number]; name != noTeam && !small[name] {
				row = places[name]
			}
			*row.SeatDays += days
			row.DaysByPlan[alike.PlanShare] += days
		}
	}
}
