// Package ledger holds what is known of an account's days and how that came about: which revision of GitHub's numbers
// stands, what each revision changed, and when a day is settled.
package ledger

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Day is a day as it is stored: what the Admin API shows of it, and what only we need.
type Day struct {
	metrics.Day

	// Settled says that the day need not be read again: all parts were read late enough to be final, or nobody was active, or
	// people who are lacking were looked for often enough.
	Settled bool `json:"settled"`

	// Users is the per-user report that stands; nil when there is none (yet). It is stored with the day's head.
	Users *Users `json:"-"`

	// Removed is the per-user report that stands where its people are not kept any more, or were too old to be kept. Users is nil
	// then, and the totals of the day stay. It is stored with the day's head.
	Removed *Users `json:"-"`

	// Teams is the user-teams report that stands; nil when there is none (yet). It is stored with the day's head.
	Teams *Teams `json:"-"`

	// Record is the hash of GitHub's own record of the day, which the store keeps beside it; empty: none is kept.
	Record string `json:"record,omitempty"`

	// Repositories is the hash of the report by repository that stands, which the store keeps beside the day; empty: there is none
	// (yet).
	Repositories string `json:"repositories,omitempty"`

	// LooksForPeople is how often the per-user report was read, or looked for in vain, while people were lacking in it. It
	// stops at MaxLooksForPeople.
	LooksForPeople int `json:"looksForPeople,omitempty"`

	// Changes are what GitHub restated after the first reading, oldest first. The oldest go once there are many.
	Changes []Change `json:"changes,omitempty"`

	// Version is the store's; 0 for a day that is not stored.
	Version int64 `json:"-"`
}

// Users says which per-user report stands.
type Users struct {
	Hash   string `json:"hash"`   // of its content; names its pages in the store
	Pages  int    `json:"pages"`  // of everybody's numbers, a power of two
	People int64  `json:"people"` // distinct people who are kept of it

	// Forgotten is how many people of it are not kept, because they were taken out. Its hash and the day's totals have them.
	Forgotten int64 `json:"forgotten,omitempty"`
}

// read returns how many distinct people the report had.
func (u *Users) read() int64 {
	if u == nil {
		return 0
	}
	return u.People + u.Forgotten
}

