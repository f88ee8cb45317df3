//go:build aftersambuild

package deployed_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// built is given by .ci/validate alone, which runs sam build just before: at any other time, what lies in that folder may
// be of other sources.
var built = flag.String("built", "", "the folder of what sam build has made of these very sources")

func TestWhatSAMHasBuiltIsTheReleaseThatOtherTestsHold(t *testing.T) {
	if *built == "" {
		t.Fatal("nobody says what sam build has made of these sources: make validate does")
	}
	functions := propertiesOf[function](t, declared(t, nil), "AWS::Lambda::Function")
	for id := range functions {
		sam, err := os.ReadFile(filepath.Join(*built, id, "bootstrap"))
		if err != nil {
			t.Error(err)
			continue
		}
		release, err := os.ReadFile(lambdatest.BuildRelease(t, id))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(sam, release) {
			t.Errorf("%s: SAM has built other bytes (%d) than the release (%d) whose rights, size and behaviour are tested", id, len(sam), len(release))
		}
	}
	artifacts, err := filepath.Glob(filepath.Join(*built, "*", "bootstrap"))
	if err != nil || len(artifacts) != len(functions) {
		t.Errorf("SAM has built %v, %v", artifacts, err)
	}
}

// bootstrap is what the story runs of a function: what SAM has built, where this machine can run that; elsewhere the same
// sources, built for this machine with the same flags.
func bootstrap(t *testing.T, function string) string {
	t.Helper()
	if *built != "" && runtime.GOOS == "linux" && runtime.GOARCH == "arm64" {
		return filepath.Join(*built, function, "bootstrap")
	}
	return lambdatest.Build(t, function)
}
