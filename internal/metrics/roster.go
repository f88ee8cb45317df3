package metrics

import (
	"encoding/binary"
	"errors"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// rosterBits is the number of bits of the hash that choose a bucket.
const rosterBits = 13

// maxBucket bounds the people of one bucket. With MaxPeople a bucket has about 60. Only ids that were chosen for their hashes can
// make more.
const maxBucket = 512

// Roster holds everybody's numbers of one day in their stored form. The zero value is empty.
type Roster struct {
	buckets [1 << rosterBits]bucket
	people  int
	one     []byte // the stored form of the person who is being added
}

// bucket holds its people in the order of their hashes: for each the bytes for the page, followed by the details.
type bucket struct {
	text   []byte
	people int
}

// nextOf returns the first person of a bucket with the details, and the rest of the bucket.
func nextOf(text []byte) (known storedUser, packed, rest []byte) {
	known, rest, _ = nextUser(text) // Add wrote it, so it is valid
	details, rest, _ := nextUser(rest)
	return known, details.fields, rest
}

// both returns a person in the form of a bucket. The result is valid until the next call.
func (r *Roster) both(u *UserDay) []byte {
	r.one = binary.AppendVarint(u.append(r.one[:0]), int64(len(u.Details)))
	r.one = append(r.one, u.Details...)
	return r.one
}

// Add adds a person's row. If the person is already in the roster, the larger of two values stays, so that the order of rows does not
// matter.
func (r *Roster) Add(u *UserDay) error {
	hash := shard.Hash(u.UserID)
	b := &r.buckets[hash>>(64-rosterBits)]
	text := b.text
	for len(text) > 0 {
		known, packed, rest := nextOf(text)
		if id := known.id(); id == u.UserID {
			both, _ := known.userDay()
			both.Details = packed
			both.merge(u)
			at := len(b.text) - len(text)
			b.text = slices.Replace(b.text, at, len(b.text)-len(rest), r.both(&both)...)
			return nil
		} else if shard.Hash(id) > hash {
			break
		}
		text = rest
	}
	if r.people == MaxPeople {
		return errors.New("there are more people than an account can have")
	}
	if b.people == maxBucket {
		return errors.New("its user ids are none that GitHub gives out")
	}
	b.text = slices.Insert(b.text, len(b.text)-len(text), r.both(u)...)
	b.people++
	r.people++
	return nil
}

// UserTotals are the totals of a per-user report.
type UserTotals struct {
	Active  int64    // distinct people
	Engaged int64    // people with an interaction, a generation or an acceptance
	Credits *Credits // nil if GitHub told none
}

// Totals returns the totals of the report.
func (r *Roster) Totals() UserTotals {
	totals, credits := UserTotals{Active: int64(r.people)}, Credits(Untold)
	for u := range r.everybody {
		if u.engaged {
			totals.Engaged++
		}
		credits = credits.plus(u.credits())
	}
	totals.Credits = credits.Ptr()
	return totals
}

// Set returns the active people in the stored form of People.Bytes.
func (r *Roster) Set() []byte {
	people := make([]uint64, 0, r.people) // the id, and as the last bit whether the person was engaged
	for u := range r.everybody {
		who := uint64(u.id()) << 1 //nolint:gosec // ids are positive
		if u.engaged {
			who |= 1
		}
		people = append(people, who)
	}
	slices.Sort(people)
	text, last := make([]byte, 0, 4*len(people)), int64(0)
	for _, who := range people {
		id := int64(who >> 1)
		distance := id - last
		if who&1 == 1 {
			distance = -distance
		}
		text, last = binary.AppendVarint(text, distance), id
	}
	return text
}

// People returns the active people. It takes the day of the roster.
func (r *Roster) People(day calendar.Date) *People {
	people := &People{byID: make(map[int64]person, r.people)}
	for u := range r.everybody {
		people.byID[u.id()] = personOn(day, u.engaged)
	}
	return people
}

// Each calls take with everybody, without the login. The UserDay is valid only during the call.
func (r *Roster) Each(take func(*UserDay)) {
	var u UserDay
	for known := range r.everybody {
		u, _, _ = known.numbers()
		take(&u)
	}
}

func (r *Roster) everybody(yield func(storedUser) bool) {
	for i := range r.buckets {
		for text := r.buckets[i].text; len(text) > 0; {
			known, _, rest := nextOf(text)
			if !yield(known) {
				return
			}
			text = rest
		}
	}
}