// Teams says which user-teams report stands.
type Teams struct {
	Hash string `json:"hash"` // of who is in which team
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

// MaxLooksForPeople is how often a day is read in the hope that people come who are lacking.
const MaxLooksForPeople = 3

// Reading is what a poll read of a day: the aggregate report, and the per-user and the user-teams report where there were any.
type Reading struct {
	Usage       *metrics.Usage
	Users       *Users              // nil: none, or none that could be read whole
	Totals      *metrics.UserTotals // of Users
	Teams       *Teams              // nil: none, or none that could be read whole
	Record      string              // the hash of GitHub's own record
	Unkept      bool                // the day is too old for its people to be kept
	Looked      bool                // the per-user report was read whole, or GitHub has none
	TeamsFailed bool                // there is a user-teams report, and it could not be read whole
	Repos       string              // the hash of the report by repository; empty: none, or none that could be read whole
	ReposFailed bool                // there is such a report, and it could not be read whole
	At          time.Time
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
	shown := d.Day
	head := d.Head()
	head.Users = cmp.Or(d.Users, d.Removed) // people who are not kept any more were read
	shown.People = head.PeopleRead()
	return shown
}

// peopleRead returns how many distinct people the per-user report has, 0 without one.
func (d *Day) peopleRead() int64 {
	return d.Users.read()
}

// Short reports whether the per-user report has fewer people than GitHub counts as active.
func (d *Day) Short() bool { return d.ActiveUsers != nil && d.peopleRead() < *d.ActiveUsers }

// Whole reports whether everybody who was active is in the per-user report.
func (d *Day) Whole() bool { return d.PeopleKnown() && !d.Short() }

// Remove puts the day's people in the state of those who are not kept.
func (d *Day) Remove() {
	if d.Users != nil {
		d.Removed, d.Users = d.Users, nil
	}
}

// Revise returns the day as it stands after a reading, and whether anything of it is to be written. before is nil for a
// day that is not stored. The revision counts how often GitHub's numbers were new. A per-user or user-teams report that could
// not be read leaves the one that stands, and so does a per-user report that lacks people whom that one has.
//
// A day whose people were removed is compared as if they were there, and stays without them.
func Revise(before *Day, date calendar.Date, r Reading) (after Day, news bool) {
	if before != nil && before.Removed != nil {
		whole := *before
		whole.Users, whole.Removed = before.Removed, nil
		before, r.Unkept = &whole, true
	}
	after, news = revise(before, date, r)
	if r.Unkept {
		after.Remove()
	}
	return after, news
}

func revise(before *Day, date calendar.Date, r Reading) (after Day, news bool) {
	after = Day{Day: metrics.ReadDay(date, r.Usage, r.Totals, r.At), Users: r.Users, Teams: r.Teams, Record: r.Record, Repositories: r.Repos}
	after.People = nil // what is stored of Users tells it: see Shown
	whole, looked := after.Whole(), r.Looked || r.Users != nil
	if before == nil {
		after.LooksForPeople = looks(0, whole, looked)
		after.Settled = after.enough(whole) && !r.TeamsFailed && !r.ReposFailed
		return after, true
	}
	after.Version, after.Revision, after.Changes = before.Version, before.Revision, before.Changes
	if before.Users != nil && (!after.PeopleKnown() || after.Short() && after.peopleRead() < before.peopleRead()) {
		after.Users, after.EngagedUsers, after.CreditsUsed = before.Users, before.EngagedUsers, before.CreditsUsed
	}
	after.LooksForPeople = looks(before.LooksForPeople, whole, looked)
	if after.Teams == nil {
		after.Teams = before.Teams
	}
	after.Repositories = cmp.Or(after.Repositories, before.Repositories)
	late := before.Users == nil && after.Users != nil // a part that comes late restates nothing
	lateTeams := before.Teams == nil && after.Teams != nil
	lateRepos := before.Repositories == "" && after.Repositories != ""
	restated := !sameUsage(&before.Usage, &after.Usage, late) || !late && !sameUsers(before.Users, after.Users) ||
		!lateTeams && !sameTeams(before.Teams, after.Teams) || !lateRepos && before.Repositories != after.Repositories
	if restated || late || lateTeams || lateRepos {
		after.Revision++
		if restated {
			after.note(before)
		}
		// Settled only by a later reading that finds the same: what the earlier revision leaves behind is cleared away then.
		return after, true
	}
	after.Settled = after.enough(whole) && !r.TeamsFailed && !r.ReposFailed || before.Settled
	return after, after.State != before.State || after.Settled != before.Settled || after.LooksForPeople != before.LooksForPeople ||
		after.Record != before.Record // GitHub tells more of the day, of which we show nothing yet
}

// looks counts the looks for people who are lacking. A report that has everybody ends the count.
func looks(before int, whole, looked bool) int {
	switch {
	case whole:
		return 0
	case looked:
		return min(before+1, MaxLooksForPeople)
	}
	return before
}

// enough reports whether the day need not be read again after a reading that had everybody, or had not.
func (d *Day) enough(whole bool) bool {
	return d.State == metrics.Final && (whole || d.LooksForPeople == MaxLooksForPeople)
}

func (d *Day) note(before *Day) {
	d.Changes = append(slices.Clone(d.Changes), Change{At: *d.FetchedAt, Revision: d.Revision, Moved: moves(&before.Usage, &d.Usage)})
	if extra := len(d.Changes) - maxChanges; extra > 0 {
		d.Changes = d.Changes[extra:]
	}
}

func sameTeams(a, b *Teams) bool { return a == b || a != nil && b != nil && *a == *b }

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
