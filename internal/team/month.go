package team

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// daysOfAMonth is the number of days of the longest months.
const daysOfAMonth = 31

// Memberships names the current membership of each day of a month, by its hash. An empty name means that there is none.
type Memberships [daysOfAMonth]string

// Stay has the days of a month on which a person was in a team, one bit a day.
type Stay struct {
	Team uint32 // a place in Month.Teams
	Days uint32
}

// Month is who was in which team on which days of a month, by user id. It holds exactly what the memberships of its days hold.
// Most people stay where they are, so it takes little more than one membership.
type Month struct {
	First calendar.Date
	Of    Memberships

	teams []string // in any order
	ids   []int64  // ascending
	ends  []uint32
	stays []Stay
}

// Teams returns the slugs, each once, in any order.
func (m *Month) Teams() []string { return m.teams }

// Known has a bit for each day whose membership is known.
func (m *Month) Known() (days uint32) {
	for i, name := range m.Of {
		if name != "" {
			days |= 1 << i
		}
	}
	return days
}

// Stays returns the teams of a person.
func (m *Month) Stays(userID int64) []Stay {
	at, ok := slices.BinarySearch(m.ids, userID)
	if !ok {
		return nil
	}
	return m.at(at)
}

// Everybody calls take with each person, by ascending id, and with their teams.
func (m *Month) Everybody(take func(userID int64, teams []Stay)) {
	for i, id := range m.ids {
		take(id, m.at(i))
	}
}

func (m *Month) at(i int) []Stay {
	begin := uint32(0)
	if i > 0 {
		begin = m.ends[i-1]
	}
	return m.stays[begin:m.ends[i]]
}

// add adds the stays of a person whose id is larger than all others. It leaves out stays without a day.
func (m *Month) add(userID int64, stays []Stay) {
	begin := len(m.stays)
	for _, stay := range stays {
		if stay.Days != 0 {
			m.stays = append(m.stays, stay)
		}
	}
	if len(m.stays) > begin {
		m.ids, m.ends = append(m.ids, userID), append(m.ends, uint32(len(m.stays))) //nolint:gosec // bounded
	}
}

// Held is a seat that a person holds on days of a month, one bit a day, and the team that assigned it, "" for none.
type Held struct {
	UserID int64
	Team   string
	Days   uint32
}

// HeldIn returns a month from seats, which may be in any order. Its memberships are unknown.
func HeldIn(first calendar.Date, seats []Held) *Month {
	m := &Month{First: first}
	numbers := map[string]uint32{}
	seats = byPerson(seats)
	var stays []Stay
	for i, seat := range seats {
		number, known := numbers[seat.Team]
		if !known {
			number = uint32(len(m.teams)) //nolint:gosec // bounded
			numbers[seat.Team], m.teams = number, append(m.teams, seat.Team)
		}
		if stays = with(stays, number, seat.Days); i == len(seats)-1 || seats[i+1].UserID != seat.UserID {
			m.add(seat.UserID, stays)
			stays = stays[:0]
		}
	}
	return m
}

// byPerson returns seats by ascending id. Most of them are already in order: all after the last one that is out of place.
func byPerson(seats []Held) []Held {
	compare := func(a, b Held) int { return cmp.Compare(a.UserID, b.UserID) }
	at := len(seats)
	for at > 0 && (at == len(seats) || seats[at-1].UserID <= seats[at].UserID) {
		at--
	}
	few, rest := slices.SortedStableFunc(slices.Values(seats[:at]), compare), seats[at:]
	if len(few) == 0 {
		return rest
	}
	ordered := make([]Held, 0, len(seats))
	for _, held := range rest {
		for len(few) > 0 && few[0].UserID <= held.UserID {
			ordered, few = append(ordered, few[0]), few[1:]
		}
		ordered = append(ordered, held)
	}
	return append(ordered, few...)
}

