package collect_test

import (
	"bytes"
	"strings"
	"testing"
)

// The simulated GitHub writes a field that it documents nowhere: a run says so once, without what is in it.
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
			t.Errorf("%s", line)
		}
	}
	if times != 1 {
		t.Errorf("they are logged %d times", times)
	}
}
