package resume

// Tracker keeps track of how far a report was read.
type Tracker struct {
	from      Bookmark // where the reading began
	begun     []string
	continued bool  // the next part was begun by an earlier run
	base      int64 // how many bytes of the part earlier runs have read
	offset    int64 // how many bytes this run has read since
	lost      bool  // a part has no identity, so no run could continue in it
}

// Track returns the tracker of a reading that begins at from.
func Track(from Bookmark) *Tracker {
	return &Tracker{from: from, begun: from.Parts, continued: len(from.Parts) > 0, base: from.Offset}
}

// Begin is called before a part is read. The error is ReportChanged if an earlier run has begun another part in this place.
func (t *Tracker) Begin(identity string) error {
	t.lost = t.lost || identity == ""
	if t.continued {
		t.continued = false
		if identity != t.begun[len(t.begun)-1] {
			return Changed("another part is in the place of the one that was begun")
		}
		return nil
	}
	t.begun, t.base, t.offset = append(t.begun, identity), 0, 0
	return nil
}

// Read is called after a part was read, or a piece of it: offset is how many bytes this run has taken from the part.
func (t *Tracker) Read(offset int64) { t.offset = offset }

// Place returns the place at which a later run can continue. ok is false if no run could continue there, or if nothing was read since
// the beginning.
func (t *Tracker) Place() (place Bookmark, ok bool) {
	place = Bookmark{Parts: t.begun, Offset: t.base + t.offset}
	moved := place.Offset != t.from.Offset || len(place.Parts) != len(t.from.Parts)
	return place, moved && !t.lost && (len(place.Parts) > 1 || place.Offset > 0)
}
