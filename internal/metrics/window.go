package metrics

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// window holds a section of a part: the record that is being read, and some of the text after it.
type window struct {
	scanner
	source *meter
	begins int64 // the offset of its text in the part
}

// A window begins small, because most reports are, and doubles until it has its full size. A longer record doubles it further.
const (
	firstWindow = 16 << 10
	fullWindow  = 256 << 10
)

// next skips white space and returns the byte after it, or io.EOF.
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

// whole reads one record. If the text ends within the record, it reads more text and then the record from its beginning.
func (w *window) whole(read func(*scanner) error) error {
	for {
		begin, depth := w.at, w.depth
		w.unknown.begin()
		w.last = w.names.row()
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

// nothing returns an error if anything follows the end of an array.
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

// offset returns the present place in the part.
func (w *window) offset() int64 { return w.begins + int64(w.at) }

// fill reads more text and drops the text that was taken.
func (w *window) fill() error {
	w.begins = w.offset()
	w.text = w.text[:copy(w.text, w.text[w.at:])]
	w.at = 0
	if held, size := len(w.text), cap(w.text); held == size || size < fullWindow {
		w.text = slices.Grow(w.text, max(2*size, firstWindow)-held)
	}
	free := w.text[len(w.text):cap(w.text)]
	if room := w.source.limit - (w.source.read - w.source.consumed); room > 0 {
		free = free[:min(int64(len(free)), room)]
	}
	n, err := io.ReadFull(w.source, free)
	w.text = w.text[:len(w.text)+n]
	if n > 0 {
		return nil // a failure is returned by the next call
	}
	return err
}

// describe says what is wrong with the text that was read last.
func (w *window) describe(err error) error {
	if errors.Is(err, errInvalid) {
		return fmt.Errorf("not valid JSON at byte %d", w.offset()+1)
	}
	return describe(err)
}
