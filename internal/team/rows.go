package team

import (
	"cmp"
	"errors"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// The bounds of what we believe. They are far above the largest account.
const (
	maxTeams = 50_000
	maxRows  = 2_000_000 // each is a person in a team
)

// Rows gathers the rows of a report. They may come in any order and repeatedly. The zero value is empty.
type Rows struct {
	teams map[teamKey]uint32
	names []string
	list  []row
	limit int // the length of the list at which repeated rows are removed
}

// teamKey identifies a team by its id, or by its slug if a row has no id.
type teamKey struct {
	id   int64
	slug string
}

type row struct {
	user int64
	team uint32
}

// Add adds a person's membership in a team. teamID is 0 if unknown. A team that was renamed while the report was made has two slugs in
// it. The last of them by name counts, so that the order of rows does not matter.
func (r *Rows) Add(userID, teamID int64, slug string) error {
	key := teamKey{id: teamID}
	if teamID == 0 {
		key.slug = slug
	}
	if r.teams == nil {
		r.teams, r.limit = map[teamKey]uint32{}, 1<<16
	}
	number, known := r.teams[key]
	if !known {
		if len(r.names) == maxTeams {
			return errors.New("there are more teams than an account can have")
		}
		number = uint32(len(r.names)) //nolint:gosec // bounded
		r.teams[key], r.names = number, append(r.names, slug)
	}
	r.names[number] = max(r.names[number], slug)
	if r.list = append(r.list, row{userID, number}); len(r.list) < r.limit {
		return nil
	}
	r.list = sorted(r.list)
	if r.limit = 2 * max(len(r.list), r.limit/2); len(r.list) > maxRows {
		return errors.New("there are more people in teams than an account can have")
	}
	return nil
}

func sorted(list []row) []row {
	slices.SortFunc(list, func(a, b row) int { return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.team, b.team)) })
	return slices.Compact(list)
}

// Membership returns who is in which team by the rows. Teams with the same slug, such as those of two organizations of an enterprise,
// become one.
func (r *Rows) Membership() (*Membership, error) {
	m := &Membership{teams: slices.Compact(slices.Sorted(slices.Values(r.names)))}
	numbers := make([]uint32, len(r.names))
	for i, name := range r.names {
		number, _ := slices.BinarySearch(m.teams, name)
		numbers[i] = uint32(number) //nolint:gosec // bounded
	}
	list := slices.Clone(r.list)
	for i := range list {
		list[i].team = numbers[list[i].team]
	}
	for _, row := range sorted(list) {
		if last := len(m.ids) - 1; last < 0 || m.ids[last] != row.user {
			m.ids, m.ends = append(m.ids, row.user), append(m.ends, uint32(len(m.list))) //nolint:gosec // bounded
		}
		m.list = append(m.list, row.team)
		m.ends[len(m.ends)-1] = uint32(len(m.list)) //nolint:gosec // bounded
	}
	if len(m.ids) > metrics.MaxPeople {
		return nil, errors.New("there are more people than an account can have")
	}
	return m, nil
}
