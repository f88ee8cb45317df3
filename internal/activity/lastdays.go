package activity

import (
	"encoding/binary"
	"math"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// LastDays is the last day on which each person was active, within a month or several months, by user id.
type LastDays struct {
	first calendar.Date
	ids   []int64  // ascending
	days  []uint16 // for each id: the number of days after the first day
}

// Bytes returns the stored form. Of the days it writes all lower bytes first and then all higher bytes. The higher bytes are
// similar, so they compress well.
func (l *LastDays) Bytes() []byte {
	text := appendIDs(nil, l.ids)
	for shift := 0; shift < 16; shift += 8 {
		for _, day := range l.days {
			text = append(text, byte(day>>shift)) //nolint:gosec // the byte that is meant
		}
	}
	return text
}

// ReadLastDays reads the stored form. The days count from first.
func ReadLastDays(first calendar.Date, text []byte) (*LastDays, error) {
	ids, days, ok := readIDs(text)
	if !ok || len(days) != 2*len(ids) {
		return nil, errMonth
	}
	l := &LastDays{first: first, ids: ids, days: make([]uint16, len(ids))}
	for i := range ids {
		l.days[i] = uint16(days[i]) | uint16(days[len(ids)+i])<<8
	}
	return l, nil
}

// After returns the union of l and earlier, whose months must all lie before those of l.
func (l *LastDays) After(earlier *LastDays) *LastDays {
	both := &LastDays{first: earlier.first, ids: union(earlier.ids, l.ids)}
	both.days = make([]uint16, 0, len(both.ids))
	later, at := 0, 0
	for _, id := range both.ids {
		for ; at < len(earlier.ids) && earlier.ids[at] < id; at++ {
		}
		if later < len(l.ids) && l.ids[later] == id {
			both.days = append(both.days, l.days[later]+uint16(l.first-earlier.first)) //nolint:gosec // a year
			later++
		} else {
			both.days = append(both.days, earlier.days[at])
		}
	}
	return both
}

// NoLastDays returns the last days of nobody. The days count from first.
func NoLastDays(first calendar.Date) *LastDays { return &LastDays{first: first} }

// LastUse finds the last day on which a person was active.
type LastUse struct {
	From   calendar.Date // days before do not count
	Months []*LastDays   // newest first
}

// Of returns the last day of each id. The ids must be ascending and distinct. People who were not active are left out.
func (u *LastUse) Of(ids []int64) map[int64]calendar.Date {
	last := make(map[int64]calendar.Date, len(ids))
	for _, month := range u.Months {
		ids = month.find(ids, func(id int64, day calendar.Date) {
			if day >= u.From {
				last[id] = day
			}
		})
	}
	return last
}

// Active returns the number of distinct people.
func (u *LastUse) Active() (n int64) {
	var counted []int64 // ascending
	for _, month := range u.Months {
		var more []int64
		_ = month.find(month.ids, func(id int64, day calendar.Date) {
			if day >= u.From {
				more = append(more, id)
			}
		})
		counted = union(counted, more)
	}
	return int64(len(counted))
}

// union returns the ids of two ascending lists, each id once.
func union(a, b []int64) []int64 {
	if len(a) == 0 {
		return b
	}
	both := make([]int64, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			both, a = append(both, a[0]), a[1:]
		case a[0] > b[0]:
			both, b = append(both, b[0]), b[1:]
		default:
			both, a, b = append(both, a[0]), a[1:], b[1:]
		}
	}
	return append(append(both, a...), b...)
}

// find calls found for each id that it has, and returns the other ids.
func (l *LastDays) find(ids []int64, found func(id int64, day calendar.Date)) (others []int64) {
	others = make([]int64, 0, len(ids))
	at := 0
	for _, id := range ids {
		for at < len(l.ids) && l.ids[at] < id {
			at++
		}
		if at < len(l.ids) && l.ids[at] == id {
			found(id, l.first+calendar.Date(l.days[at]))
		} else {
			others = append(others, id)
		}
	}
	return others
}

// appendIDs writes the number of ids, and each id as its difference from the one before.
func appendIDs(text []byte, ids []int64) []byte {
	text = binary.AppendUvarint(text, uint64(len(ids)))
	last := int64(0)
	for _, id := range ids {
		text, last = binary.AppendUvarint(text, uint64(id-last)), id //nolint:gosec // they are in their order
	}
	return text
}

// readIDs reads what appendIDs has written, and returns the bytes after it.
func readIDs(text []byte) (ids []int64, rest []byte, ok bool) {
	count, n := binary.Uvarint(text)
	if n <= 0 || count > uint64(len(text)-n) || count > metrics.MaxPeople*daysOfAMonth { //nolint:gosec // not negative
		return nil, nil, false
	}
	text, ids = text[n:], make([]int64, count)
	last := int64(0)
	for i := range ids {
		distance, n := binary.Uvarint(text)
		if n <= 0 || distance == 0 || distance > uint64(math.MaxInt64-last) {
			return nil, nil, false
		}
		last += int64(distance) //nolint:gosec // it fits
		ids[i], text = last, text[n:]
	}
	return ids, text, true
}
