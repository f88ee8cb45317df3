package metrics

import (
	"errors"
	"maps"
)

// PageWithout returns a page without the people who must go, and whether there were any.
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

// Leave removes the people who must go.
func (p *People) Leave(gone func(userID int64) bool) {
	maps.DeleteFunc(p.byID, func(id int64, _ person) bool { return gone(id) })
}
