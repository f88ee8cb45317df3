//go:build aftersambuild

package deployed_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

func TestSAMBuildsTheTestedRelease(t *testing.T) {
	if *built == "" {
		t.Fatal("-built is missing: run make validate, which sets it to the output of sam build")
	}
	functions := propertiesOf[function](t, declared(t, everything), "AWS::Lambda::Function") // SAM also builds functions that a parameter leaves out
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
			t.Errorf("%s: SAM's build (%d bytes) differs from the release (%d bytes) whose rights, size and behaviour are tested", id, len(sam), len(release))
		}
	}
	artifacts, err := filepath.Glob(filepath.Join(*built, "*", "bootstrap"))
	if err != nil || len(artifacts) != len(functions) {
		t.Errorf("SAM has built %v, %v", artifacts, err)
	}
}
