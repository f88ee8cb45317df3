package main

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// of runs `go test -json` on the tests in testdata and returns what testlog prints.
func of(t *testing.T, folder string) (printed string, skipped int, failed bool) {
	t.Helper()
	output, _ := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-json", "./testdata/"+folder).CombinedOutput() //nolint:gosec // folders of this test; some fail
	var out strings.Builder
	skipped, failed, err := write(&out, strings.NewReader(string(output)))
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`\d+\.\d+s`).ReplaceAllString(out.String(), "TIME"), skipped, failed
}

const folder = module + "/testdata/"

const module = "cloudmonitor.ai/copilot-connector/internal/testlog"

func TestWhatIsPrinted(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		text    string
		skipped int
		failed  bool
	}{
		"mixed": {text: "--- FAIL: TestFails/inside (TIME)\n    mixed_test.go:14: it broke\n" +
			"--- FAIL: TestFails (TIME)\n    mixed_test.go:12: before\n" +
			"FAIL\nFAIL\t" + folder + "mixed\tTIME\n" +
			"skipped: TestIsSkipped of " + folder + "mixed: there is no emulator\n", skipped: 1, failed: true},
		"fine": {text: "ok  \t" + folder + "fine\tTIME\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printed, skipped, failed := of(t, name)
			if printed != want.text || skipped != want.skipped || failed != want.failed {
				t.Errorf("%d tests were skipped, failed: %t; the output is\n%q\nwant\n%q", skipped, failed, printed, want.text)
			}
		})
	}
}

func TestABrokenPackageIsReportedInFull(t *testing.T) {
	t.Parallel()
	for folder, words := range map[string][]string{
		"dies":           {"it was here", "panic: no more", "FAIL\t"},
		"doesnotcompile": {"undefined: missing", "[build failed]"},
	} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			printed, _, failed := of(t, folder)
			if !failed {
				t.Error("it is not a failure")
			}
			for _, word := range words {
				if !strings.Contains(printed, word) {
					t.Errorf("the output does not contain %q:\n%s", word, printed)
				}
			}
		})
	}
}
