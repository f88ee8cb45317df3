package metrics

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// People is who used Copilot on a day or over a range, by GitHub's user id: logins change. The zero value is nobody.
//
// Everybody GitHub lists counts as active. GitHub also lists people whom only its servers saw, with all counts
// at zero, and counts them in daily_active_users (GitHub changelog, 2026-06-15).
type People struct{ byID map[int64]person }

type person struct {
	lastActive int32 // a connector.Date
	engaged    bool
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

// LastActive returns the last of the days on which the person used Copilot.
func (p *People) LastActive(userID int64) (day connector.Date, ok bool) {
	who, ok := p.byID[userID]
	return connector.Date(who.lastActive), ok
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

// Bytes returns the form in which the people of one day are stored: their ids in order, each as its distance to the one
// before, doubled, plus one for who was engaged, as varints. The day is not in it.
func (p *People) Bytes() []byte {
	var text []byte
	var last int64
	for _, id := range slices.Sorted(maps.Keys(p.byID)) {
		n := uint64(id-last) << 1
		if p.byID[id].engaged {
			n++
		}
		text, last = binary.AppendUvarint(text, n), id
	}
	return text
}

// ReadPeople returns the people of that day from their stored form.
func ReadPeople(day connector.Date, text []byte) (*People, error) {
	people := &People{byID: map[int64]person{}}
	var last int64
	for len(text) > 0 {
		n, size := binary.Uvarint(text)
		distance := n >> 1
		if size <= 0 || distance == 0 || distance > uint64(math.MaxInt64-last) || len(people.byID) == MaxPeople {
			return nil, errors.New("read the people of " + day.String() + ": they are damaged")
		}
		last += int64(distance)
		people.byID[last] = person{lastActive: int32(day), engaged: n&1 == 1}
		text = text[size:]
	}
	return people, nil
}
