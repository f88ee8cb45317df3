//go:build aftersambuild

package deployed_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
)

// maxZip keeps a function quick to deploy and to start. The client with which the mint function is called takes 0.1 MB of it.
const maxZip = 5_200_000

func TestSAMBuildsTheTestedReleaseAndItIsSmall(t *testing.T) {
	if *built == "" {
		t.Fatal("-built is missing: run make validate, which sets it to the output of sam build")
	}
	functions := propertiesOf[function](t, declared(t, everything), "AWS::Lambda::Function") // SAM also builds functions that a parameter leaves out
	for id := range functions {
		bootstrap := filepath.Join(*built, id, "bootstrap")
		sam, err := os.ReadFile(bootstrap)
		if err != nil {
			t.Error(err)
			continue
		}
		release, err := os.ReadFile(lambdatest.BuildRelease(t, id))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(sam, release) {
			t.Errorf("%s: SAM's build (%d bytes) differs from the release (%d bytes) whose rights and behaviour are tested", id, len(sam), len(release))
		}
		size, zipped := lambdatest.Zip(t, bootstrap)
		t.Logf("%-20s %9d bytes, %8d zipped", id, size, len(zipped))
		if len(zipped) > maxZip {
			t.Errorf("%s is %d bytes zipped; the limit is %d", id, len(zipped), maxZip)
		}
	}
	artifacts, err := filepath.Glob(filepath.Join(*built, "*", "bootstrap"))
	if err != nil || len(artifacts) != len(functions) {
		t.Errorf("SAM has built %v, %v", artifacts, err)
	}
}
