package metrics

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// rosterBits is how many bits of the hash choose a bucket.
const rosterBits = 12

// maxBucket bounds the people of one bucket. MaxPeople make about 120; ids that were chosen for their hashes make more.
const maxBucket = 512

// Roster is everybody's numbers of one day, in the form in which they are stored. The zero value is empty.
type Roster struct {
	buckets [1 << rosterBits]bucket
	people  int
	one     []byte // a person as they come in
}

// bucket holds its people in the order of their hashes: of each what lies on the page, and behind it the details.
type bucket struct {
	text   []byte
	people int
}

// nextOf returns the first person of a bucket with the details, and the others.
func nextOf(text []byte) (known storedUser, packed, rest []byte) {
	known, rest, _ = nextUser(text) // what Add wrote is sound
	details, rest, _ := nextUser(rest)
	return known, details.fields, rest
}

// both returns somebody as they lie in a bucket, until it is called again.
func (r *Roster) both(u *UserDay) []byte {
	r.one = binary.AppendVarint(u.append(r.one[:0]), int64(len(u.Details)))
	r.one = append(r.one, u.Details...)
	return r.one
}

// Add takes a person in, or what another row tells of one who is in already: then the larger of two values stands, so
// that the order of rows does not matter.
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

// UserTotals is what a per-user report tells of everybody together.
type UserTotals struct {
	Active  int64    // distinct people
	Engaged int64    // those of them with an interaction, generation or acceptance
	Credits *Credits // nil when GitHub told none
}

// Totals returns what the report tells of everybody together.
func (r *Roster) Totals() UserTotals {
	totals, credits := UserTotals{Active: int64(r.people)}, Credits(Untold)
	for u := range r.everybody {
		if u.Engaged {
			totals.Engaged++
		}
		credits = credits.plus(u.Credits)
	}
	totals.Credits = credits.Ptr()
	return totals
}

// Set returns the stored form of who was active, as People.Bytes does.
func (r *Roster) Set() []byte {
	ids := make([]int64, 0, r.people) // negative for who was engaged
	for u := range r.everybody {
		id := u.UserID
		if u.Engaged {
			id = -id
		}
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int { return cmp.Compare(max(a, -a), max(b, -b)) })
	text, last := make([]byte, 0, 4*len(ids)), int64(0)
	for _, id := range ids {
		distance := max(id, -id) - last
		last += distance
		if id < 0 {
			distance = -distance
		}
		text = binary.AppendVarint(text, distance)
	}
	return text
}

// People returns who was active, given the day of the roster.
func (r *Roster) People(day calendar.Date) *People {
	people := &People{byID: make(map[int64]person, r.people)}
	for u := range r.everybody {
		people.byID[u.UserID] = personOn(day, u.Engaged)
	}
	return people
}

// Each hands everybody to take; the UserDay is only valid during the call.
func (r *Roster) Each(take func(*UserDay)) {
	for u := range r.everybody {
		take(u)
	}
}

// everybody yields each person without the login; the UserDay is only valid until the next.
func (r *Roster) everybody(yield func(*UserDay) bool) {
	var u UserDay
	for i := range r.buckets {
		for text := r.buckets[i].text; len(text) > 0; {
			known, _, rest := nextOf(text)
			if u, _, _ = known.numbers(); !yield(&u) {
				return
			}
			text = rest
		}
	}
}
