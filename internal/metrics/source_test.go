package metrics_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestACutReportIsNeverReadAsAShorterOne(t *testing.T) {
	rows := testdata(t, "busy.users.1.ndjson")
	for _, report := range [][]byte{rows, asArray(rows)} {
		for cut := range len(report) + 1 {
			roster, err := readRoster(report[:cut])
			switch want, whole := wholeRows(report[:cut]); {
			case whole && (err != nil || roster.Totals().Active != want):
				t.Errorf("cut at byte %d, after %d whole rows: %v", cut, want, err)
			case !whole && !fault.Is(err, fault.ReportBroken):
				t.Errorf("cut at byte %d, within a row: %v", cut, err)
			}
		}
	}
	for _, file := range []string{"busy.usage.ndjson", "wrapped.usage.json"} {
		report := bytes.TrimSpace(testdata(t, file))
		for cut := range len(report) {
			if _, err := readUsage(report[:cut]); !fault.Is(err, fault.ReportBroken) {
				t.Errorf("%s cut at byte %d: %v", file, cut, err)
			}
		}
	}
}

// wholeRows reports whether the text ends where a report may end, and how many rows it then has.
func wholeRows(text []byte) (n int64, whole bool) {
	if text = bytes.TrimSpace(text); bytes.HasPrefix(text, []byte("[")) {
		return 3, json.Valid(text)
	}
	for line := range bytes.Lines(text) {
		if !json.Valid(line) {
			return 0, false
		}
		n++
	}
	return n, true
}

func TestTheSizeOfReadsDoesNotMatter(t *testing.T) {
	rows := bytes.ReplaceAll(testdata(t, "busy.users.1.ndjson"), []byte("ada-k"), []byte("äda-κ-😀"))
	want := everybody(t, mustRead(t, readRoster, rows))
	for name, pieces := range map[string]func(io.Reader) io.Reader{
		"single bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "data with its end": iotest.DataErrReader,
	} {
		for _, report := range [][]byte{rows, asArray(rows)} {
			var roster metrics.Roster
			if err := metrics.NewUsersReader(date, metrics.Owner{}, roster.Add).ReadPart(pieces(bytes.NewReader(report))); err != nil {
				t.Errorf("reading %s failed: %v", name, err)
			}
			if diff := cmp.Diff(want, everybody(t, &roster)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

func TestAReportOfEndlessPeopleEnds(t *testing.T) {
	n := 0
	growing := &stream{next: func() []byte { n++; return fmt.Appendf(nil, "{\"user_id\":%d}\n", n) }}
	mustBeBroken(t, metrics.NewUsersReader(date, metrics.Owner{}, new(metrics.Roster).Add).ReadPart(growing), "read ", "more people than an account can have")
}

// failing returns its text, fails once, and then reports its end.
type failing struct {
	text []byte
	err  error
	with bool // the failure comes with the last bytes of the text
}

func (f *failing) Read(p []byte) (n int, err error) {
	n = copy(p, f.text)
	f.text = f.text[n:]
	if len(f.text) > 0 || n > 0 && !f.with {
		return n, nil
	}
	if err, f.err = f.err, nil; err == nil {
		err = io.EOF
	}
	return n, err
}

func TestAFailureOfTheSourceKeepsItsCode(t *testing.T) {
	rows := testdata(t, "busy.users.1.ndjson")
	for _, cause := range []error{nil, io.EOF, io.ErrUnexpectedEOF, context.DeadlineExceeded} {
		for _, with := range []bool{false, true} {
			for _, report := range [][]byte{rows, asArray(rows), append(asArray(rows), "\n \n"...)} {
				for cut := 0; cut <= len(report); cut += 1 + 9*(cut/50%2) {
					failure := &fault.Error{Code: fault.OutOfTime, Op: "download", Err: cause}
					err := metrics.NewUsersReader(date, metrics.Owner{}, func(*metrics.UserDay) error { return nil }).ReadPart(&failing{report[:cut], failure, with})
					if any(err) != any(failure) { // the error itself, not a wrapped one
						t.Fatalf("failing with %v at byte %d: got %v", cause, cut, err)
					}
				}
			}
		}
	}
}

func TestAFailureWithoutACodeBreaksTheReport(t *testing.T) {
	row := userRow(1, `"ai_credits_used":1`)
	for failure, want := range map[error]string{
		io.ErrUnexpectedEOF:                  "it ends in the middle of a record",
		fmt.Errorf("decompress: %w", io.EOF): "it ends in the middle of a record",
		errors.New("the stream was reset"):   "the stream was reset",
	} {
		for _, report := range [][]byte{row, asArray(row), row[:10], nil} {
			err := metrics.NewUsersReader(date, metrics.Owner{}, new(metrics.Roster).Add).ReadPart(&failing{report, failure, false})
			if !fault.Is(err, fault.ReportBroken) {
				t.Errorf("%v: got %v", failure, err)
			} else if got := errors.Unwrap(err).Error(); got != want {
				t.Errorf("%v: the error is %q, want %q", failure, got, want)
			}
		}
	}
}
