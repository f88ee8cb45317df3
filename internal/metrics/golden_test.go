package metrics_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Every report in testdata is of this day, and was read at this time.
var (
	date   = mustDate("2026-11-18")
	readAt = date.Close().Add(78 * time.Hour)
)

func mustDate(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// A day NAME has its aggregate report in NAME.usage* and, if GitHub has one, its per-user report in NAME.users*.
func TestReportsBecomeDays(t *testing.T) {
	for _, name := range []string{"busy", "quiet", "reduced", "wrapped"} {
		t.Run(name, func(t *testing.T) {
			got, err := json.MarshalIndent(readDay(t, name), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheFormatOfAReportDoesNotMatter(t *testing.T) {
	usage, users := testdata(t, "busy.usage.ndjson"), testdata(t, "busy.users.1.ndjson")
	wantUsage, wantUsers := mustRead(t, readUsage, usage), everybody(t, mustRead(t, readRoster, users))
	for name, write := range map[string]func(text []byte) []byte{
		"without the last line break": bytes.TrimSpace,
		"with Windows line ends":      lineEnds("\r\n"),
		"with blank lines":            lineEnds("\n\n \t\n"),
		"without line breaks":         lineEnds(""),
		"with a byte order mark":      surround("\ufeff", ""),
		"with white space around it":  surround("\r\n  \t", " \n\t "),
		"as an array":                 asArray,
		"as an array with a mark":     func(text []byte) []byte { return surround("\ufeff \n", "\r\n ")(asArray(text)) },
		"over several lines":          indented,
		"with each row twice":         func(text []byte) []byte { return append(bytes.Clone(text), text...) },
	} {
		if diff := cmp.Diff(wantUsage, mustRead(t, readUsage, write(usage))); diff != "" {
			t.Errorf("the usage report %s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(wantUsers, everybody(t, mustRead(t, readRoster, write(users)))); diff != "" {
			t.Errorf("the per-user report %s (-want +got):\n%s", name, diff)
		}
	}
}

func lineEnds(end string) func([]byte) []byte {
	return func(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\n"), []byte(end)) }
}

func surround(before, after string) func([]byte) []byte {
	return func(text []byte) []byte { return []byte(before + string(text) + after) }
}

func asArray(ndjson []byte) []byte {
	return surround("[", "]")(lineEnds(",")(bytes.TrimSpace(ndjson)))
}

func indented(ndjson []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(ndjson) {
		if err := json.Indent(&out, line, "", "\t"); err != nil {
			panic(err)
		}
	}
	return out.Bytes()
}

func readDay(t *testing.T, name string) metrics.Day {
	t.Helper()
	usage, err := readUsage(parts(t, name+".usage*")...)
	if err != nil {
		t.Fatal(err)
	}
	var users *metrics.UserTotals
	if files := parts(t, name+".users*"); len(files) > 0 {
		users = new(mustRead(t, readRoster, files...).Totals())
	}
	return metrics.ReadDay(date, usage, users, readAt)
}

func parts(t *testing.T, pattern string) (parts [][]byte) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parts = append(parts, testdata(t, filepath.Base(file)))
	}
	return parts
}

func testdata(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
