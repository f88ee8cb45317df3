// Package listing divides a list in memory into answers, each of which tells the place at which the next one goes on. The list may change
// between two answers. Then it goes on only if no row is lost or shown twice, and is refused otherwise. The package must not know what a
// row is. Start reading at List.
package listing

import (
	"errors"
	"fmt"
	"hash/fnv"
	"regexp"
	"strconv"
)

// Errors of a place, as the caller who gave it reads them.
var (
	ErrNext      = errors.New("must be what the answer before gave as next")
	ErrOtherList = errors.New("belongs to another list, or the list has changed meanwhile: begin again without it")
)

// Place is the place in a list at which an answer goes on: the number of the rows before it, and which rows they are. The zero value is
// the beginning.
type Place struct {
	Rows  int
	shown uint64 // the sum of the marks of the rows and of the query. It is the same for the same rows in any order
}

var placePattern = regexp.MustCompile(`^([1-9][0-9]{0,8})-([0-9a-f]{16})$`)

// Parse reads a place. An empty text is the beginning.
func Parse(text string) (Place, error) {
	if text == "" {
		return Place{}, nil
	}
	parts := placePattern.FindStringSubmatch(text)
	if parts == nil {
		return Place{}, ErrNext
	}
	rows, _ := strconv.Atoi(parts[1]) // the pattern allows only digits that fit, here and below
	shown, _ := strconv.ParseUint(parts[2], 16, 64)
	return Place{rows, shown}, nil
}

func (p Place) String() string { return fmt.Sprintf("%d-%016x", p.Rows, p.shown) }

// List is a list that is shown some rows at a time.
type List[Row any] struct {
	rows     []Row
	identity func(Row) string
	at       Place
}

// New returns a list in its order. query is different for lists that must not be mixed, such as those of two snapshots. identity
// returns a text by which a row is recognised, although its figures may have changed.
func New[Row any](query string, rows []Row, identity func(Row) string) *List[Row] {
	return &List[Row]{rows, identity, Place{shown: mark(query)}}
}

// GoOn skips the rows before a place. It returns ErrOtherList if these are not the rows that were shown before.
func (l *List[Row]) GoOn(at Place) error {
	if at == (Place{}) {
		return nil
	}
	if at.Rows > len(l.rows) {
		return ErrOtherList
	}
	if l.skip(at.Rows); l.at != at {
		return ErrOtherList
	}
	return nil
}

// Next returns the next rows, and the place after them, or "" at the end of the list.
func (l *List[Row]) Next(most int) (rows []Row, place string) {
	if rows = l.rows[:min(most, len(l.rows))]; len(rows) == len(l.rows) {
		l.rows = nil
		return rows, ""
	}
	l.skip(most)
	return rows, l.at.String()
}

func (l *List[Row]) skip(rows int) {
	for _, row := range l.rows[:rows] {
		l.at.shown += mark(l.identity(row))
	}
	l.at.Rows += rows
	l.rows = l.rows[rows:]
}

// mark returns a number that is almost certainly different for different texts. Sums of marks must differ too. Therefore
// the hash of the text is mixed by the finalizer of SplitMix64.
func mark(text string) uint64 {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(text)) // never fails
	h := hash.Sum64()
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
