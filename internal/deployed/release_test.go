package deployed_test

import (
	"flag"
	"path/filepath"
	"runtime"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// built is given by .ci/validate alone, which runs sam build just before: at any other time, what lies in that folder may
// be of other sources.
var built = flag.String("built", "", "the folder of what sam build has made of these very sources")

// bootstrap is what the story runs of a function: what SAM has built, where this machine can run that; elsewhere the same
// sources, built for this machine with the same flags.
func bootstrap(t *testing.T, function string) string {
	t.Helper()
	if *built != "" && runtime.GOOS == "linux" && runtime.GOARCH == "arm64" {
		return filepath.Join(*built, function, "bootstrap")
	}
	return lambdatest.Build(t, function)
}
