package activity

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Crowd is the set of people who were active on at least one of several days, by user id.
type Crowd struct {
	ids     []int64 // ascending
	engaged []bool  // for each id: engaged on at least one of the days
}

// Crowd returns the people who were active in the part of a range that lies in the month.
func (m *Month) Crowd(days calendar.Range) *Crowd {
	mask := m.Mask(days)
	crowd := &Crowd{ids: make([]int64, 0, len(m.ids)), engaged: make([]bool, 0, len(m.ids))}
	for i, id := range m.ids {
		if m.active[i]&mask != 0 {
			crowd.ids, crowd.engaged = append(crowd.ids, id), append(crowd.engaged, m.engaged[i]&mask != 0)
		}
	}
	return crowd
}

// Mask has a bit for each day of the month that lies in a range.
func (m *Month) Mask(days calendar.Range) uint32 {
	from, to := max(days.From, m.First), min(days.To, m.First.EndOfMonth())
	if from > to {
		return 0
	}
	return (uint32(1)<<(to-from+1) - 1) << (from - m.First)
}

// With returns the union of the two crowds.
func (c *Crowd) With(other *Crowd) *Crowd {
	if len(c.ids) == 0 {
		return other
	}
	both := &Crowd{ids: make([]int64, 0, len(c.ids)+len(other.ids)), engaged: make([]bool, 0, len(c.ids)+len(other.ids))}
	for i, j := 0, 0; i < len(c.ids) || j < len(other.ids); {
		switch {
		case j == len(other.ids) || i < len(c.ids) && c.ids[i] < other.ids[j]:
			both.ids, both.engaged = append(both.ids, c.ids[i]), append(both.engaged, c.engaged[i])
			i++
		case i == len(c.ids) || other.ids[j] < c.ids[i]:
			both.ids, both.engaged = append(both.ids, other.ids[j]), append(both.engaged, other.engaged[j])
			j++
		default:
			both.ids, both.engaged = append(both.ids, c.ids[i]), append(both.engaged, c.engaged[i] || other.engaged[j])
			i, j = i+1, j+1
		}
	}
	return both
}

// Count returns the number of active people and of engaged people.
func (c *Crowd) Count() *metrics.Headcount {
	count := &metrics.Headcount{Active: int64(len(c.ids))}
	for _, engaged := range c.engaged {
		if engaged {
			count.Engaged++
		}
	}
	return count
}

// Has reports whether a person is in the crowd.
func (c *Crowd) Has(userID int64) bool {
	_, ok := slices.BinarySearch(c.ids, userID)
	return ok
}
