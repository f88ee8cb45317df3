package metrics

// names remembers which name came after which. The rows of a report are alike, so that the next name is most often the one
// that came there before, and one comparison takes it: what equals valid text is valid.
type names struct {
	known [256]struct {
		text  []byte // a name with its quotes and a colon
		next  uint8  // the one that came after it last
		field field  // the one of that name; 0: nobody has looked, below 0: there is none
	}
	last uint8 // the one that was taken last
}

// maxExpected is the longest name that is remembered.
const maxExpected = 64

// expected returns the name that may come, with its colon; empty where nothing is known.
func (n *names) expected() []byte { return n.known[n.known[n.last].next].text }

// pass takes the name that was expected.
func (n *names) pass() { n.last = n.known[n.last].next }

// follow remembers that a name, in its quotes, came after the last one. It takes the place of one with the same hash.
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

// find returns the field of the name that was taken last, if it is one that GitHub documents. It looks for each name once.
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
			f++ // 0 is taken
		}
		known.field = f
	}
	return known.field - 1, known.field > 0
}
