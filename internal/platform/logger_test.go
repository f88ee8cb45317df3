package platform_test

import (
	"bytes"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/platform"
)

func TestOutsideOfLambdaTheLogIsTextFromInfoOn(t *testing.T) {
	t.Setenv("AWS_LAMBDA_RUNTIME_API", "")
	var out bytes.Buffer
	log := platform.NewLogger(&out)
	log.Debug("unheard")
	log.Info("heard", "by", "me")
	if got := out.String(); !strings.Contains(got, "msg=heard by=me") || strings.Contains(got, "unheard") {
		t.Errorf("logged %q", got)
	}
}
