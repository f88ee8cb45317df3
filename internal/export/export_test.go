package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/export"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// row has a column of each type.
type row struct {
	Name   *string        `json:"name"`
	Count  *int64         `json:"count"`
	Rate   *float64       `json:"rate"`
	Amount *json.Number   `json:"amount"`
	Flag   bool           `json:"flag"`
	Day    *calendar.Date `json:"day"`
	At     *time.Time     `json:"at"`
	Hidden int            `json:"-"`
}

func write[Row any](t *testing.T, format export.Format, rows ...Row) string {
	t.Helper()
	var out bytes.Buffer
	w, err := export.NewWriter[Row](&out, format)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func full(name string) row {
	at := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	return row{
		Name: &name, Count: new(int64(-1)), Rate: new(0.25), Amount: new(json.Number("-19.00")), Flag: true, Day: new(calendar.DateOf(at)), At: &at,
	}
}

func TestATableIsTheSameInBothFormats(t *testing.T) {
	for format, want := range map[export.Format]string{
		export.CSV: "name,count,rate,amount,flag,day,at\n" +
			"octo,-1,0.25,-19.00,true,2026-11-22,2026-11-22T06:00:00Z\n" +
			",,,,false,,\n" +
			"\"a \"\"b\"\", c�<d> & ü\",-1,0.25,-19.00,true,2026-11-22,2026-11-22T06:00:00Z\n",
		export.JSON: `[{"name":"octo","count":-1,"rate":0.25,"amount":-19.00,"flag":true,"day":"2026-11-22","at":"2026-11-22T06:00:00Z"}` + "\n" +
			`,{"name":null,"count":null,"rate":null,"amount":null,"flag":false,"day":null,"at":null}` + "\n" +
			`,{"name":"a \"b\", c�<d> & ü","count":-1,"rate":0.25,"amount":-19.00,"flag":true,"day":"2026-11-22","at":"2026-11-22T06:00:00Z"}` + "\n]\n",
	} {
		if diff := cmp.Diff(want, write(t, format, full("octo"), row{}, full("a \"b\", c\t<d> & ü"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
}

func TestATableWithoutRowsIsValid(t *testing.T) {
	if got := write[row](t, export.CSV); got != "name,count,rate,amount,flag,day,at\n" {
		t.Errorf("CSV is %q", got)
	}
	if got := write[row](t, export.JSON); got != "[]\n" {
		t.Errorf("JSON is %q", got)
	}
}

func TestNoTextBecomesAFormula(t *testing.T) {
	for _, text := range []string{
		"=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\u00a0=1", "\u200b =1", "＝1", "＋1", "＠a", "－1", `=HYPERLINK("http://x","y")`, "=cmd|' /C calc'!A0", "-19.00",
	} {
		cells, err := csv.NewReader(strings.NewReader(write(t, export.CSV, full(text)))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := "'" + strings.ReplaceAll(text, "\r\n", "\n")
		if cells[1][0] != want || cells[1][1] != "-1" || cells[1][3] != "-19.00" { // numbers stay numbers
			t.Errorf("%q is written as %q", text, cells[1])
		}
		var rows []struct{ Name string }
		if err := json.Unmarshal([]byte(write(t, export.JSON, full(text))), &rows); err != nil || rows[0].Name != text {
			t.Errorf("%q is %v in JSON (%v)", text, rows, err)
		}
	}
	for text, want := range map[string]string{
		"a;=1+1": "a;'=1+1", "a; -1;b;@c": "a;' -1;b;'@c", ";＝1": ";'＝1", "=1;=2": "'=1;'=2", "\t=1": "�=1", "\r=1": "�=1", "a;\n=1": "a;�=1",
	} {
		cells, err := csv.NewReader(strings.NewReader(write(t, export.CSV, full(text)))).ReadAll()
		if err != nil || cells[1][0] != want {
			t.Errorf("%q is written as %q (%v)", text, cells, err)
		}
	}
	for _, text := range []string{"octo", "a=b", "'quoted", "1-2", "ü"} {
		if got := write(t, export.CSV, full(text)); !strings.Contains(got, "\n"+text+",") {
			t.Errorf("%q is changed: %s", text, got)
		}
	}
}

func TestATextThatLooksLikeAnotherTypeIsQuoted(t *testing.T) {
	for _, text := range []string{"12345", "0", "1.5", "1e5", "0x1f", "1_000", "1.2.3", "nan", "Infinity", "true", "FALSE", "null", "NA", "a,b", "a;b", " a"} {
		if got := write(t, export.CSV, full(text)); !strings.Contains(got, "\n\""+text+"\",-1,0.25,") {
			t.Errorf("%q is written as %s", text, got)
		}
	}
	for _, text := range []string{"octo", "gpt-4.1", "a1", "1a", "2026-11-22", "x-true", "é"} {
		if got := write(t, export.CSV, full(text)); !strings.Contains(got, "\n"+text+",-1,") {
			t.Errorf("%q is written as %s", text, got)
		}
	}
}

func FuzzEveryTextComesBack(f *testing.F) {
	for _, seed := range []string{"", "octo", "=1", "a,b", "\"", "\r\n", "'=1", "\xff", "ü\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var rows []struct{ Name string }
		if err := json.Unmarshal([]byte(write(t, export.JSON, full(text))), &rows); err != nil || len(rows) != 1 {
			t.Fatalf("%q is not JSON: %v", text, err)
		}
		valid := rows[0].Name // bytes that are not UTF-8 are replaced
		cells, err := csv.NewReader(strings.NewReader(write(t, export.CSV, full(text)))).ReadAll()
		if err != nil || len(cells) != 2 || len(cells[1]) != 7 {
			t.Fatalf("%q is not a row of CSV: %v, %v", text, cells, err)
		}
		valid = strings.ReplaceAll(valid, "\r\n", "\n") // readers of CSV read \r\n as \n
		if got := cells[1][0]; got != valid && got != "'"+valid {
			t.Errorf("%q became %q", valid, got)
		}
	})
}

func TestAWriteErrorIsReturned(t *testing.T) {
	for _, format := range []export.Format{export.CSV, export.JSON} {
		w, err := export.NewWriter[row](broken{}, format)
		if err == nil {
			err = w.Write(full("octo"))
		}
		if err = errors.Join(err, w.Close()); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: got %v", format, err)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestADayWithoutNumbersHasARowWithoutNumbers(t *testing.T) {
	day := metrics.UnreadDay(calendar.DateOf(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)), metrics.Pending)
	got := strings.SplitAfter(write(t, export.CSV, export.DayOf(&day)...), "\n")
	if want := "2026-11-20,pending,0" + strings.Repeat(",", 42) + "\n"; got[1] != want {
		t.Errorf("got %q, want %q", got[1], want)
	}
	if rows := export.LanguagesOf(&day); rows != nil {
		t.Errorf("its languages are %v", rows)
	}
}

func TestEachRateStandsBesideItsCounts(t *testing.T) {
	day := metrics.Day{State: metrics.Final, Usage: metrics.Usage{Completions: &metrics.Completions{ByLanguage: metrics.Breakdown{
		Basis: metrics.BasisCompletions, Rows: []metrics.CompletionRow{
			{Name: "go", Suggested: new(int64(3)), Accepted: new(int64(2))},
			{Name: "sql", Suggested: new(int64(0)), Accepted: new(int64(0))},
			{Name: "c", Suggested: nil, Accepted: new(int64(1))},
		},
	}}}}
	got := write(t, export.CSV, export.LanguagesOf(&day)...)
	want := "date,state,basis,name,suggested,accepted,acceptanceRate\n" +
		"1970-01-01,final,completions,go,3,2,0.6667\n1970-01-01,final,completions,sql,0,0,\n1970-01-01,final,completions,c,,1,\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
