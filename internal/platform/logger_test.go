package platform_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/measure"
	"cloudmonitor.ai/copilot-connector/internal/platform"
)

func TestTheLogIsTextFromInfoOn(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := platform.NewLogger(&out)
	log.Debug("unheard")
	log.Info("heard", "by", "me")
	log.LogAttrs(t.Context(), slog.LevelInfo, "counted", measure.CountBy("Polls", 1, "ok"))
	if got := out.String(); !strings.Contains(got, "msg=heard by=me") || !strings.HasSuffix(got, "msg=counted Polls=1 code=ok\n") || strings.Contains(got, "unheard") {
		t.Errorf("logged %q", got)
	}
}
