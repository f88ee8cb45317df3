package metrics

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"github.com/go-json-experiment/json/jsontext"
)

// records reads parts of a report, which are JSON objects. GitHub sends one a line; its documentation prints arrays;
// both are taken, and objects over several lines too.
type records struct {
	limit  int64                         // no more bytes of one record are held, whatever the length of the whole
	read   func(*jsontext.Decoder) error // reads the record that comes, an object
	offset int64                         // of the part that was begun last, up to the end of the last record read; 0 in an array
}

func (r *records) readPart(part io.Reader) error {
	meter := &meter{source: part, limit: r.limit}
	r.offset = 0
	err := r.readEach(meter)
	if meter.failed != nil {
		return describe(meter.failed)
	}
	return err
}

func (r *records) readEach(meter *meter) error {
	in := bufio.NewReaderSize(meter, 64<<10)
	if mark, _ := in.Peek(3); string(mark) == "\xef\xbb\xbf" { // a failure comes again
		n, _ := in.Discard(len(mark))
		meter.consumed = int64(n)
	}
	start := meter.consumed
	dec := jsontext.NewDecoder(in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) // as encoding/json
	array := dec.PeekKind() == '['
	if array {
		if _, err := dec.ReadToken(); err != nil {
			return describe(err)
		}
	}
	for n := 1; ; n++ {
		var err error
		switch kind := dec.PeekKind(); {
		case kind == '{':
			err = r.read(dec)
		case kind == ']' && array:
			return readEnd(dec)
		default:
			if _, err = dec.ReadToken(); errors.Is(err, io.EOF) {
				return nil // a failure of the source may be io.EOF at heart: that is for the meter to remember
			}
			if err == nil {
				err = fmt.Errorf("%s stands where an object belongs", kindNames[kind])
			}
		}
		if err = describe(err); fault.CodeOf(err) == fault.Internal {
			return fmt.Errorf("record %d: %w", n, err)
		} else if err != nil {
			return err
		}
		meter.consumed = start + dec.InputOffset()
		if !array {
			r.offset = meter.consumed
		}
	}
}

// readEnd reads the closing bracket of an array, and that nothing follows it.
func readEnd(dec *jsontext.Decoder) error {
	if _, err := dec.ReadToken(); err != nil {
		return describe(err)
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the end of the array")
	}
	return nil
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
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Errorf("not valid JSON at byte %d", syntax.ByteOffset+1)
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
