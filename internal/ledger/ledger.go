// Package ledger holds what is known about an account's days, and how this came about: which revision of GitHub's numbers is current,
// what each revision changed, and when a day is settled. It must not know how reports are read or stored. Start reading at Day,
// then Revise.
package ledger

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Day is a stored day: the part that the Admin API shows, and the part that only we need.
type Day struct {
	metrics.Day

	// Settled says that the day need not be read again: all parts were read late enough to be final, or nobody was active, or
	// missing people were looked for often enough.
	Settled bool `json:"settled"`

	// Users names the current per-user report. It is nil if there is none so far. It is stored in the day's head.
	Users *Users `json:"-"`

	// Removed names the current per-user report if its people are not kept any more, or were too old to be kept. Users is nil then,
	// and the totals of the day stay. It is stored in the day's head.
	Removed *Users `json:"-"`

	// Teams names the current user-teams report. It is nil if there is none so far. It is stored in the day's head.
	Teams *Teams `json:"-"`

	// Record is the hash of GitHub's own record of the day, which is stored beside the day. It is empty if none is stored.
	Record string `json:"record,omitempty"`

	// Repositories is the hash of the current report by repository, which is stored beside the day. It is empty if there is none so
	// far.
	Repositories string `json:"repositories,omitempty"`

	// LooksForPeople counts how often the per-user report was read, or looked for, while people were missing from it. It stops at
	// MaxLooksForPeople.
	LooksForPeople int `json:"looksForPeople,omitempty"`

	// Changes are GitHub's restatements since the first reading, oldest first. If there are many, the oldest are dropped.
	Changes []Change `json:"changes,omitempty"`

	// Version is the version of the stored item. It is 0 for a day that is not stored.
	Version int64 `json:"-"`
}

// Users names a per-user report.
type Users struct {
	Hash   string `json:"hash"`   // the hash of its content, which names its pages in the store
	Pages  int    `json:"pages"`  // the number of pages, a power of two
	People int64  `json:"people"` // the number of distinct people who are kept

	// Forgotten is the number of people who were removed on request. The hash and the day's totals still include them.
	Forgotten int64 `json:"forgotten,omitempty"`
}

// read returns the number of distinct people in the report.
func (u *Users) read() int64 {
	if u == nil {
		return 0
	}
	return u.People + u.Forgotten
}

// Teams names a user-teams report.
type Teams struct {
	Hash string `json:"hash"` // the hash of who is in which team
}

// Change is one restatement by GitHub.
type Change struct {
	At       time.Time `json:"at"`
	Revision int       `json:"revision"` // the revision after the change
	Moved    []Move    `json:"moved"`    // may be empty if only a breakdown or single people changed
}

// Move is a number before and after a restatement. nil is unknown.
type Move struct {
	What string   `json:"what"`
	From *float64 `json:"from"`
	To   *float64 `json:"to"`
}

// maxChanges bounds a day's history. A report that is restated at each poll until it is final has four changes.
const maxChanges = 20

// MaxLooksForPeople is how often a day is read again because people are missing.
const MaxLooksForPeople = 3

// Reading is what a poll has read of a day: the aggregate report, and the other reports if there were any.
type Reading struct {
	Usage       *metrics.Usage
	Users       *Users              // nil: there is none, or it could not be read whole
	Totals      *metrics.UserTotals // the totals of Users
	Teams       *Teams              // nil: there is none, or it could not be read whole
	Record      string              // the hash of GitHub's own record
	Unkept      bool                // the day is too old for its people to be kept
	Looked      bool                // the per-user report was read whole, or GitHub has none
	TeamsFailed bool                // there is a user-teams report that could not be read whole
	Repos       string              // the hash of the report by repository; empty: there is none, or it could not be read whole
	ReposFailed bool                // there is a report by repository that could not be read whole
	At          time.Time
}

// Quiet reports whether nobody was active, so that no per-user report is expected.
func (d *Day) Quiet() bool { return d.ActiveUsers != nil && *d.ActiveUsers == 0 }

// Has reports whether the day has numbers.
func (d *Day) Has() bool { return d != nil && d.Revision > 0 }

// PeopleKnown reports whether everybody who was active is known.
func (d *Day) PeopleKnown() bool { return d.Users != nil || d.Quiet() }

// Shown returns the day as the API shows it. It adds how many of the active people were read, because this may not be stored.
func (d *Day) Shown() metrics.Day {
	shown := d.Day
	head := d.Head()
	head.Users = cmp.Or(d.Users, d.Removed) // removed people count as read
	shown.People = head.PeopleRead()
	return shown
}

// peopleRead returns the number of distinct people in the per-user report, or 0 without one.
func (d *Day) peopleRead() int64 {
	return d.Users.read()
}

// Short reports whether the per-user report has fewer people than GitHub counts as active.
func (d *Day) Short() bool { return d.ActiveUsers != nil && d.peopleRead() < *d.ActiveUsers }

// Whole reports whether everybody who was active is in the per-user report.
func (d *Day) Whole() bool { return d.PeopleKnown() && !d.Short() }

// Remove marks the day's people as not kept any more.
func (d *Day) Remove() {
	if d.Users != nil {
		d.Removed, d.Users = d.Users, nil
	}
}

// Revise returns the day after a reading, and whether it must be written. before is nil if the day is not stored. The revision counts
// how often GitHub's numbers were new. A per-user or user-teams report that could not be read leaves the current one. So does a
// per-user report that lacks people whom the current one has.
//
// If the people of the day were removed, the day is compared as if it still had them, and stays without them.
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
	after.People = nil // Shown computes it from Users
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
	late := before.Users == nil && after.Users != nil // a report that comes late is no restatement
	lateTeams := before.Teams == nil && after.Teams != nil
	lateRepos := before.Repositories == "" && after.Repositories != ""
	restated := !sameUsage(&before.Usage, &after.Usage, late) || !late && !sameUsers(before.Users, after.Users) ||
		!lateTeams && !sameTeams(before.Teams, after.Teams) || !lateRepos && before.Repositories != after.Repositories
	if restated || late || lateTeams || lateRepos {
		after.Revision++
		if restated {
			after.note(before)
		}
		// Only a later reading that finds the same settles the day. Then the pages of the former revision are cleared away.
		return after, true
	}
	after.Settled = after.enough(whole) && !r.TeamsFailed && !r.ReposFailed || before.Settled
	return after, after.State != before.State || after.Settled != before.Settled || after.LooksForPeople != before.LooksForPeople ||
		after.Record != before.Record // GitHub has changed something that we do not show
}

// looks counts the looks for missing people. A report with everybody ends the count.
func looks(before int, whole, looked bool) int {
	switch {
	case whole:
		return 0
	case looked:
		return min(before+1, MaxLooksForPeople)
	}
	return before
}

// enough reports whether the day need not be read again after a reading.
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

// sameUsage compares all numbers. If the people of the day have come late, it leaves out the numbers that come from them.
func sameUsage(a, b *metrics.Usage, butPeople bool) bool {
	x, y := *a, *b
	if butPeople {
		x.EngagedUsers, x.CreditsUsed, y.EngagedUsers, y.CreditsUsed = nil, nil, nil, nil
	}
	return slices.Equal(mustMarshal(x), mustMarshal(y))
}

// mustMarshal cannot fail, because usage holds only numbers and names. It uses JSON, because one of the two values comes from
// stored JSON.
func mustMarshal(usage metrics.Usage) []byte {
	text, err := json.Marshal(usage)
	if err != nil {
		panic(err)
	}
	return text
}