// Members returns the ids of everybody who was in a team on any day, ascending.
func (m *Month) Members(name string) (ids []int64) {
	number := slices.Index(m.teams, name)
	for i, id := range m.ids {
		if slices.ContainsFunc(m.at(i), func(stay Stay) bool { return int(stay.Team) == number }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// On returns the teams of a person on a day, in the order of names.
func (m *Month) On(userID int64, day calendar.Date) []string {
	names := []string{}
	for _, stay := range m.Stays(userID) {
		if stay.Days&(1<<(day-m.First)) != 0 {
			names = append(names, m.teams[stay.Team])
		}
	}
	slices.Sort(names)
	return names
}

// Sizes returns how many people are in each team on a day.
func (m *Month) Sizes(on calendar.Date) map[string]int {
	sizes := map[string]int{}
	days := Mask(m.First, calendar.Range{From: on, To: on})
	for _, stay := range m.stays {
		if stay.Days&days != 0 {
			sizes[m.teams[stay.Team]]++
		}
	}
	return sizes
}

// Each calls take with each team of a person, as a place in Teams, with the number of the person's teams and the days, one bit a day, on
// which these are their teams. For days on which the person is in no team, this number is 0. The teams of all given days must be known.
func (m *Month) Each(userID int64, days uint32, take func(team, teams, days uint32)) {
	stays := m.Stays(userID)
	for left := days; left != 0; {
		same, teams := left, uint32(0) // the days with the same teams as the first one
		first := left & -left
		for _, stay := range stays {
			if stay.Days&first != 0 {
				same, teams = same&stay.Days, teams+1
			} else {
				same &^= stay.Days
			}
		}
		for _, stay := range stays {
			if stay.Days&first != 0 {
				take(stay.Team, teams, same)
			}
		}
		if teams == 0 {
			take(0, 0, same)
		}
		left &^= same
	}
}

// Mask has a bit for each day of the month that lies in a range.
func Mask(first calendar.Date, days calendar.Range) uint32 {
	from, to := max(days.From, first), min(days.To, first.EndOfMonth())
	if from > to {
		return 0
	}
	return (uint32(1)<<(to-from+1) - 1) << (from - first)
}

// Set replaces the teams of a day by a membership. nil means that there is none.
func (m *Month) Set(day calendar.Date, name string, of *Membership) error {
	column := int(day - m.First)
	if column < 0 || column >= daysOfAMonth {
		return errors.New("the day is not in the month")
	}
	if of == nil {
		of, name = &Membership{}, ""
	}
	next := &Month{First: m.First, Of: m.Of, teams: m.teams}
	next.Of[column] = name
	numbers := next.numbersOf(of.teams)
	bit := uint32(1) << column
	var stays []Stay
	for i, j := 0, 0; i < len(m.ids) || j < len(of.ids); {
		mine, theirs := i < len(m.ids), j < len(of.ids)
		mine, theirs = mine && (!theirs || m.ids[i] <= of.ids[j]), theirs && (!mine || of.ids[j] <= m.ids[i])
		stays = stays[:0]
		var id int64
		if mine {
			id = m.ids[i]
			for _, stay := range m.at(i) {
				stays = append(stays, Stay{stay.Team, stay.Days &^ bit})
			}
			i++
		}
		if theirs {
			id = of.ids[j]
			for _, team := range of.at(j) {
				stays = with(stays, numbers[team], bit)
			}
			j++
		}
		next.add(id, stays)
	}
	*m = *next
	return nil
}

// numbersOf returns the month's numbers of teams. It adds teams that the month does not have.
func (m *Month) numbersOf(teams []string) []uint32 {
	known := make(map[string]uint32, len(m.teams))
	for i, team := range m.teams {
		known[team] = uint32(i)
	}
	m.teams = slices.Clip(m.teams)
	numbers := make([]uint32, len(teams))
	for i, team := range teams {
		number, ok := known[team]
		if !ok {
			number = uint32(len(m.teams)) //nolint:gosec // bounded
			m.teams = append(m.teams, team)
		}
		numbers[i] = number
	}
	return numbers
}

func with(stays []Stay, team, days uint32) []Stay {
	for i := range stays {
		if stays[i].Team == team {
			stays[i].Days |= days
			return stays
		}
	}
	return append(stays, Stay{team, days})
}

// Bytes returns the stored form: columns, because they compress well.
func (m *Month) Bytes() []byte {
	text := appendNames(nil, m.Of[:])
	text = appendNames(text, m.teams)
	text = appendIDs(text, m.ids)
	for i := range m.ids {
		text = binary.AppendUvarint(text, uint64(len(m.at(i))))
	}
	for _, stay := range m.stays {
		text = binary.AppendUvarint(text, uint64(stay.Team))
	}
	for shift := 0; shift < 32; shift += 8 {
		for _, stay := range m.stays {
			text = append(text, byte(stay.Days>>shift)) //nolint:gosec // the byte that is meant
		}
	}
	return text
}

// ReadMonth reads the stored form of a month.
func ReadMonth(first calendar.Date, text []byte) (*Month, error) {
	r := reader{text: text}
	m := &Month{First: first}
	if copy(m.Of[:], r.names()) != len(m.Of) {
		return nil, errDamaged
	}
	m.teams, m.ids = r.names(), r.ids()
	m.ends = make([]uint32, len(m.ids))
	end := uint64(0)
	for i := range m.ids {
		end += r.number(maxTeams)
		m.ends[i] = uint32(min(end, maxEnd))
	}
	if end > uint64(len(r.text)) {
		return nil, errDamaged
	}
	m.stays = make([]Stay, end)
	for i := range m.stays {
		m.stays[i].Team = uint32(r.number(uint64(len(m.teams)) - 1)) //nolint:gosec // bounded
	}
	for shift := 0; shift < 32; shift += 8 {
		for i, b := range r.bytes(len(m.stays)) {
			m.stays[i].Days |= uint32(b) << shift
		}
	}
	if r.damaged || len(r.text) > 0 {
		return nil, errDamaged
	}
	return m, nil
}
