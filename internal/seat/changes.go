package seat

import (
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// Changes are the grants that a list has lost and gained against an older list. Two grants are the same if they cost the same and
// belong to the same person and team. The last activity, the editor and the login do not matter.
type Changes struct{ Removed, Added []Seat }

// Terms are the fields of a grant that decide its cost and its owner. Two grants with equal terms are interchangeable.
type Terms struct {
	Named              bool
	UserID             int64
	Organization, Team string
	Plan               copilot.Plan
	Given, Ends        calendar.Date // unknown and never are days that no seat has
}

// Days that no seat has.
const (
	neverGiven = calendar.Date(-1 << 40)
	neverEnds  = calendar.Date(1 << 40)
)

// Terms returns those of the grant.
func (s *Seat) Terms() Terms {
	t := Terms{Organization: s.Organization, Team: s.Team, Plan: s.Plan, Given: neverGiven, Ends: neverEnds}
	if s.UserID != nil {
		t.Named, t.UserID = true, *s.UserID
	}
	if s.CreatedAt != nil {
		t.Given = calendar.DateOf(*s.CreatedAt)
	}
	if s.PendingCancellation != nil {
		t.Ends = *s.PendingCancellation
	}
	return t
}

// ChangesBetween returns what a list has lost and gained against the one before. It takes the least time if both are in their stored order.
func ChangesBetween(before, after []Seat) Changes {
	before, after = unmatched(before, after)
	had := make(map[Terms]int, len(before))
	for i := range before {
		had[before[i].Terms()]++
	}
	var c Changes
	for i := range after {
		if terms := after[i].Terms(); had[terms] > 0 {
			had[terms]--
		} else {
			c.Added = append(c.Added, after[i])
		}
	}
	for i := range before {
		if terms := before[i].Terms(); had[terms] > 0 {
			had[terms]--
			c.Removed = append(c.Removed, before[i])
		}
	}
	return c
}

// unmatched leaves out grants with equal terms that stand at the same place of both lists, in the order of people. In any other order it
// leaves out fewer.
func unmatched(before, after []Seat) (left, right []Seat) {
	i, j := 0, 0
	for i < len(before) && j < len(after) {
		if before[i].Terms() == after[j].Terms() {
			i, j = i+1, j+1
		} else if compareStored(&before[i], &after[j]) < 0 {
			left = append(left, before[i])
			i++
		} else {
			right = append(right, after[j])
			j++
		}
	}
	return append(left, before[i:]...), append(right, after[j:]...)
}

// Bare returns grants with their terms alone.
func Bare(grants []Seat) []Seat {
	bare := make([]Seat, len(grants))
	for i, g := range grants {
		bare[i] = Seat{
			UserID: g.UserID, Organization: g.Organization, Team: g.Team, Plan: g.Plan,
			CreatedAt: g.CreatedAt, PendingCancellation: g.PendingCancellation,
		}
	}
	return bare
}

var errNoSuchGrant = errors.New("a change removes a grant that the list does not have")

// After returns a list of grants after changes of it.
func After(grants []Seat, changes ...Changes) ([]Seat, error) {
	var all Changes
	for _, c := range changes {
		all.Added, all.Removed = append(all.Added, c.Added...), append(all.Removed, c.Removed...)
	}
	return replaced(grants, all)
}

// Before returns a list of grants as it was before changes.
func Before(grants []Seat, changes ...Changes) ([]Seat, error) {
	var all Changes
	for _, c := range changes {
		all.Added, all.Removed = append(all.Added, c.Removed...), append(all.Removed, c.Added...)
	}
	return replaced(grants, all)
}

// replaced returns grants without what is removed and with what is added, but for what is both.
func replaced(grants []Seat, c Changes) ([]Seat, error) {
	gone, whose := make(map[Terms]int, len(c.Removed)), make(map[int64]bool, len(c.Removed))
	for i := range c.Removed {
		terms := c.Removed[i].Terms()
		gone[terms]++
		whose[terms.UserID] = true // 0 without a person
	}
	leaves := func(grant *Seat) bool {
		if id := grant.UserID; id != nil && !whose[*id] {
			return false // the most, which need no terms
		}
		terms := grant.Terms()
		if gone[terms] == 0 {
			return false
		}
		gone[terms]--
		return true
	}
	stay := make([]Seat, 0, len(grants)+len(c.Added))
	for i := range c.Added {
		if !leaves(&c.Added[i]) {
			stay = append(stay, c.Added[i])
		}
	}
	for i := range grants {
		if len(gone) == 0 || !leaves(&grants[i]) {
			stay = append(stay, grants[i])
		}
	}
	for _, n := range gone {
		if n > 0 {
			return nil, errNoSuchGrant
		}
	}
	return stay, nil
}
