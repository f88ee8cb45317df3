package usage

import (
	"fmt"
	"regexp"
	"strconv"
)

// place is where an answer about people goes on.
type place struct {
	hash  uint64
	total *int // people in all; nil: not known
}

var placePattern = regexp.MustCompile(`^([0-9a-f]{16})(?:-([0-9]{1,9}))?$`)

func (p place) String() string {
	if p.total == nil {
		return fmt.Sprintf("%016x", p.hash)
	}
	return fmt.Sprintf("%016x-%d", p.hash, *p.total)
}

// parsePlace reads a place, the beginning where it is empty.
func parsePlace(next string) (p place, err error) {
	if next == "" {
		return p, nil
	}
	parts := placePattern.FindStringSubmatch(next)
	if parts == nil {
		return p, ErrNext
	}
	p.hash, _ = strconv.ParseUint(parts[1], 16, 64) // digits that fit
	if parts[2] != "" {
		total, _ := strconv.Atoi(parts[2]) // as do these
		p.total = &total
	}
	return p, nil
}
