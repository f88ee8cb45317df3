package collect_test

import (
	"strings"
	"testing"
)

// The simulated GitHub sends an undocumented field. A run logs the field's name once, and not its value.
func TestNewFieldsAreLoggedOnceARunByTheirNames(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.Log.Reset()
	w.pollAt(begins.AddDate(0, 0, 1))
	times := 0
	for line := range strings.Lines(w.Log.String()) {
		if !strings.Contains(line, "new fields in a report") {
			continue
		}
		times++
		if !strings.Contains(line, `"fields":["schema_info"]`) || strings.Contains(line, "revision") || !strings.Contains(line, w.ref.ID) {
			t.Errorf("the line is %s", line)
		}
	}
	if times != 1 {
		t.Errorf("new fields are logged %d times, want once", times)
	}
}
