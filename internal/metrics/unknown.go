package metrics

const (
	// maxUnknown bounds how many names of fields are remembered of a report, and maxUnknownName how long one may be.
	maxUnknown     = 50
	maxUnknownName = 64

	// strange stands for all names that are none as GitHub gives, or too many.
	strange = "(other)"
)

// unknown remembers names of fields that GitHub does not document, and how often each stands in records. It holds no value. Nil
// remembers none.
type unknown struct {
	places  map[string]int // in counts
	counts  []int
	pending []int // places of those in the record that is read
}

// begin forgets what was noted of a record that was not read to its end.
func (u *unknown) begin() {
	if u != nil {
		u.pending = u.pending[:0]
	}
}

// note takes down a name, which stands in quotes.
func (u *unknown) note(quoted []byte) {
	if u == nil || len(u.pending) == maxUnknown {
		return
	}
	name := quoted[1 : len(quoted)-1]
	place, met := u.places[string(name)]
	if !met {
		if len(u.places) >= maxUnknown || !plain(name) {
			name = []byte(strange)
		}
		if place, met = u.places[string(name)]; !met {
			place = u.add(string(name))
		}
	}
	u.pending = append(u.pending, place)
}

func (u *unknown) add(name string) (place int) {
	if u.places == nil {
		u.places = map[string]int{}
	}
	u.places[name] = len(u.counts)
	u.counts = append(u.counts, 0)
	return len(u.counts) - 1
}

// plain reports whether a name is as GitHub's are.
func plain(name []byte) bool {
	for _, c := range name {
		if c != '_' && !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return 0 < len(name) && len(name) <= maxUnknownName
}

// end counts what was noted of a record.
func (u *unknown) end() {
	if u == nil {
		return
	}
	for _, place := range u.pending {
		u.counts[place]++
	}
}

// all returns the names, and how often each stands.
func (u *unknown) all() map[string]int {
	all := map[string]int{}
	for name, place := range u.places {
		if n := u.counts[place]; n > 0 {
			all[name] = n
		}
	}
	return all
}
