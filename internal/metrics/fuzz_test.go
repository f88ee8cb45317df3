package metrics_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/feature"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func FuzzAggregateReport(f *testing.F) {
	seed(f, "*.usage*")
	f.Add(record(`"totals_by_feature":[{"feature":"code_completion","code_generation_activity_count":-1}],"totals_by_cli":{"token_usage":null}`))
	f.Fuzz(func(t *testing.T, report []byte) {
		usage, err := readUsage(report)
		if err != nil {
			mustBeReportBroken(t, err)
			return
		}
		mustNotBeNegative(t, asJSON(t, usage))
		if diff := cmp.Diff(usage, mustRead(t, readUsage, report, report)); diff != "" {
			t.Errorf("read again (-first +second):\n%s", diff)
		}
		totals := metrics.Sum([]metrics.Day{metrics.ReadDay(date, usage, nil, readAt), metrics.ReadDay(date+1, usage, nil, readAt)}, nil)
		mustNotBeNegative(t, asJSON(t, totals))
	})
}

// FuzzUsersReport compares the reader with encoding/json on the same report.
func FuzzUsersReport(f *testing.F) {
	seed(f, "*.users*")
	f.Add(append(userRow(1, `"ai_credits_used":1e5,"code_generation_activity_count":null`), userRow(-1, `"user_id":"7"`)...))
	f.Add(userRow(1, `"totals_by_feature":[null,{"feature":"chat_inline","user_initiated_interaction_count":-0},{"feature":null}]`))
	f.Add(userRow(1, `"user\u005fid":2,"x\ud83d":{"\ud83d\ude00":["\xff",-0.0e-1,true,false,null,{}]}`))
	f.Add(userRow(1, `"loc_added_sum":`+"\x80"+`5,"loc_deleted_sum":1234567,"used_chat":true`))
	f.Add(bytes.ReplaceAll(userRow(1, `"x":{"a":12345678,"b":01,"c":1 ,"d":-0,"e":0}`), []byte(","), []byte(", ")))
	f.Fuzz(func(t *testing.T, report []byte) {
		var got []metrics.UserDay
		var roster metrics.Roster
		err := metrics.NewUsersReader(date, metrics.Owner{}, func(u *metrics.UserDay) error {
			got = append(got, *u)
			if _, ok := feature.ReadDetails(u.Details); !ok {
				t.Errorf("the details cannot be read: %x", u.Details)
			}
			got[len(got)-1].Details = nil // TestStoredDetailsAgreeWithTheRows checks them
			return roster.Add(u)
		}).ReadPart(bytes.NewReader(report))
		want, ok := reference(report)
		if ok != (err == nil) {
			t.Fatalf("accepted by encoding/json: %v; the reader returned %v", ok, err)
		}
		if err != nil {
			mustBeReportBroken(t, err)
			return
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-encoding/json +got):\n%s", diff)
		}
		if diff := cmp.Diff(storedOf(&roster), storedOf(mustRead(t, readRoster, report, report))); diff != "" {
			t.Errorf("read again (-first +second):\n%s", diff)
		}
	})
}

func FuzzStoredPeople(f *testing.F) {
	f.Add([]byte("\x25\xaa\xb4\xde\x75\x08\x02\x01\x00\xc0\x9a\x0c\x15\x00\x0cada-k"))
	f.Add([]byte("\x02\x83\x80\x01\xff\x7f"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if people, err := metrics.ReadPeople(date, text); err == nil {
			if back, err := metrics.ReadPeople(date, people.Bytes()); err != nil || crowdOf(back).Engaged != crowdOf(people).Engaged || back.Active() != people.Active() {
				t.Errorf("%d people cannot be read again: %v", people.Active(), err)
			}
		}
		var roster metrics.Roster
		if err := metrics.ReadPage(text, roster.Add); err != nil {
			return
		}
		if diff := cmp.Diff(storedOf(&roster), storedOf(rosterOf(t, everybody(t, &roster)))); diff != "" {
			t.Errorf("put in again (-want +got):\n%s", diff)
		}
	})
}

func seed(f *testing.F, pattern string) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		f.Fatalf("no files %s: %v", pattern, err)
	}
	for _, file := range files {
		text := testdata(f, filepath.Base(file))
		f.Add(text)
		f.Add(append([]byte("\ufeff"), bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))...))
		f.Add(text[:len(text)/2])
		f.Add(surround("[", "]")(text))
	}
}

func mustBeReportBroken(t *testing.T, err error) {
	t.Helper()
	if !fault.Is(err, fault.ReportBroken) || len(err.Error()) > 200 {
		t.Errorf("got %v, want a short error with code report_broken", err)
	}
}

func mustNotBeNegative(t *testing.T, text string) {
	t.Helper()
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case float64:
			if v < 0 {
				t.Errorf("%v in %s", v, text)
			}
		case []any:
			for _, each := range v {
				walk(each)
			}
		case map[string]any:
			for _, each := range v {
				walk(each)
			}
		}
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	walk(v)
}
