package metrics

import (
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// UserMonth is what a person did in a month: the sums of their days. In a page, a person is stored as for a
// day, followed by Days and Told.
type UserMonth struct {
	UserDay        // the sums; Engaged is not kept
	Days    uint32 // one bit for each day on which the person was active
	Told    int    // the days with at least one count
}

// MonthPage returns the stored form of everybody's sums of s.Month. ok is false if the sums of a person are too large to be read again.
func (s *UserSums) MonthPage() (page []byte, ok bool) {
	for _, id := range slices.Sorted(maps.Keys(s.days)) {
		sum := s.byID[id]
		at := len(page)
		page = sum.sum.append(page)
		if stored, _, whole := nextUser(page[at:]); !whole || !stored.believable() {
			return nil, false
		}
		page = binary.AppendUvarint(binary.AppendUvarint(page, uint64(s.days[id])), uint64(sum.told)) //nolint:gosec // not negative
	}
	return page, true
}

// believable reports whether the person can be read.
func (s storedUser) believable() bool {
	_, ok := s.userDay()
	return ok
}

// nextUserMonth returns the first person of a month's page with what follows the sums, and the rest of the page.
func nextUserMonth(page []byte) (stored storedUser, days uint32, told int, rest []byte, ok bool) {
	stored, rest, ok = nextUser(page)
	if !ok {
		return stored, 0, 0, nil, false
	}
	var numbers [2]uint64
	for i := range numbers {
		n := 0
		if numbers[i], n = binary.Uvarint(rest); n <= 0 {
			return stored, 0, 0, nil, false
		}
		rest = rest[n:]
	}
	days, told = uint32(numbers[0]), int(numbers[1])                                                                            //nolint:gosec // checked
	return stored, days, told, rest, 0 < numbers[0] && numbers[0] < 1<<31 && numbers[1] <= uint64(bits.OnesCount64(numbers[0])) //nolint:gosec // not negative
}

// ReadMonthPage calls each with the wanted people on a page of a month, which is a result of MonthPage. For any other bytes it
// returns an error, or calls each with plausible people.
func ReadMonthPage(page []byte, wanted func(userID int64) bool, each func(*UserMonth) error) error {
	for len(page) > 0 {
		stored, days, told, rest, ok := nextUserMonth(page)
		if !ok {
			return errPage
		}
		page = rest
		if !wanted(stored.id()) {
			continue
		}
		u := UserMonth{Days: days, Told: told}
		if u.UserDay, ok = stored.userDay(); !ok {
			return errPage
		}
		if err := each(&u); err != nil {
			return err
		}
	}
	return nil
}

// AddMonthPage adds the people on a page of a month whose hashes are in a range. Months and days must come oldest first.
func (s *UserSums) AddMonthPage(first calendar.Date, page []byte, of shard.Range) error {
	for len(page) > 0 {
		stored, days, told, rest, ok := nextUserMonth(page)
		if !ok {
			return errPage
		}
		page = rest
		if !of.Has(shard.Hash(stored.id())) {
			continue
		}
		u, login, ok := stored.numbers()
		if !ok || !s.add(lastOf(first, days), &u, login, bits.OnesCount32(days), told) {
			return errPage
		}
	}
	return nil
}

// AddMonth adds a month of the person. Months and days must come oldest first.
func (s *UserSum) AddMonth(first calendar.Date, u *UserMonth) {
	if u.Login != "" {
		s.sum.Login = u.Login
	}
	s.addNumbers(lastOf(first, u.Days), &u.UserDay, bits.OnesCount32(u.Days), u.Told)
}

// lastOf returns the last of some days of a month.
func lastOf(first calendar.Date, days uint32) calendar.Date {
	return first + calendar.Date(bits.Len32(days)) - 1
}
