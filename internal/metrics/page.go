package metrics

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// maxPage is how many people a page holds at most. In all but small accounts that makes about 250 on average.
const maxPage = 384

// Pages returns everybody in their stored form, in the order of their hashes, on as few pages as hold them: a power of
// two. They depend on who is in the roster alone.
func (r *Roster) Pages() [][]byte {
	pages := 1
	for pages < len(r.buckets) && r.mostOf(pages) > maxPage {
		pages *= 2
	}
	of := len(r.buckets) / pages
	texts := make([][]byte, pages)
	for i := range texts {
		var parts [][]byte
		for _, b := range r.buckets[i*of : (i+1)*of] {
			parts = append(parts, b.text)
		}
		texts[i] = bytes.Join(parts, nil)
	}
	return texts
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

// ReadPage hands everybody on a page to each; the UserDay is only valid during the call. A page that is not one that
// Pages returned is refused, or holds people that may be believed.
func ReadPage(page []byte, each func(*UserDay) error) error {
	for len(page) > 0 {
		stored, rest, ok := nextUser(page)
		u, believable := stored.userDay()
		if !ok || !believable {
			return errPage
		}
		if err := each(&u); err != nil {
			return err
		}
		page = rest
	}
	return nil
}
