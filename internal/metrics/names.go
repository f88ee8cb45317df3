package metrics

import (
	"bytes"
	"encoding/binary"
)

// name is the name of a field. It remembers which names came after it. The rows of a report are similar, so a name is usually the one
// that came at this place before. One comparison is then enough, because text that equals checked text needs no check.
type name struct {
	text   []byte  // with its quotes and a colon
	words  inWords // the beginning of text
	masks  inWords // its bits that are text
	field  field   // the field of this name; 0: not looked up yet; below 0: there is none
	after  *name   // came after it in the same object the last time
	within *name   // came first in its object the last time
}

// inWords is a text of up to maxInWords bytes, eight in each word, as they lie in the report. Nearly all names are that short. Words are
// compared with the report without a loop.
type inWords [maxInWords / 8]uint64

const maxInWords = 40

// names are the names of a report.
type names struct {
	known  [256]name
	many   int // how many of known are in use; the first one has no name: it stands for the row itself
	byHash [1024]uint8
	long   name // the last name that was too long to be remembered
}

// maxExpected is the length of the longest name that is remembered, with its quotes.
const maxExpected = 64

// row returns the name of the row itself.
func (n *names) row() *name { return &n.known[0] }

// follow returns the name with a text, which has its quotes. It remembers that the name came at a place.
func (n *names) follow(quoted []byte, place **name) *name {
	if len(quoted) > maxExpected {
		n.long.text, n.long.field = append(append(n.long.text[:0], quoted...), ':'), 0
		return &n.long
	}
	found := n.find(quoted)
	*place = found
	return found
}

// find returns the name with a text, which has its quotes. It adds the name if it is new.
func (n *names) find(quoted []byte) *name {
	hash := hashOf(quoted)
	for ; ; hash++ {
		place := n.byHash[hash%uint64(len(n.byHash))]
		if place == 0 {
			break
		}
		if known := &n.known[place]; string(known.quoted()) == string(quoted) {
			return known
		}
	}
	if n.many++; n.many == len(n.known) {
		*n = names{many: 1} // a report has some hundred names; what is not GitHub's may have any number
	}
	n.byHash[hash%uint64(len(n.byHash))] = uint8(n.many) //nolint:gosec // below 256
	added := &n.known[n.many]
	added.text = append(bytes.Clone(quoted), ':')
	for i, c := range added.text[:min(len(added.text), maxInWords)] {
		added.words[i/8] |= uint64(c) << (i % 8 * 8)
		added.masks[i/8] |= 0xff << (i % 8 * 8)
	}
	return added
}

// hashOf returns a hash of a name with its quotes.
func hashOf(quoted []byte) uint64 {
	hash := uint64(len(quoted))
	for ; len(quoted) >= 8; quoted = quoted[8:] {
		hash = (hash ^ binary.LittleEndian.Uint64(quoted)) * 0x9e3779b97f4a7c15
		hash ^= hash >> 32
	}
	for _, c := range quoted {
		hash = 31*hash + uint64(c)
	}
	return hash
}

// begins reports whether a text begins with the name and a colon. It is false for nil.
func (n *name) begins(text []byte) bool {
	if n == nil || len(text) < maxInWords || len(n.text) > maxInWords {
		return n != nil && bytes.HasPrefix(text, n.text)
	}
	w, m := &n.words, &n.masks
	return (binary.LittleEndian.Uint64(text)&m[0]^w[0])|(binary.LittleEndian.Uint64(text[8:])&m[1]^w[1])|
		(binary.LittleEndian.Uint64(text[16:])&m[2]^w[2])|(binary.LittleEndian.Uint64(text[24:])&m[3]^w[3])|
		(binary.LittleEndian.Uint64(text[32:])&m[4]^w[4]) == 0
}

// quoted returns the text of the name with its quotes.
func (n *name) quoted() []byte { return n.text[:len(n.text)-1] }

// is returns the field of the name, if GitHub documents it. It looks each name up only once.
func (n *name) is() (field, bool) {
	if n.field == 0 {
		f, ok := findField(n.quoted())
		if !ok {
			f = -1
		} else {
			f++ // 0 has another meaning
		}
		n.field = f
	}
	return n.field - 1, n.field > 0
}
