package metrics

import (
	"encoding/binary"
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// PageWithout returns a page without the people who are gone, and whether anybody on it was.
func PageWithout(page []byte, gone func(userID int64) bool) (left []byte, changed bool, err error) {
	for len(page) > 0 {
		stored, rest, ok := nextUser(page)
		if !ok {
			return nil, false, errors.New("read stored people: the page is damaged")
		}
		if gone(stored.id()) {
			changed = true
		} else {
			left = append(left, page[:len(page)-len(rest)]...)
		}
		page = rest
	}
	return left, changed, nil
}

// SetWithout returns the stored people of a day without those who are gone, and how many are left.
func SetWithout(day calendar.Date, set []byte, gone func(userID int64) bool) (left []byte, people int64, err error) {
	var last int64
	err = EachOfSet(day, set, func(id int64, engaged bool) {
		if gone(id) {
			return
		}
		distance := id - last
		if engaged {
			distance = -distance
		}
		left, last = binary.AppendVarint(left, distance), id
		people++
	})
	return left, people, err
}
