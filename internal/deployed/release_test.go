package deployed_test

import (
	"flag"
	"path/filepath"
	"runtime"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// built is set only by .ci/validate, which runs sam build just before. Otherwise the files in that folder may come from older
// sources.
var built = flag.String("built", "", "the folder of what sam build has made of these very sources")

// bootstrap returns the program of a function that the story runs: the one that SAM has built if this machine can run it, else
// one that is built from the same sources for this machine, with the same flags.
func bootstrap(t *testing.T, function string) string {
	t.Helper()
	if *built != "" && runtime.GOOS == "linux" && runtime.GOARCH == "arm64" {
		return filepath.Join(*built, function, "bootstrap")
	}
	return lambdatest.Build(t, function)
}
