package edge_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// ask serves a request with a limit for the answer.
func ask(limit int, accept string, serve func(w *edge.Answer)) *httptest.ResponseRecorder {
	recorder, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.Header.Set("Accept-Encoding", accept)
	answer := edge.NewAnswer(recorder, r, limit)
	serve(answer)
	answer.Send()
	return recorder
}

// An answer is a string in the JSON of a Lambda's result, and that JSON has a maximum length.
func TestNoAnswerIsLongerThanItsLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const limit = 4000
		text := strings.Repeat(rapid.StringMatching("[a-c\"\\\\\n\t\u2028\u2029\u00fc\u0001<>&]{1,8}").Draw(t, "text"), rapid.IntRange(1, 900).Draw(t, "times"))
		travels, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		got := ask(limit, "", func(w *edge.Answer) { _, _ = w.Write([]byte(text)) })
		if tooLong := got.Code == http.StatusBadRequest; !tooLong && escapedLength(travels) > limit || tooLong && len(travels) < limit {
			t.Errorf("an answer of %d bytes has the status %d", len(travels), got.Code)
		}
	})
}

// escapedLength returns the answer's length in JSON, without quotes and without the escapes for HTML, which a Lambda does not
// use.
func escapedLength(travels []byte) int {
	text := string(travels)
	return len(text) - 2 - 5*(strings.Count(text, `\u003c`)+strings.Count(text, `\u003e`)+strings.Count(text, `\u0026`))
}

func TestATooLongAnswerIsReplacedByAProblem(t *testing.T) {
	t.Parallel()
	got := ask(2000, "", func(w *edge.Answer) {
		w.Header().Set("Content-Disposition", `attachment; filename="a.csv"`)
		w.Header().Set("Content-Type", "text/csv")
		w.WhenTooLong(func(share float64) string { return fmt.Sprintf("Ask for %.2f of it.", share) })
		_, _ = w.Write([]byte(strings.Repeat("a,b", 2000)))
	})
	var problem edge.Problem
	if err := json.Unmarshal(got.Body.Bytes(), &problem); err != nil || problem.Code != "too_long" || !strings.Contains(problem.Detail, " Ask for 0.33 of it. Or accept it compressed") ||
		got.Code != http.StatusBadRequest || got.Header().Get("Content-Disposition") != "" || got.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %d %v %s, want a problem with 400 and without the headers of a file", got.Code, got.Header(), got.Body)
	}
}

func TestAProblemReplacesTheAnswerBefore(t *testing.T) {
	t.Parallel()
	got := ask(0, "gzip", func(w *edge.Answer) {
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(strings.Repeat("half a table ", 1000)))
		edge.NoPath().Write(w)
		if w.Status() != http.StatusNotFound || w.Code() != "not_found" {
			t.Errorf("status %d, code %s", w.Status(), w.Code())
		}
	})
	if got.Code != http.StatusNotFound || got.Header().Get("Content-Encoding") != "" || strings.Contains(got.Body.String(), "half") {
		t.Errorf("got %d %v %s, want a problem with 404 and nothing of the answer before", got.Code, got.Header(), got.Body)
	}
}

func TestWhichAcceptEncodingGetsGzip(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"gzip": "gzip", "GZip": "gzip", "x-gzip": "gzip", "*": "gzip", "br, gzip": "gzip", "gzip;q=0.001": "gzip", "gzip; q=1.000": "gzip", "gzip;q=1.": "gzip",
		"br;q=1, *;q=0.1": "gzip", "identity;q=0, gzip": "gzip", "identity;q=0.5,gzip;q=0.5": "gzip", "gzip;Q=0.5": "gzip", " gzip ,": "gzip",
		"": "", "br": "", "identity": "", "gzip;q=0": "", "gzip;q=0.0": "", "gzip;q=00.5": "", "gzip;q=1.5": "", "gzip;q=": "", "gzip;q=0.1234": "",
		"*;q=0": "", "gzip;q=0,*": "", "identity,gzip;q=0.9": "", "notgzip": "", "gzip-1": "",
	} {
		got := ask(0, accept, func(w *edge.Answer) { _, _ = w.Write([]byte(strings.Repeat("a", 1024))) })
		if got.Header().Get("Content-Encoding") != want {
			t.Errorf("Accept-Encoding %q gets %q", accept, got.Header().Get("Content-Encoding"))
		}
	}
	if got := ask(0, "gzip", func(w *edge.Answer) { _, _ = w.Write([]byte(strings.Repeat("a", 1023))) }); got.Header().Get("Content-Encoding") != "" {
		t.Error("less than 1 KB is compressed")
	}
	if got := ask(0, "gzip", func(w *edge.Answer) { w.WriteHeader(http.StatusNoContent) }); got.Code != http.StatusNoContent || got.Body.Len() > 0 || got.Header().Get("Content-Length") != "" {
		t.Errorf("an empty answer is %d %v", got.Code, got.Header())
	}
}
