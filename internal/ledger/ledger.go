// Package ledger holds what is known of an account's days and how that came about: which revision of GitHub's numbers
// stands, what each revision changed, and when a day is settled.
package ledger

import (
	"encoding/json"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Day is a day as it is stored: what the Admin API shows of it, and what only we need.
type Day struct {
	metrics.Day

	// Settled says that the day need not be read again: both parts were read late enough to be final, or nobody was active.
	Settled bool `json:"settled"`

	// Users is the per-user report that stands; nil when there is none (yet).
	Users *Users `json:"users,omitempty"`

	// Changes are what GitHub restated after the first reading, oldest first. The oldest go once there are many.
	Changes []Change `json:"changes,omitempty"`

	// Version is the store's; 0 for a day that is not stored.
	Version int64 `json:"-"`
}

// Users says which per-user report stands.
type Users struct {
	Hash   string `json:"hash"`   // of its content; names its pages in the store
	Pages  int    `json:"pages"`  // of everybody's numbers, a power of two
	People int64  `json:"people"` // distinct people in it
}

// Change is one restatement.
type Change struct {
	At       time.Time `json:"at"`
	Revision int       `json:"revision"` // the one that it led to
	Moved    []Move    `json:"moved"`    // may be empty: only a breakdown or single people changed
}

// Move is a number that a restatement changed; nil is unknown.
type Move struct {
	What string   `json:"what"`
	From *float64 `json:"from"`
	To   *float64 `json:"to"`
}

// maxChanges bounds a day's history: a report that is restated at each poll until it is final has four.
const maxChanges = 20

// Reading is what a poll read of a day: the aggregate report, and the per-user report where there was one.
type Reading struct {
	Usage  *metrics.Usage
	Users  *Users              // nil: none, or none that could be read whole
	Totals *metrics.UserTotals // of Users
	At     time.Time
}

// Quiet says that nobody was active, so that no per-user report is to be expected.
func (d *Day) Quiet() bool { return d.ActiveUsers != nil && *d.ActiveUsers == 0 }

// Has says that the day has numbers.
func (d *Day) Has() bool { return d != nil && d.Revision > 0 }

// PeopleKnown says that everybody who was active is known by name.
func (d *Day) PeopleKnown() bool { return d.Users != nil || d.Quiet() }

// Shown returns the day as it is shown: it says how many of the active people were read, also of a day that was stored
// without that.
func (d *Day) Shown() metrics.Day {
	shown, read := d.Day, int64(0)
	if d.Users != nil {
		read = d.Users.People
	}
	shown.People = metrics.PeopleReadOf(d.ActiveUsers, read)
	return shown
}

// Revise returns the day as it stands after a reading, and whether anything of it is to be written. before is nil for a
// day that is not stored. The revision counts how often GitHub's numbers were new. A per-user report that could not be
// read leaves the one that stands.
func Revise(before *Day, date calendar.Date, r Reading) (after Day, news bool) {
	after = Day{Day: metrics.ReadDay(date, r.Usage, r.Totals, r.At), Users: r.Users}
	after.People = nil // what is stored of Users tells it: see Shown
	settled := after.State == metrics.Final && after.PeopleKnown()
	if before == nil {
		after.Settled = settled
		return after, true
	}
	after.Version, after.Revision, after.Changes = before.Version, before.Revision, before.Changes
	if !after.PeopleKnown() && before.Users != nil {
		after.Users, after.EngagedUsers, after.CreditsUsed = before.Users, before.EngagedUsers, before.CreditsUsed
	}
	late := before.Users == nil && after.Users != nil // a part that comes late restates nothing
	restated := !sameUsage(&before.Usage, &after.Usage, late) || !late && !sameUsers(before.Users, after.Users)
	if restated || late {
		after.Revision++
		if restated {
			after.note(before)
		}
		// Settled only by a later reading that finds the same: what the earlier revision leaves behind is cleared away then.
		return after, true
	}
	after.Settled = settled || before.Settled
	return after, after.State != before.State || after.Settled != before.Settled
}

func (d *Day) note(before *Day) {
	d.Changes = append(slices.Clone(d.Changes), Change{At: *d.FetchedAt, Revision: d.Revision, Moved: moves(&before.Usage, &d.Usage)})
	if extra := len(d.Changes) - maxChanges; extra > 0 {
		d.Changes = d.Changes[extra:]
	}
}

func sameUsers(a, b *Users) bool { return a == b || a != nil && b != nil && *a == *b }

// sameUsage compares all numbers; of a day whose people have come late, all but theirs.
func sameUsage(a, b *metrics.Usage, butPeople bool) bool {
	x, y := *a, *b
	if butPeople {
		x.EngagedUsers, x.CreditsUsed, y.EngagedUsers, y.CreditsUsed = nil, nil, nil, nil
	}
	return slices.Equal(mustMarshal(x), mustMarshal(y))
}

// mustMarshal cannot fail: usage holds numbers and names. JSON, as one of the two was stored as JSON.
func mustMarshal(usage metrics.Usage) []byte {
	text, err := json.Marshal(usage)
	if err != nil {
		panic(err)
	}
	return text
}
