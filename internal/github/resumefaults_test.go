package github_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

func TestEachFaultOfAResumedReadHasItsCode(t *testing.T) {
	fine := blob("second", "ETag", `"2"`)
	first := blob("first", "ETag", `"1"`)
	before, err := readFrom(t.Context(), connect(t, reporting(t, first, fine).URL), resume.Bookmark{})
	check(t, err, "")
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    fault.Code
		calls   int
	}{
		"a transient failure": {inTurn(hangUp, respond(503, ""), fine), "", 3},
		"500 all the time":    {respond(500, ""), fault.ReportHost, 3},
		"expired link":        {respond(403, "<Error/>"), fault.LinkRefused, 1},
		"limit of the host":   {respond(429, ""), fault.RateLimited, 1},
		"redirect elsewhere":  {respond(302, "", "Location", "http://169.254.169.254/latest?sig=CANARY"), fault.ReportBroken, 1},
		"redirects for ever":  {respond(302, "", "Location", "?sig=CANARY"), fault.ReportBroken, 4},
		"redirect to nowhere": {respond(302, ""), fault.ReportChanged, 1},
	} {
		t.Run(name, func(t *testing.T) {
			for at, parts := range map[string][]http.HandlerFunc{"the finished part": {test.handler, fine}, "the last part": {first, test.handler}} {
				if test.want == "" && at == "the finished part" {
					parts[0] = inTurn(hangUp, respond(503, ""), first)
				}
				gh := reporting(t, parts...)
				got, err := readFrom(t.Context(), connect(t, gh.URL), bookmarkIn(3, before...))
				check(t, err, test.want)
				if (len(got) == 1 && got[0].Text == "ond") != (test.want == "") {
					t.Errorf("%s: read %q", at, got)
				}
				calls := 0
				for _, r := range gh.seen()[1:] {
					if strings.HasPrefix(r.URL.Path, "/part/0") == (at == "the finished part") {
						calls++
					}
				}
				if calls != test.calls {
					t.Errorf("%s: %d calls, want %d", at, calls, test.calls)
				}
			}
		})
	}
}

func TestARedirectKeepsTheRange(t *testing.T) {
	final := serve(t, blob("content", "ETag", `"1"`))
	moved := respond(http.StatusTemporaryRedirect, "", "Location", final.URL+"/moved?sig=CANARY2")
	before, err := readFrom(t.Context(), connect(t, reporting(t, moved).URL), resume.Bookmark{})
	check(t, err, "")
	got, err := readFrom(t.Context(), connect(t, reporting(t, moved).URL), bookmarkIn(3, before...))
	check(t, err, "")
	if len(got) != 1 || got[0].Text != "tent" {
		t.Errorf("read %q", got)
	}
	for i, want := range []string{"", "bytes=2-"} {
		header := final.seen()[i].Header
		if header.Get("Range") != want || header.Get("Accept-Encoding") != "identity" || header.Get("Referer") != "" || header.Get("Authorization") != "" {
			t.Errorf("headers %v", header)
		}
	}
}

func TestALimitDuringAResumedReadStopsTheDownloads(t *testing.T) {
	first := blob("first", "ETag", `"1"`)
	before, err := readFrom(t.Context(), connect(t, reporting(t, first).URL), resume.Bookmark{})
	check(t, err, "")
	gh := reporting(t, respond(http.StatusTooManyRequests, ""))
	client := connect(t, gh.URL)
	for range 2 {
		_, err := readFrom(t.Context(), client, bookmarkIn(3, before...))
		check(t, err, fault.RateLimited)
	}
	if n := len(gh.seen()); n != 3 { // the API still answers
		t.Errorf("%d calls", n)
	}
}

func TestAResumedReadEndsWithItsContext(t *testing.T) {
	before, err := readFrom(t.Context(), connect(t, reporting(t, blob("first", "ETag", `"1"`)).URL), resume.Bookmark{})
	check(t, err, "")
	ctx, cancel := context.WithCancel(t.Context())
	gh := reporting(t, func(w http.ResponseWriter, r *http.Request) {
		respond(http.StatusPartialContent, "ir", "ETag", `"1"`, "Content-Range", "bytes 1-4/5")(w, r)
		_ = http.NewResponseController(w).Flush()
		cancel()
		<-r.Context().Done()
	})
	_, err = readFrom(ctx, connect(t, gh.URL), bookmarkIn(2, before...))
	check(t, err, fault.OutOfTime)
}
