package metrics

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// People is the set of people who used Copilot on a day or over a range. It uses GitHub's user ids, because logins change. The zero
// value is nobody.
//
// Everybody whom GitHub lists counts as active. GitHub also lists people whom only its servers saw, with all counts zero, and counts
// them in daily_active_users (GitHub changelog, 2026-06-15).
type People struct{ byID map[int64]person }

// person must be small, because there are many.
type person struct {
	lastActive int32 // a calendar.Date
	engaged    bool
}

func personOn(day calendar.Date, engaged bool) person {
	return person{lastActive: int32(day), engaged: engaged} //nolint:gosec // years have four digits
}

// Active returns the number of distinct people.
func (p *People) Active() int64 { return int64(len(p.byID)) }

// Engaged returns the number of distinct people with an interaction, a generation or an acceptance.
func (p *People) Engaged() int64 {
	var n int64
	for _, who := range p.byID {
		if who.engaged {
			n++
		}
	}
	return n
}

// Headcount is the number of distinct active people, and of those who were engaged.
type Headcount struct{ Active, Engaged int64 }

// Count returns the headcount, or nil for nil people, who are unknown.
func (p *People) Count() *Headcount {
	if p == nil {
		return nil
	}
	return &Headcount{Active: p.Active(), Engaged: p.Engaged()}
}

// LastActive returns the last day on which a person used Copilot.
func (p *People) LastActive(userID int64) (day calendar.Date, ok bool) {
	who, ok := p.byID[userID]
	return calendar.Date(who.lastActive), ok
}

// Merge adds the people of other days. A person counts once.
func (p *People) Merge(other *People) {
	if p.byID == nil {
		p.byID = make(map[int64]person, len(other.byID))
	}
	for id, theirs := range other.byID {
		ours := p.byID[id]
		p.byID[id] = person{lastActive: max(theirs.lastActive, ours.lastActive), engaged: theirs.engaged || ours.engaged}
	}
}

// Bytes returns the stored form of the people of one day: their ids in ascending order, each as its difference from the one before, as
// binary.Varint. The difference is negative if the person was engaged. The form does not contain the day.
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

// ReadPeople returns the people of a day from their stored form.
func ReadPeople(day calendar.Date, text []byte) (*People, error) {
	people := &People{byID: map[int64]person{}}
	err := EachOfSet(day, text, func(id int64, engaged bool) { people.byID[id] = personOn(day, engaged) })
	if err != nil {
		return nil, err
	}
	return people, nil
}

// EachOfSet calls each with everybody in the stored people of a day, in the order of their ids.
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
