package platform

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/emftest"
	"cloudmonitor.ai/copilot-connector/internal/measure"
)

// logged returns what a stack's logger writes, as JSON.
func logged(stack string, write func(*slog.Logger)) string {
	var out bytes.Buffer
	write(slog.New(newMeasuring(slog.NewJSONHandler(&out, nil), stack)))
	return out.String()
}

func TestTheFiguresOfALineAreMetrics(t *testing.T) {
	polls, days := measure.CountBy("Polls", 1, "rate_limited"), measure.Count("DaysUpdated", 0)
	whose := slog.Group("", slog.String("tenant", "acme"), slog.String("connector", "7"))
	of := map[string]float64{"Polls stack=prod": 1, "Polls stack=prod code=rate_limited": 1, "DaysUpdated stack=prod": 0}
	for name, write := range map[string]func(*slog.Logger){
		"in the line":                 func(l *slog.Logger) { l.Info("polled", whose, polls, days) },
		"in a group of the line":      func(l *slog.Logger) { l.Info("polled", whose, slog.Group("g", polls, slog.Group("h", days))) },
		"in the logger":               func(l *slog.Logger) { l.With(polls).With(days).Info("polled", whose) },
		"below a group of the logger": func(l *slog.Logger) { l.With(whose).WithGroup("g").Info("polled", polls, days) },
		"in a group of the logger":    func(l *slog.Logger) { l.With(whose).WithGroup("g").With(polls).WithGroup("h").Info("polled", days) },
		"with a logger that is used elsewhere too": func(l *slog.Logger) {
			l = l.With(whose)
			l.With("a", 1)
			l.WithGroup("g")
			l.Info("polled", polls, days)
		},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now().Truncate(time.Millisecond)
			lines := emftest.Lines(t, logged("prod", write))
			if len(lines) != 1 {
				t.Fatalf("%d lines", len(lines))
			}
			if diff := cmp.Diff(of, lines[0].Metrics); diff != "" {
				t.Errorf("metrics (-want +got):\n%s", diff)
			}
			if at := lines[0].At; at.Before(began) || at.After(time.Now()) {
				t.Errorf("the time of the metrics is %s", at)
			}
			if lines[0].Members["tenant"] != "acme" || lines[0].Members["connector"] != "7" {
				t.Errorf("the tenant and connector are missing: %v", lines[0].Members)
			}
		})
	}
}

func TestFiguresThatAreNoMetrics(t *testing.T) {
	for name, tc := range map[string]struct {
		stack string
		attrs []any
		want  string // the end of the line
	}{
		"a line without figures":      {"prod", []any{"days", 1}, `"msg":"m","days":1}`},
		"figures outside of a stack":  {"", []any{measure.CountBy("Polls", 1, "ok"), "days", 1}, `"msg":"m","days":1,"Polls":1,"code":"ok"}`},
		"an invalid stack name":       {"stäck", []any{measure.Count("Polls", 1)}, `"msg":"m","Polls":1}`},
		"a stack name of spaces":      {" ", []any{measure.Count("Polls", 1)}, `"msg":"m","Polls":1}`},
		"figures of two codes":        {"prod", []any{measure.CountBy("A", 1, "ok"), measure.CountBy("B", 2, "no")}, `"A":1,"B":2,"code":"ok,no","notMeasured":"a line is about one code"}`},
		"a group that held a figure":  {"", []any{slog.Group("g", measure.Count("A", 1)), slog.Group("h")}, `"msg":"m","A":1}`},
		"groups of a line are groups": {"prod", []any{slog.Group("g", "a", 1)}, `"msg":"m","g":{"a":1}}`},
	} {
		t.Run(name, func(t *testing.T) {
			if line := logged(tc.stack, func(l *slog.Logger) { l.Info("m", tc.attrs...) }); strings.Contains(line, "_aws") || !strings.HasSuffix(line, tc.want+"\n") {
				t.Errorf("logged %s", line)
			}
		})
	}
}

func TestASecondFigureOfTheSameCodeIsAMetricToo(t *testing.T) {
	lines := emftest.Lines(t, logged("prod", func(l *slog.Logger) { l.Info("m", measure.CountBy("A", 1, "ok"), measure.CountBy("B", 2, "ok")) }))
	if len(lines) != 1 || lines[0].Metrics["A stack=prod code=ok"] != 1 || lines[0].Metrics["B stack=prod code=ok"] != 2 {
		t.Errorf("got %v, want one line with A=1 and B=2", lines)
	}
}

// CloudWatch must accept the line, whatever the names of stack and code.
func TestCloudWatchAcceptsEveryLine(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		stack, code, n := rapid.String().Draw(r, "stack"), rapid.String().Draw(r, "code"), rapid.Int32().Draw(r, "n")
		log := logged(stack, func(l *slog.Logger) {
			l.Info("m", slog.String("tenant", stack), measure.Count("Totals", int(n)), measure.CountBy("Codes", int(n), code))
		})
		for _, line := range emftest.Lines(t, log) {
			if len(line.Metrics) != 3 || line.Metrics["Totals stack="+stack] != float64(n) {
				r.Fatalf("logged %s", log)
			}
		}
		if t.Failed() {
			r.FailNow()
		}
	})
}

func TestTheHandlerFollowsTheRulesOfSlog(t *testing.T) {
	var out bytes.Buffer
	slogtest.Run(t, func(*testing.T) slog.Handler {
		out.Reset()
		return newMeasuring(slog.NewJSONHandler(&out, nil), "prod")
	}, func(t *testing.T) map[string]any {
		var line map[string]any
		if err := json.Unmarshal(out.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		return line
	})
}
