package metrics

// names remembers which name came after which. The rows of a report are similar, so the next name is usually the one that came there
// before. One comparison is then enough, because text that equals checked text needs no check.
type names struct {
	known [256]struct {
		text  []byte // a name with its quotes and a colon
		next  uint8  // the name that came after it the last time
		field field  // the field of this name; 0: not looked up yet; below 0: there is none
	}
	last uint8 // the name that was taken last
}

// maxExpected is the length of the longest name that is remembered.
const maxExpected = 64

// expected returns the name that probably comes next, with its colon, or "" if there is none.
func (n *names) expected() []byte { return n.known[n.known[n.last].next].text }

// pass takes the name that was expected.
func (n *names) pass() { n.last = n.known[n.last].next }

// follow remembers that a name, in its quotes, came after the last one. It replaces a name with the same hash.
func (n *names) follow(quoted []byte) {
	if len(quoted) > maxExpected {
		return
	}
	hash := uint8(5*len(quoted)) + //nolint:gosec // it is short
		31*quoted[len(quoted)/3] + 7*quoted[len(quoted)/2] + 17*quoted[max(len(quoted)-3, 0)]
	known := &n.known[hash]
	if known.text == nil || string(known.text[:len(known.text)-1]) != string(quoted) {
		known.text = append(append(known.text[:0], quoted...), ':')
		known.field = 0
	}
	n.known[n.last].next, n.last = hash, hash
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
