package metrics

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/feature"
)

// maxPage bounds the people of a page. In all but small accounts the average is about 250.
const maxPage = 384

// mostPages bounds the pages of a day: their keys have four digits.
const mostPages = 1 << 12

// Pages returns everybody in their stored form, in the order of their hashes, on the smallest sufficient number of pages, which is a
// power of two. The pages depend only on who is in the roster. The packed details of the same people are on the same number of
// pages of their own. Such a page is empty if nobody on it has details.
func (r *Roster) Pages() (pages, details [][]byte) {
	many := 1
	for many < mostPages && r.mostOf(many) > maxPage {
		many *= 2
	}
	pages, details = make([][]byte, many), make([][]byte, many)
	for i := range pages {
		size := 0
		for _, b := range r.buckets[i*len(r.buckets)/many : (i+1)*len(r.buckets)/many] {
			size += len(b.text)
		}
		pages[i], details[i] = make([]byte, 0, size*5/8), make([]byte, 0, size*5/8) // one of the two is a little longer than the other
	}
	for i := range r.buckets {
		page := i * many / len(r.buckets)
		for text := r.buckets[i].text; len(text) > 0; {
			known, packed, rest := nextOf(text)
			pages[page] = append(pages[page], text[:len(text)-len(rest)-lengthOf(packed)]...)
			if len(packed) > 0 {
				details[page] = appendDetails(details[page], known.id(), packed)
			}
			text = rest
		}
	}
	return pages, details
}

// lengthOf returns the length of details in a bucket.
func lengthOf(packed []byte) int {
	var room [binary.MaxVarintLen64]byte
	return binary.PutVarint(room[:], int64(len(packed))) + len(packed)
}

// Dump returns the content of the roster, from which a later run can continue.
func (r *Roster) Dump() [][]byte {
	pages, details := r.Pages()
	return append(pages, details...)
}

// Load reads the result of Dump.
func (r *Roster) Load(dump [][]byte) error {
	pages := len(dump) / 2
	for _, page := range dump[:pages] {
		if err := ReadPage(page, r.Add); err != nil {
			return err
		}
	}
	for _, page := range dump[pages:] {
		err := ReadDetails(page, func(userID int64, packed []byte) error {
			u := UserDay{UserID: userID, Suggested: Untold, Accepted: Untold, LinesAccepted: Untold, Interactions: Untold, Credits: Untold, Details: packed}
			return r.Add(&u)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mostOf returns the number of people on the fullest page if there are so many pages.
func (r *Roster) mostOf(pages int) int {
	most, of := 0, len(r.buckets)/pages
	for i := 0; i < len(r.buckets); i += of {
		people := 0
		for _, b := range r.buckets[i : i+of] {
			people += b.people
		}
		most = max(most, people)
	}
	return most
}

// ContentHash identifies the content of the roster. It is the same for the same people with the same numbers, in any order.
func (r *Roster) ContentHash() string {
	sum := sha256.New()
	for i := range r.buckets {
		sum.Write(r.buckets[i].text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

var errPage = errors.New("read stored people: the page is damaged")

// ReadDetails calls each with the packed details of everybody on a page.
func ReadDetails(page []byte, each func(userID int64, packed []byte) error) error {
	for len(page) > 0 {
		stored, rest, ok := nextUser(page)
		id, n := binary.Varint(stored.fields)
		if !ok || n <= 0 || id <= 0 {
			return errPage
		}
		if _, ok := feature.ReadDetails(stored.fields[n:]); !ok {
			return errPage
		}
		if err := each(id, stored.fields[n:]); err != nil {
			return err
		}
		page = rest
	}
	return nil
}

// ReadPage calls each with everybody on a page. The UserDay is valid only during the call. If the page is not a result of Pages,
// ReadPage returns an error, or the page has only plausible people.
func ReadPage(page []byte, each func(*UserDay) error) error {
	return ReadSome(page, func(int64) bool { return true }, each)
}

// ReadSome is ReadPage for the wanted people. It does not check the numbers of others.
func ReadSome(page []byte, wanted func(userID int64) bool, each func(*UserDay) error) error {
	var u UserDay
	for len(page) > 0 {
		stored, rest, ok := nextUser(page)
		if !ok {
			return errPage
		}
		if page = rest; !wanted(stored.id()) {
			continue
		}
		if u, ok = stored.userDay(); !ok {
			return errPage
		}
		if err := each(&u); err != nil {
			return err
		}
	}
	return nil
}
