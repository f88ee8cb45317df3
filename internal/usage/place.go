package usage

import (
	"fmt"
	"regexp"
	"strconv"

	"cloudmonitor.ai/copilot-connector/internal/listing"
)

// place is the place at which the next answer about people continues.
type place struct {
	hash  uint64
	total *int // the number of all people; nil: unknown
}

var placePattern = regexp.MustCompile(`^([0-9a-f]{16})(?:-([0-9]{1,9}))?$`)

func (p place) String() string {
	if p.total == nil {
		return fmt.Sprintf("%016x", p.hash)
	}
	return fmt.Sprintf("%016x-%d", p.hash, *p.total)
}

// parsePlace reads a place. An empty text is the beginning.
func parsePlace(next string) (p place, err error) {
	if next == "" {
		return p, nil
	}
	parts := placePattern.FindStringSubmatch(next)
	if parts == nil {
		return p, listing.ErrNext
	}
	p.hash, _ = strconv.ParseUint(parts[1], 16, 64) // the pattern allows only digits that fit
	if parts[2] != "" {
		total, _ := strconv.Atoi(parts[2]) // here too
		p.total = &total
	}
	return p, nil
}
