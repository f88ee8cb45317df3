package collect_test

import (
	"bytes"
	"strings"
	"testing"
)

// The simulated GitHub sends an undocumented field. A run logs the field's name once, and not its value.
func TestNewFieldsAreLoggedOnceARunByTheirNames(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.log.Reset()
	w.pollAt(begins.AddDate(0, 0, 1))
	times := 0
	for line := range bytes.Lines(w.log.Bytes()) {
		if !bytes.Contains(line, []byte("new fields in a report")) {
			continue
		}
		times++
		if text := string(line); !strings.Contains(text, `"fields":["schema_info"]`) || strings.Contains(text, "revision") || !strings.Contains(text, w.ref.ID) {
			t.Errorf("the line is %s", line)
		}
	}
	if times != 1 {
		t.Errorf("new fields are logged %d times, want once", times)
	}
}
