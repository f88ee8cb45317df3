package metrics

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// records reads the JSON objects of a report's parts. GitHub sends one object a line. Its documentation prints arrays. Both are
// accepted, and also objects over several lines.
type records struct {
	limit   int64                // the most bytes of one record that are held in memory
	read    func(*scanner) error // reads one record, which is an object; it is called again if the text ended within it
	unknown unknown
	offset  int64 // the end of the last record within the present part; 0 in an array
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
		_ = in.enter() // cannot fail at the outermost level
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
			return nil // a failure of the source may wrap io.EOF; the meter remembers it
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

// stands returns the error for a value that begins with c and is not a record.
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

// kindNames are the words for kinds of values, for use in errors.
var kindNames = map[jsontext.Kind]string{
	'n': "null", 't': "a boolean", 'f': "a boolean", '"': "a string", '0': "a number", '{': "an object", '[': "an array",
}

// meter is a reader between a part and its decoder. It fails if a record is longer than limit bytes, and in endless white space. It
// remembers a failure of the source, so that nobody takes the failure for the end.
type meter struct {
	source         io.Reader
	read, consumed int64
	limit          int64
	blank          int // the length of the present white space
	failed         error
}

const maxBlank = 1 << 20 // of consecutive white space; reports have almost none

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
	if err != nil && err != io.EOF { // an error that wraps io.EOF is a failure and not the end
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

// describe says what is wrong with the bytes without repeating them. It returns a failure of the source unchanged if it has a code,
// because a lost connection is not a malformed report.
func describe(err error) error {
	if err == nil || fault.CodeOf(err) != fault.Internal {
		return err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends in the middle of a record")
	}
	return err
}

// broken turns an error of a part into the error of the whole report. An error that already has a code, such as a lost connection,
// keeps it.
func broken(op string, err error) error {
	if err == nil || fault.CodeOf(err) != fault.Internal {
		return err
	}
	return &fault.Error{Code: fault.ReportBroken, Op: op, Err: err}
}
