package metrics

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// window is what is held of a part: the record that is being read, and some of what follows.
type window struct {
	scanner
	source *meter
	begins int64 // where its text begins in the part
}

// windowSize is as many bytes as are read at a time, at least.
const windowSize = 256 << 10

// next passes white space and returns the byte behind it, or io.EOF.
func (w *window) next() (byte, error) {
	for {
		c, err := w.peek()
		if err == nil {
			return c, nil
		}
		w.source.consumed = w.offset()
		if err := w.fill(); err != nil {
			return 0, err
		}
	}
}

// whole has a record read. Where the text ends within it, more is fetched, and it is read once more from its beginning.
func (w *window) whole(read func(*scanner) error) error {
	for {
		begin, depth := w.at, w.depth
		w.unknown.begin()
		err := read(&w.scanner)
		if err == nil {
			w.unknown.end()
			w.source.consumed = w.offset()
		}
		if !errors.Is(err, errCut) {
			return err
		}
		w.at, w.depth = begin, depth
		if err := w.fill(); err != nil {
			return err
		}
	}
}

// nothing makes sure that nothing follows the end of an array.
func (w *window) nothing() error {
	switch _, err := w.next(); {
	case err == nil:
		return errors.New("something follows the end of the array")
	case errors.Is(err, io.EOF):
		return nil
	default:
		return describe(err)
	}
}

// offset is the place in the part.
func (w *window) offset() int64 { return w.begins + int64(w.at) }

// fill reads more, and drops what was taken.
func (w *window) fill() error {
	w.begins = w.offset()
	w.text = w.text[:copy(w.text, w.text[w.at:])]
	w.at = 0
	if held := len(w.text); held == cap(w.text) {
		w.text = slices.Grow(w.text, max(held, windowSize))
	}
	free := w.text[len(w.text):cap(w.text)]
	if room := w.source.limit - (w.source.read - w.source.consumed); room > 0 {
		free = free[:min(int64(len(free)), room)]
	}
	n, err := io.ReadFull(w.source, free)
	w.text = w.text[:len(w.text)+n]
	if n > 0 {
		return nil // a failure comes again
	}
	return err
}

// describe says what is wrong with what was read last.
func (w *window) describe(err error) error {
	if errors.Is(err, errInvalid) {
		return fmt.Errorf("not valid JSON at byte %d", w.offset()+1)
	}
	return describe(err)
}
