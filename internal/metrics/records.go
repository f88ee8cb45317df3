package metrics

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// records reads parts of a report, which are JSON objects. GitHub sends one a line; its documentation prints arrays;
// both are taken, and objects over several lines too.
type records struct {
	limit   int64                // no more bytes of one record are held, whatever the length of the whole
	read    func(*scanner) error // reads the record that comes, an object; anew when it was cut off
	unknown unknown
	offset  int64 // of the part that was begun last, up to the end of the last record read; 0 in an array
}

func (r *records) readPart(part io.Reader) error {
	meter := &meter{source: part, limit: r.limit}
	r.offset = 0
	in := &window{source: meter}
	in.unknown = &r.unknown
	err := r.readEach(in)
	if meter.failed != nil {
		return describe(meter.failed)
	}
	return err
}

const byteOrderMark = "\xef\xbb\xbf"

func (r *records) readEach(in *window) error {
	kind, err := in.next()
	if err == nil && bytes.HasPrefix(in.text, []byte(byteOrderMark)) {
		in.at = len(byteOrderMark)
		in.source.consumed = in.offset()
		kind, err = in.next()
	}
	array := err == nil && kind == '['
	if array {
		_ = in.enter() // nothing is around it
	}
	for n := 1; ; n++ {
		more := true
		if kind, err = in.next(); err == nil && array {
			if more, err = in.more(']', n == 1); err == nil && more {
				kind, err = in.next()
			}
		}
		switch {
		case errors.Is(err, io.EOF) && !array:
			return nil // a failure of the source may be io.EOF at heart: that is for the meter to remember
		case err != nil:
		case !more:
			return in.nothing()
		case kind == '{':
			err = in.whole(r.read)
		default:
			err = stands(kind)
		}
		if err = in.describe(err); fault.CodeOf(err) == fault.Internal {
			return fmt.Errorf("record %d: %w", n, err)
		} else if err != nil {
			return err
		}
		if !array {
			r.offset = in.offset()
		}
	}
}

// stands returns the error for a value, beginning with c, where a record belongs.
func stands(c byte) error {
	if name, known := kindNames[kindOf(c)]; known {
		return fmt.Errorf("%s stands where an object belongs", name)
	}
	return errInvalid
}

// kindOf returns the kind of the value that begins with c.
func kindOf(c byte) jsontext.Kind {
	if c == '-' || isDigit(c) {
		return '0'
	}
	return jsontext.Kind(c)
}

// kindNames are words for what may stand in the place of something else.
var kindNames = map[jsontext.Kind]string{
	'n': "null", 't': "a boolean", 'f': "a boolean", '"': "a string", '0': "a number", '{': "an object", '[': "an array",
}

// meter stands between a part and its decoder. It refuses to read on while more than limit bytes wait for the end
// of their record, and in endless white space. It remembers how the source failed, so that nothing takes that for the
// end.
type meter struct {
	source         io.Reader
	read, consumed int64
	limit          int64
	blank          int // how much white space was read last
	failed         error
}

const maxBlank = 1 << 20 // in one run; reports have next to none

func (m *meter) Read(p []byte) (int, error) {
	if m.failed != nil {
		return 0, m.failed
	}
	if m.read-m.consumed >= m.limit {
		m.failed = errors.New("a record is longer than any record of a report can be")
		return 0, m.failed
	}
	n, err := m.source.Read(p)
	m.read += int64(n)
	if err != nil && err != io.EOF { // a failure may wrap io.EOF and is no end
		m.failed = err
	}
	if text := bytes.TrimRight(p[:n], " \t\r\n"); len(text) > 0 {
		m.blank = n - len(text)
	} else if m.blank += n; m.blank > maxBlank {
		m.failed = errors.New("it holds more white space than any report")
		return 0, m.failed
	}
	return n, err
}

// describe says what is wrong with the bytes without repeating them. A failure of the source itself passes
// unchanged where it has a code: a lost connection is not a malformed report.
func describe(err error) error {
	if err == nil || fault.CodeOf(err) != fault.Internal {
		return err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends in the middle of a record")
	}
	return err
}

// broken turns what went wrong with a part into the error of the whole report. What already carries a code,
// such as a connection that was lost, keeps it.
func broken(op string, err error) error {
	if err == nil || fault.CodeOf(err) != fault.Internal {
		return err
	}
	return &fault.Error{Code: fault.ReportBroken, Op: op, Err: err}
}
