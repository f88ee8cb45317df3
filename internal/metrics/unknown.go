package metrics

const (
	// maxUnknown bounds the number of names that are remembered of a report, and maxUnknownName the length of a name.
	maxUnknown     = 50
	maxUnknownName = 64

	// strange stands for all names that do not look like GitHub's, and for those beyond maxUnknown.
	strange = "(other)"
)

// unknown counts the records that have fields which GitHub does not document, by the names of the fields. It holds no values. A nil
// unknown counts nothing.
type unknown struct {
	places  map[string]int // indexes in counts
	counts  []int
	pending []int // the places of the names in the present record
}

// begin forgets the names of a record that was not read to its end.
func (u *unknown) begin() {
	if u != nil {
		u.pending = u.pending[:0]
	}
}

// note notes a name, which is given with its quotes.
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

// plain reports whether a name looks like GitHub's.
func plain(name []byte) bool {
	for _, c := range name {
		if c != '_' && !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return 0 < len(name) && len(name) <= maxUnknownName
}

// end counts the noted names of a record.
func (u *unknown) end() {
	if u == nil {
		return
	}
	for _, place := range u.pending {
		u.counts[place]++
	}
}

// all returns the names with their counts.
func (u *unknown) all() map[string]int {
	all := map[string]int{}
	for name, place := range u.places {
		if n := u.counts[place]; n > 0 {
			all[name] = n
		}
	}
	return all
}
