package activity

import (
	"encoding/binary"
	"errors"
	"math/bits"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// daysOfAMonth is the number of days of the longest months.
const daysOfAMonth = 31

// Month is who was active on which days of a month, by user id. It holds exactly what the sets of its days hold, as one bit
// for each person and day. So it can always be made anew from them, and a restated day replaces one bit of each person.
type Month struct {
	First   calendar.Date
	Reports Reports

	ids             []int64  // ascending
	active, engaged []uint32 // for each id: one bit a day
}

// Reports names for each day of a month the per-user report from which its people come, by the hash of the report's content.
// An empty name means that there is no report.
type Reports [daysOfAMonth]string

// Set replaces the people of a day by a set of people in its stored form.
func (m *Month) Set(day calendar.Date, report string, set []byte) error {
	column := int(day - m.First)
	if column < 0 || column >= daysOfAMonth {
		return errors.New("the day is not in the month")
	}
	bit := uint32(1) << column
	next := Month{First: m.First, Reports: m.Reports}
	next.Reports[column] = report
	keep := func(id int64, active, engaged uint32) {
		if active != 0 {
			next.ids, next.active, next.engaged = append(next.ids, id), append(next.active, active), append(next.engaged, engaged)
		}
	}
	at := 0
	err := metrics.EachOfSet(day, set, func(id int64, engaged bool) {
		for ; at < len(m.ids) && m.ids[at] < id; at++ {
			keep(m.ids[at], m.active[at]&^bit, m.engaged[at]&^bit)
		}
		active, was := uint32(0), uint32(0)
		if at < len(m.ids) && m.ids[at] == id {
			active, was = m.active[at], m.engaged[at]&^bit
			at++
		}
		if engaged {
			was |= bit
		}
		keep(id, active|bit, was)
	})
	if err != nil {
		return err
	}
	for ; at < len(m.ids); at++ {
		keep(m.ids[at], m.active[at]&^bit, m.engaged[at]&^bit)
	}
	*m = next
	return nil
}

// On returns the number of people who were active on a day.
func (m *Month) On(day calendar.Date) (n int64) {
	bit := uint32(1) << (day - m.First)
	for _, active := range m.active {
		if active&bit != 0 {
			n++
		}
	}
	return n
}

// LastDays returns the last day on which each person was active until a given day. People who were not active until then are
// left out.
func (m *Month) LastDays(until calendar.Date) *LastDays {
	mask := uint32(1)<<(min(until-m.First, daysOfAMonth-1)+1) - 1
	l := &LastDays{first: m.First}
	for i, id := range m.ids {
		if active := m.active[i] & mask; active != 0 {
			l.ids, l.days = append(l.ids, id), append(l.days, uint16(bits.Len32(active)-1)) //nolint:gosec // 31 at most
		}
	}
	return l
}

// Bytes returns the stored form: columns, because they compress well.
func (m *Month) Bytes() []byte {
	var text []byte
	for _, report := range m.Reports {
		text = append(binary.AppendUvarint(text, uint64(len(report))), report...)
	}
	text = appendIDs(text, m.ids)
	other := make([]uint32, len(m.ids)) // 0 for most people
	for i := range other {
		other[i] = m.active[i] ^ m.engaged[i]
	}
	return appendMasks(appendMasks(text, m.active), other)
}

var errMonth = errors.New("the stored people of a month are damaged")

// ReadMonth reads the stored form of a month.
func ReadMonth(first calendar.Date, text []byte) (*Month, error) {
	m := &Month{First: first}
	for i := range m.Reports {
		length, n := binary.Uvarint(text)
		if n <= 0 || length > uint64(len(text)-n) { //nolint:gosec // not negative
			return nil, errMonth
		}
		m.Reports[i], text = string(text[n:n+int(length)]), text[n+int(length):] //nolint:gosec // it fits
	}
	var ok bool
	if m.ids, text, ok = readIDs(text); !ok || len(text) != 8*len(m.ids) {
		return nil, errMonth
	}
	m.active, m.engaged = readMasks(text[:4*len(m.ids)]), readMasks(text[4*len(m.ids):])
	for i, active := range m.active {
		m.engaged[i] ^= active
		if active == 0 || m.engaged[i]&^active != 0 {
			return nil, errMonth
		}
	}
	return m, nil
}

func appendMasks(text []byte, masks []uint32) []byte {
	for shift := 0; shift < 32; shift += 8 {
		for _, mask := range masks {
			text = append(text, byte(mask>>shift)) //nolint:gosec // the byte that is meant
		}
	}
	return text
}

func readMasks(text []byte) []uint32 {
	masks := make([]uint32, len(text)/4)
	for i := range masks {
		for b := range 4 {
			masks[i] |= uint32(text[b*len(masks)+i]) << (8 * b)
		}
	}
	return masks
}

// ID returns the id at a place in the order of ids. ok is false after the last one.
func (m *Month) ID(place int) (id int64, ok bool) {
	if place >= len(m.ids) {
		return 0, false
	}
	return m.ids[place], true
}

// Days returns the days on which the person at a place was active and engaged, one bit a day.
func (m *Month) Days(place int) (active, engaged uint32) { return m.active[place], m.engaged[place] }
