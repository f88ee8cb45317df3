package testworld

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Golden fails the test if text differs from a golden file. If update is true, it writes the file first.
func Golden(t testing.TB, file, text string, update bool) {
	t.Helper()
	if update {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file) //nolint:gosec // the test names it
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s: the text has changed (-want +got), -update accepts it:\n%s", file, diff)
	}
}
