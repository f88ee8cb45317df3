package metrics

import (
	"bytes"
	"encoding/binary"
)

// names remembers which name came where. The rows of a report are similar, so a name is usually the one that came at this place
// before. One comparison is then enough, because text that equals checked text needs no check.
type names struct {
	known [256]struct {
		text  []byte   // a name with its quotes
		next  [2]uint8 // by place: the name that came there the last time; 0: none
		field field    // the field of this name; 0: not looked up yet; below 0: there is none
	}
	many   int // how many of known are in use; the first one has no name: it stands for the row itself
	byHash [1024]uint8
	nameAt
}

// nameAt is a place of a name: after another one in the same object, or at the beginning of the object that another one has.
type nameAt struct {
	last uint8 // the name that was taken last
	in   uint8
}

// Values of nameAt.in.
const after, within = 0, 1

// maxExpected is the length of the longest name that is remembered.
const maxExpected = 64

// enter enters the value of the name that was taken last. It returns the place to which leave returns.
func (n *names) enter() nameAt {
	outer := n.nameAt
	n.in = within
	return outer
}

func (n *names) leave(outer nameAt) { n.nameAt = outer }

// begin enters a row.
func (n *names) begin() { n.nameAt = nameAt{in: within} }

// expected returns the name that probably comes next, with its quotes, or "" if there is none.
func (n *names) expected() []byte { return n.known[n.known[n.last].next[n.in]].text }

// pass takes the name that was expected.
func (n *names) pass() { n.nameAt = nameAt{last: n.known[n.last].next[n.in]} }

// follow remembers that a name, in its quotes, came at this place.
func (n *names) follow(quoted []byte) {
	if len(quoted) > maxExpected {
		return
	}
	place := n.placeOf(quoted)
	n.known[n.last].next[n.in] = place
	n.nameAt = nameAt{last: place}
}

// placeOf returns the place of a name among those that are known. It adds the name if it is new.
func (n *names) placeOf(quoted []byte) uint8 {
	hash := hashOf(quoted)
	for ; ; hash++ {
		place := n.byHash[hash%uint64(len(n.byHash))]
		if text := n.known[place].text; place > 0 && string(text) == string(quoted) {
			return place
		}
		if place == 0 {
			break
		}
	}
	if n.many++; n.many == len(n.known) {
		*n = names{many: 1} // a report has some hundred names; what is not GitHub's may have any number
	}
	place := uint8(n.many) //nolint:gosec // below 256
	n.byHash[hash%uint64(len(n.byHash))] = place
	n.known[place].text = bytes.Clone(quoted)
	return place
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

// find returns the field of the name that was taken last, if GitHub documents it. It looks each name up only once.
func (n *names) find(quoted []byte) (field, bool) {
	known := &n.known[n.last]
	if len(quoted) > maxExpected {
		return findField(quoted)
	}
	if known.field == 0 {
		f, ok := findField(quoted)
		if !ok {
			f = -1
		} else {
			f++ // 0 has another meaning
		}
		known.field = f
	}
	return known.field - 1, known.field > 0
}
