package team

import (
	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Heads counts distinct people. A person counts once, even if they appear on many days.
type Heads struct{ People, Active, Engaged int64 }

// add counts one person. The flags say whether the person was there, active and engaged.
func (h *Heads) add(there, active, engaged bool) {
	for _, count := range []struct {
		of *int64
		is bool
	}{{&h.People, there}, {&h.Active, active}, {&h.Engaged, engaged}} {
		if count.is {
			*count.of++
		}
	}
}

// Headcount has the numbers of distinct people of a range, by team.
type Headcount struct {
	Teams      map[string]*Heads
	Unassigned Heads // people on days on which they were in no team
	Whole      Heads
}

// People holds what is known about the people of a month.
type People struct {
	Days   calendar.Range  // the counted days of the month
	Teams  *Month          // who was in which team
	Seats  *Month          // who held a seat, by the assigning team or ""; used on days whose teams are not known
	Active *activity.Month // who was active
}

// Count counts the people of several months. Membership in a hidden team counts as no team.
func Count(months []People, hidden map[string]bool) *Headcount {
	c := counter{months: make([]counted, len(months)), numbers: map[string]int{}, hidden: hidden}
	for i, month := range months {
		c.months[i] = counted{
			People: month, days: month.Active.Mask(month.Days), known: month.Teams.Known(),
			teams: c.number(month.Teams), seats: c.number(month.Seats),
		}
	}
	c.heads, c.seen = make([]Heads, len(c.names)), make([]presence, len(c.names))
	for {
		id, more := c.next()
		if !more {
			break
		}
		c.person(id)
	}
	count := &Headcount{Teams: make(map[string]*Heads, len(c.names)), Unassigned: c.unassigned, Whole: c.whole}
	for i, name := range c.names {
		if name != "" {
			count.Teams[name] = &c.heads[i]
		}
	}
	return count
}

// counter goes through the people of all months together, in the order of their ids.
type counter struct {
	months            []counted
	names             []string
	numbers           map[string]int
	hidden            map[string]bool
	heads             []Heads
	unassigned, whole Heads

	seen  []presence // one person's presence, by team
	where []int      // the teams that have an entry in seen
}

type presence struct{ there, active, engaged bool }

// counted is a month with the present positions in its lists.
type counted struct {
	People
	days, known  uint32
	teams, seats []int // the counter's number of each team of the month

	atTeams, atSeats, atActive int
}

func (c *counter) number(of *Month) []int {
	numbers := make([]int, len(of.teams))
	for i, name := range of.teams {
		if c.hidden[name] {
			name = ""
		}
		number, known := c.numbers[name]
		if !known {
			number = len(c.names)
			c.numbers[name], c.names = number, append(c.names, name)
		}
		numbers[i] = number
	}
	return numbers
}

// next returns the smallest id that has not been counted yet.
func (c *counter) next() (least int64, more bool) {
	take := func(id int64) {
		if !more || id < least {
			least, more = id, true
		}
	}
	for i := range c.months {
		m := &c.months[i]
		if m.atTeams < len(m.Teams.ids) {
			take(m.Teams.ids[m.atTeams])
		}
		if m.atSeats < len(m.Seats.ids) {
			take(m.Seats.ids[m.atSeats])
		}
		if id, ok := m.Active.ID(m.atActive); ok {
			take(id)
		}
	}
	return least, more
}

// person counts the person with the id, which must be the next one.
func (c *counter) person(id int64) {
	var free, all presence
	for i := range c.months {
		m := &c.months[i]
		var member, held, active, engaged uint32
		if a, ok := m.Active.ID(m.atActive); ok && a == id {
			active, engaged = m.Active.Days(m.atActive)
			m.atActive++
		}
		active, engaged = active&m.days, engaged&m.days
		in := func(team int, days uint32) {
			if c.names[team] == "" {
				held |= days
				return
			}
			member |= days
			c.see(team, days, active, engaged)
		}
		if m.atTeams < len(m.Teams.ids) && m.Teams.ids[m.atTeams] == id {
			for _, stay := range m.Teams.at(m.atTeams) {
				in(m.teams[stay.Team], stay.Days&m.days&m.known)
			}
			m.atTeams++
		}
		if m.atSeats < len(m.Seats.ids) && m.Seats.ids[m.atSeats] == id {
			for _, stay := range m.Seats.at(m.atSeats) {
				held |= stay.Days & m.days
				in(m.seats[stay.Team], stay.Days&m.days&^m.known)
			}
			m.atSeats++
		}
		free.add(held&^member, active&^member, engaged&^member)
		all.add(member|held, active, engaged)
	}
	c.unassigned.add(free.there, free.active, free.engaged)
	c.whole.add(all.there, all.active, all.engaged)
	for _, team := range c.where {
		c.heads[team].add(c.seen[team].there, c.seen[team].active, c.seen[team].engaged)
		c.seen[team] = presence{}
	}
	c.where = c.where[:0]
}

// see notes the days of the person in a team.
func (c *counter) see(team int, days, active, engaged uint32) {
	if days == 0 {
		return
	}
	if !c.seen[team].there {
		c.where = append(c.where, team)
	}
	c.seen[team].add(days, active&days, engaged&days)
}

// add notes days of a person. A person who was active on a day was there.
func (p *presence) add(there, active, engaged uint32) {
	p.there = p.there || there|active != 0
	p.active = p.active || active != 0
	p.engaged = p.engaged || engaged != 0
}
