package metrics_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// stream returns the texts of next until that is nil, and watches the heap while it is read.
type stream struct {
	next  func() []byte
	piece []byte
	read  int
	peak  uint64
}

func (s *stream) Read(p []byte) (int, error) {
	if len(s.piece) == 0 {
		if s.piece = s.next(); s.piece == nil {
			return 0, io.EOF
		}
	}
	n := copy(p, s.piece)
	s.piece = s.piece[n:]
	if before := s.read; before>>20 != (before+n)>>20 {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		s.peak = max(s.peak, stats.HeapAlloc)
	}
	s.read += n
	return n, nil
}

// heapUsed returns by how many MiB the heap grew at most while read ran.
func heapUsed(s *stream, read func(io.Reader) error) (mib uint64, err error) {
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // `make test` lets more garbage lie
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = read(s)
	runtime.ReadMemStats(&after)
	return (max(s.peak, after.HeapAlloc, before.HeapAlloc) - before.HeapAlloc) >> 20, err
}

func TestMemoryDoesNotGrowWithTheReport(t *testing.T) {
	const bound, mib = 16, 12
	features := `"totals_by_feature":[` + strings.Repeat(`{"feature":"code_completion","loc_added_sum":1},`, 10) + `{}],"ai_credits_used":%d`
	for _, test := range []struct {
		name         string
		frame        [3]string
		rows, people int64
	}{
		{"lines", [3]string{"", "\n", "\n"}, 100_000, 100_000},
		{"an array", [3]string{"[", ",", "]"}, 25_000, 25_000},
		{"the same people again and again", [3]string{"", "\n", "\n"}, 25_000, 100},
	} {
		n := int64(0)
		s := &stream{next: func() []byte {
			switch n++; {
			case n > test.rows+1:
				return nil
			case n > test.rows:
				return []byte(test.frame[2])
			}
			return append([]byte(test.frame[min(n-1, 1)]), bytes.TrimSpace(userRow(1+n%test.people, fmt.Sprintf(features, n)))...)
		}}
		var roster metrics.Roster
		used, err := heapUsed(s, metrics.NewUsersReader(date, metrics.Owner{}, roster.Add).ReadPart)
		if people := roster.Totals().Active; err != nil || people != test.people || s.read>>20 < mib {
			t.Fatalf("%s: %d people in %d MiB, %v", test.name, people, s.read>>20, err)
		}
		if used > bound {
			t.Errorf("%s: reading %d MiB took %d MiB of memory, more than %d", test.name, s.read>>20, used, bound)
		}
	}
}

func TestReadingAnEndlessReportEnds(t *testing.T) {
	const bound = 128 // MiB, more than the decoder needs for the longest possible record
	const tooLong, tooBlank, invalid, array = "a record is longer", "more white space than any report", "not valid JSON", "an array stands"
	for name, test := range map[string]struct{ first, again, says string }{
		"white space":           {"", " \n\t", tooBlank},
		"white space in a list": {"[", "\n", tooBlank},
		"white space at an end": {`{"day":"2026-11-18","user_id":1}`, "\r\n", tooBlank},
		"a string":              {`{"x":"`, "x", tooLong},
		"a number":              {`{"user_id":1`, "0", tooLong},
		"a row":                 {`{"user_id":1,"day":"2026-11-18","x":[`, "{},", tooLong},
		"opening brackets":      {"", "[", array},
		"opening braces":        {"", `{"x":`, invalid},
	} {
		for _, read := range []func(io.Reader) error{metrics.NewAggregateReader(date, metrics.Owner{}).ReadPart, metrics.NewUsersReader(date, metrics.Owner{}, new(metrics.Roster).Add).ReadPart} {
			s := endless(test.first, test.again)
			used, err := heapUsed(s, read)
			mustBeBroken(t, err, "read ", test.says)
			if used > bound || s.read > 64<<20 {
				t.Errorf("%s took %d MiB of memory and %d MiB of text", name, used, s.read>>20)
			}
		}
	}
}

func TestMuchWhiteSpaceIsAccepted(t *testing.T) {
	id := int64(0)
	var roster metrics.Roster
	err := metrics.NewUsersReader(date, metrics.Owner{}, roster.Add).ReadPart(&stream{next: func() []byte {
		switch id++; {
		case id > 200:
			return nil
		case id%2 == 0:
			return bytes.Repeat([]byte(" "), 32<<10)
		}
		return userRow(id, `"ai_credits_used":1`)
	}})
	if people := roster.Totals().Active; err != nil || people != 100 {
		t.Errorf("%d people, %v", people, err)
	}
}

func TestALongListOfEmptyValuesTakesLittleMemory(t *testing.T) {
	for _, list := range []string{"totals_by_ide", "totals_by_feature", "totals_by_language_feature", "totals_by_model_feature", "day_totals"} {
		text := record(`"` + list + `":[` + strings.Repeat("{},", 1_500_000) + `{}]`)
		s := &stream{next: func() (piece []byte) { piece, text = text, nil; return piece }}
		used, err := heapUsed(s, metrics.NewAggregateReader(date, metrics.Owner{}).ReadPart)
		mustBeBroken(t, err, "read ", "a list has too many rows")
		if used > 64 {
			t.Errorf("%s took %d MiB of memory", list, used)
		}
	}
}

func endless(first, again string) *stream {
	started := false
	repeated := []byte(strings.Repeat(again, 10_000))
	return &stream{next: func() []byte {
		if !started && first != "" {
			started = true
			return []byte(first)
		}
		return repeated
	}}
}
