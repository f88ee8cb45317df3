package measure_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/measure"
)

func TestOtherHandlersPrintFiguresAsNumbers(t *testing.T) {
	for want, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"Polls=1 DaysUpdated=28":      func(out *bytes.Buffer) slog.Handler { return slog.NewTextHandler(out, nil) },
		`"Polls":1,"DaysUpdated":28}`: func(out *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(out, nil) },
	} {
		var out bytes.Buffer
		slog.New(handler(&out)).Info("polled", measure.CountBy("Polls", 1, "ok"), measure.Count("DaysUpdated", 28))
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output does not have %s: %s", want, out.String())
		}
	}
}

func TestAnInvalidCodeIsCountedAsOther(t *testing.T) {
	for code, want := range map[string]string{
		"ok": "ok", "report_host_unreachable": "report_host_unreachable", "not_a_pat2": "not_a_pat2",
		"": "other", " ": "other", "Ok": "other", "a b": "other", "gerät": "other", ":a": "other", "a\nb": "other", "a/b": "other",
		"xQ7x": "other", strings.Repeat("a", 64): strings.Repeat("a", 64), strings.Repeat("a", 65): "other",
	} {
		if got := measure.CountBy("Polls", 1, code).Value.Any().(measure.Figure).Code; got != want {
			t.Errorf("%q is counted as %q, want %q", code, got, want)
		}
	}
}
