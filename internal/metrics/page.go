package metrics

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/feature"
)

// maxPage is how many people a page holds at most. In all but small accounts that makes about 250 on average.
const maxPage = 384

// Pages returns everybody in their stored form, in the order of their hashes, on as few pages as hold them: a power of
// two. They depend on who is in the roster alone. The packed details of the same people lie on as many pages of their own; of a
// page on which nobody has any it is empty.
func (r *Roster) Pages() (pages, details [][]byte) {
	many := 1
	for many < len(r.buckets) && r.mostOf(many) > maxPage {
		many *= 2
	}
	pages, details = make([][]byte, many), make([][]byte, many)
	for i := range pages {
		size := 0
		for _, b := range r.buckets[i*len(r.buckets)/many : (i+1)*len(r.buckets)/many] {
			size += len(b.text)
		}
		pages[i], details[i] = make([]byte, 0, size*5/8), make([]byte, 0, size*5/8) // one is a little longer than the other
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

// lengthOf returns how long details are in a bucket.
func lengthOf(packed []byte) int {
	var room [binary.MaxVarintLen64]byte
	return binary.PutVarint(room[:], int64(len(packed))) + len(packed)
}

// Dump returns all that is in the roster, for a roster that goes on from there.
func (r *Roster) Dump() [][]byte {
	pages, details := r.Pages()
	return append(pages, details...)
}

// Load takes in what Dump returned.
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

// mostOf returns how many people the fullest of so many pages would hold.
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

// ContentHash identifies what is in the roster: equal for equal people with equal numbers, however they came in.
func (r *Roster) ContentHash() string {
	sum := sha256.New()
	for i := range r.buckets {
		sum.Write(r.buckets[i].text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

var errPage = errors.New("read stored people: the page is damaged")

// ReadDetails hands the packed details of everybody on a page to each.
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

// ReadPage hands everybody on a page to each; the UserDay is only valid during the call. A page that is not one that
// Pages returned is refused, or holds people that may be believed.
func ReadPage(page []byte, each func(*UserDay) error) error {
	var u UserDay
	for len(page) > 0 {
		stored, rest, ok := nextUser(page)
		believable := false
		if u, believable = stored.userDay(); !ok || !believable {
			return errPage
		}
		if err := each(&u); err != nil {
			return err
		}
		page = rest
	}
	return nil
}
