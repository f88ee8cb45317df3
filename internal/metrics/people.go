package metrics

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// People is who used Copilot on a day or over a range, by GitHub's user id: logins change. The zero value is nobody.
//
// Everybody GitHub lists counts as active. GitHub also lists people whom only its servers saw, with all counts
// at zero, and counts them in daily_active_users (GitHub changelog, 2026-06-15).
type People struct{ byID map[int64]person }

// person is small: there are many.
type person struct {
	lastActive int32 // a calendar.Date
	engaged    bool
}

func personOn(day calendar.Date, engaged bool) person {
	return person{lastActive: int32(day), engaged: engaged} //nolint:gosec // years have four digits
}

// Active is the number of distinct people.
func (p *People) Active() int64 { return int64(len(p.byID)) }

// Engaged is the number of distinct people with an interaction, a generation or an acceptance.
func (p *People) Engaged() int64 {
	var n int64
	for _, who := range p.byID {
		if who.engaged {
			n++
		}
	}
	return n
}

// Headcount is how many distinct people were active, and how many of them engaged.
type Headcount struct{ Active, Engaged int64 }

// Count counts them; nil of nil, who are not known.
func (p *People) Count() *Headcount {
	if p == nil {
		return nil
	}
	return &Headcount{Active: p.Active(), Engaged: p.Engaged()}
}

// LastActive returns the last of the days on which the person used Copilot.
func (p *People) LastActive(userID int64) (day calendar.Date, ok bool) {
	who, ok := p.byID[userID]
	return calendar.Date(who.lastActive), ok
}

// Merge adds the people of other days: each counts once, however many days they come from.
func (p *People) Merge(other *People) {
	if p.byID == nil {
		p.byID = make(map[int64]person, len(other.byID))
	}
	for id, theirs := range other.byID {
		ours := p.byID[id]
		p.byID[id] = person{lastActive: max(theirs.lastActive, ours.lastActive), engaged: theirs.engaged || ours.engaged}
	}
}

// Bytes returns the form in which the people of one day are stored: their ids in order, each as its distance from the one
// before, negative for who was engaged, as binary.Varint. The day is not in it.
func (p *People) Bytes() []byte {
	var text []byte
	var last int64
	for _, id := range slices.Sorted(maps.Keys(p.byID)) {
		distance := id - last
		if p.byID[id].engaged {
			distance = -distance
		}
		text, last = binary.AppendVarint(text, distance), id
	}
	return text
}

// ReadPeople returns the people of that day from their stored form.
func ReadPeople(day calendar.Date, text []byte) (*People, error) {
	people := &People{byID: map[int64]person{}}
	err := EachOfSet(day, text, func(id int64, engaged bool) { people.byID[id] = personOn(day, engaged) })
	if err != nil {
		return nil, err
	}
	return people, nil
}

// EachOfSet hands everybody in the stored people of a day to each, in the order of their ids.
func EachOfSet(day calendar.Date, text []byte, each func(id int64, engaged bool)) error {
	var last int64
	for people := 0; len(text) > 0; people++ {
		distance, n := binary.Varint(text)
		engaged := distance < 0
		if engaged {
			distance = -distance
		}
		if n <= 0 || distance <= 0 || distance > math.MaxInt64-last || people == MaxPeople {
			return errors.New("read the people of " + day.String() + ": they are damaged")
		}
		last += distance
		each(last, engaged)
		text = text[n:]
	}
	return nil
}
