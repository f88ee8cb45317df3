package metrics

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// records decodes each JSON object of r into a T and hands it to each; the T is only valid during the call.
// GitHub sends one object a line; its documentation prints arrays; both are taken, and objects over several
// lines too. No more than limit bytes of one object are held, whatever the length of the whole.
func records[T any](r io.Reader, limit int64, each func(*T) error) error {
	meter := &meter{source: r, limit: limit}
	err := decodeEach(meter, each)
	if meter.failed != nil {
		return describe(meter.failed)
	}
	return err
}

func decodeEach[T any](meter *meter, each func(*T) error) error {
	in := bufio.NewReader(meter)
	skipped, array, err := skipToFirst(in)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(in)
	if array {
		if _, err := dec.Token(); err != nil {
			return describe(err)
		}
	}
	var record, empty T
	for n := 1; ; n++ {
		meter.consumed = skipped + dec.InputOffset()
		if array && !dec.More() {
			break
		}
		record = empty
		if err := dec.Decode(&record); errors.Is(err, io.EOF) && !array {
			return nil
		} else if err != nil {
			return fmt.Errorf("record %d: %w", n, describe(err))
		}
		if err := each(&record); err != nil {
			return fmt.Errorf("record %d: %w", n, err)
		}
	}
	if _, err := dec.Token(); err != nil { // the closing bracket
		return describe(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the end of the array")
	}
	return nil
}

// skipToFirst passes over a byte order mark and white space, and tells whether an array comes.
func skipToFirst(in *bufio.Reader) (skipped int64, array bool, err error) {
	if mark, err := in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		n, _ := in.Discard(3)
		skipped = int64(n)
	}
	for ; ; skipped++ {
		c, err := in.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return skipped, false, nil
		case err != nil:
			return skipped, false, err
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			continue
		}
		return skipped, c == '[', in.UnreadByte()
	}
}

// meter stands between a part and its decoder. It refuses to read on while more than limit bytes wait for the end
// of their record, and in endless white space, which encoding/json looks through again with every read. It remembers
// how the source failed, so that nothing takes that for the end.
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
		return 0, errors.New("a record is longer than any record of a report can be")
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

// embedded takes our own names out of the paths that encoding/json gives to fields.
var embedded = strings.NewReplacer("dayRecord.", "", "activity.", "")

// describe says what is wrong with the bytes without repeating them. A failure of the source itself passes
// unchanged where it has a code: a lost connection is not a malformed report.
func describe(err error) error {
	if connector.CodeOf(err) != connector.CodeInternal {
		return err
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		kind, _, _ := strings.Cut(wrong.Value, " ")
		field := embedded.Replace(wrong.Field)
		switch {
		case wrong.Field == "" && kind == "array":
			return errors.New("an array stands where an object belongs")
		case wrong.Field == "":
			return fmt.Errorf("a %s stands where an object belongs", kind)
		case kind == "number":
			return fmt.Errorf("%s is a number with a fraction, out of range, or where none belongs", field)
		}
		return fmt.Errorf("%s is of the wrong type: %s", field, kind)
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("not valid JSON at byte %d", syntax.Offset)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends in the middle of a record")
	}
	return err
}

// broken turns what went wrong with a part into the error of the whole report. What already carries a code,
// such as a connection that was lost, keeps it.
func broken(op string, err error) error {
	if err == nil || connector.CodeOf(err) != connector.CodeInternal {
		return err
	}
	return &connector.Error{Code: connector.CodeReportBroken, Op: op, Err: err}
}
