package metrics_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

var errLost = &fault.Error{Code: fault.OutOfTime, Op: "download"}

func TestAReportCanBeResumedAfterACutAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		report, ends := []byte(rapid.SampledFrom([]string{"", "\ufeff"}).Draw(t, "mark")), []int{0}
		for _, row := range userRows.Draw(t, "rows") {
			report = append(report, bytes.TrimSpace(row.text(date))...)
			ends = append(ends, len(report))
			report = append(report, rapid.SampledFrom([]string{"\n", "\r\n", "\n\n", ""}).Draw(t, "line end")...)
		}
		want := storedOf(mustRead(t, readRoster, report))

		cut := rapid.IntRange(0, len(report)).Draw(t, "cut")
		var roster metrics.Roster
		reader := metrics.NewUsersReader(date, metrics.Owner{}, roster.Add)
		if err := reader.ReadPart(&failing{report[:cut], errLost, rapid.Bool().Draw(t, "at once")}); !fault.Is(err, fault.OutOfTime) {
			t.Fatal(err)
		}
		offset := int(reader.Offset())
		for _, end := range ends {
			if end <= cut && end > offset {
				t.Errorf("cut at byte %d, the reader resumes at byte %d, want byte %d", cut, offset, end)
			}
		}
		var later metrics.Roster // a later run has only the pages of the roster
		if err := later.Load(roster.Dump()); err != nil {
			t.Fatal(err)
		}
		if err := metrics.NewUsersReader(date, metrics.Owner{}, later.Add).ReadPart(bytes.NewReader(report[offset:])); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, storedOf(&later)); diff != "" {
			t.Errorf("cut at byte %d, resumed at byte %d (-want +got):\n%s", cut, offset, diff)
		}
	})
}

func TestAnArrayIsReadAgainFromItsBeginning(t *testing.T) {
	rows := testdata(t, "busy.users.1.ndjson")
	reader := metrics.NewUsersReader(date, metrics.Owner{}, new(metrics.Roster).Add)
	if err := reader.ReadPart(bytes.NewReader(rows)); err != nil || reader.Offset() != int64(len(bytes.TrimSpace(rows))) {
		t.Errorf("the offset is %d of %d bytes, %v", reader.Offset(), len(rows), err)
	}
	array := asArray(rows)
	if err := reader.ReadPart(&failing{array[:len(array)-1], errLost, false}); !fault.Is(err, fault.OutOfTime) || reader.Offset() != 0 {
		t.Errorf("the offset is %d, %v", reader.Offset(), err)
	}
}

func TestARefusedRowIsReadAgain(t *testing.T) {
	full := errors.New("no room")
	for _, refusal := range []error{errLost, full} {
		n := 0
		reader := metrics.NewUsersReader(date, metrics.Owner{}, func(*metrics.UserDay) error {
			if n++; n == 3 {
				return refusal
			}
			return nil
		})
		row := string(userRow(1, `"used_chat":true`))
		err := reader.ReadPart(strings.NewReader(strings.Repeat(row, 5)))
		if got, want := reader.Offset(), int64(2*len(row)-1); got != want {
			t.Errorf("%v: the offset is %d, want %d", refusal, got, want)
		}
		if !errors.Is(err, refusal) || n != 3 {
			t.Errorf("%v: got %v after %d rows", refusal, err, n)
		}
	}
}
