//go:build !race

package collect_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// record returns the stored copy of GitHub's own record of a day.
func (w *world) record(date string) string {
	w.t.Helper()
	on, err := calendar.ParseDate(date)
	if err != nil {
		w.t.Fatal(err)
	}
	day, err := w.store.Day(w.t.Context(), w.ref, on)
	if err != nil || day == nil {
		w.t.Fatalf("%s is %v, %v", date, day, err)
	}
	record, err := w.store.Record(w.t.Context(), w.ref, day)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(record)
}

func TestGitHubsOwnRecordIsKeptWithItsDay(t *testing.T) {
	t.Parallel()
	const date = "2026-11-20"
	w := start(t)
	kept := w.record(date)
	for _, field := range []string{`"day":"` + date + `"`, `"totals_by_language_model":[`, `"schema_info":{`} { // the API shows neither of the last two
		if !strings.Contains(kept, field) {
			t.Errorf("the record does not contain %s: %.300s", field, kept)
		}
	}

	// A field that nothing reads changes: the new record must be stored, but the day keeps its revision.
	w.gitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
		if r.Context().Value(inner{}) != nil || !strings.Contains(r.URL.Path, "organization-1-day") || !strings.Contains(r.URL.Path+r.URL.RawQuery, date) {
			return false
		}
		answer := whole(w.gitHub, r)
		text := bytes.Replace(answer.Body.Bytes(), []byte(`"revision":7`), []byte(`"revision":8`), 1)
		for name, values := range answer.Header() {
			if name != "Content-Length" && name != "Etag" {
				rw.Header()[name] = values
			}
		}
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(text)
		return true
	})
	before := w.day(date)
	w.pollAt(morning(1))
	if again := w.record(date); again == kept || !strings.Contains(again, `"revision":8`) {
		t.Error("the record that GitHub has sent anew was not kept")
	}
	if after := w.day(date); after.Revision != before.Revision {
		t.Errorf("revision %d became %d, although no number has changed", before.Revision, after.Revision)
	}
}
