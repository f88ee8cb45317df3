package metrics_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
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

func FuzzPeopleReport(f *testing.F) {
	seed(f, "*.users*")
	f.Add(append(userRow(1, `"ai_credits_used":1e5,"code_generation_activity_count":null`), userRow(-1, `"user_id":"7"`)...))
	f.Fuzz(func(t *testing.T, report []byte) {
		roster, err := readRoster(report)
		if err != nil {
			mustBeReportBroken(t, err)
			return
		}
		if diff := cmp.Diff(everybody(t, roster), everybody(t, mustRead(t, readRoster, report, report))); diff != "" {
			t.Errorf("read again (-first +second):\n%s", diff)
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
	if !connector.Is(err, connector.CodeReportBroken) || len(err.Error()) > 200 {
		t.Errorf("got %v", err)
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
