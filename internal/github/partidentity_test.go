package github_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// identityFrom returns the identity of the only part of a report whose link leads to path.
func identityFrom(t *testing.T, path string, handler http.HandlerFunc) string {
	t.Helper()
	gh := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			handler(w, r)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string][]string{"download_links": {"http://" + r.Host + path}})
	})
	got, err := readFrom(t.Context(), connect(t, gh.URL), resume.Bookmark{})
	check(t, err, "")
	if len(got) != 1 || got[0].Text != row {
		t.Fatalf("read %q", got)
	}
	return got[0].Identity
}

func TestAPartsIdentityDependsOnItsContentAndContainsNoLink(t *testing.T) {
	const path = "/octo-test/secret-folder/part-0.json"
	tagged := blob(row, "ETag", `"0x8DE2A5B7C9"`)
	one := identityFrom(t, path+"?se=2026&sig=CANARY", tagged)
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(one) {
		t.Errorf("identity %q", one)
	}
	for _, told := range []string{"octo", "secret", "part-0", "CANARY", "127.0.0.1", "0x8DE2A5B7C9"} {
		if strings.Contains(strings.ToLower(one), strings.ToLower(told)) {
			t.Errorf("identity %q contains %q", one, told)
		}
	}
	for name, other := range map[string]string{
		"signed again, on another host": identityFrom(t, path+"?se=2027&sig=CANARY2", tagged),
		"a date besides":                identityFrom(t, path, blob(row, "ETag", `"0x8DE2A5B7C9"`, "Last-Modified", "Fri, 20 Nov 2026 09:00:00 GMT")),
		"marked as not compressed":      identityFrom(t, path, respond(200, row, "ETag", `"0x8DE2A5B7C9"`, "Content-Encoding", "identity")),
	} {
		if other != one {
			t.Errorf("%s: %q, want %q", name, other, one)
		}
	}
	for name, other := range map[string]string{
		"another part":       identityFrom(t, strings.Replace(path, "0", "1", 1)+"?sig=CANARY", tagged),
		"a slash in a name":  identityFrom(t, strings.Replace(path, "er/", "er%2F", 1), tagged),
		"other content":      identityFrom(t, path, blob(row, "ETag", `"0x8DE2A5B7CA"`)),
		"a date for an ETag": identityFrom(t, path, blob(row, "Last-Modified", "Fri, 20 Nov 2026 09:00:00 GMT")),
	} {
		if other == one || other == "" {
			t.Errorf("%s: the identity is %q, want another one", name, other)
		}
	}
	for name, none := range map[string]string{
		"no header":          identityFrom(t, path, respond(200, row)),
		"a weak ETag":        identityFrom(t, path, respond(200, row, "ETag", `W/"0x8DE2A5B7C9"`)),
		"a weak one, a date": identityFrom(t, path, respond(200, row, "ETag", `W/"1"`, "Last-Modified", "Fri, 20 Nov 2026 09:00:00 GMT")),
		"compressed":         identityFrom(t, path, respond(200, gzipped(row), "ETag", `"0x8DE2A5B7C9"`, "Content-Encoding", "gzip")),
		"GZIP":               identityFrom(t, path, respond(200, gzipped(row), "ETag", `"0x8DE2A5B7C9"`, "Content-Encoding", "GZIP")),
	} {
		if none != "" {
			t.Errorf("%s: the identity is %q, want none", name, none)
		}
	}
}

func TestAReportWithoutIdentitiesIsNotResumed(t *testing.T) {
	gh := reporting(t, respond(200, gzipped("one"), "Content-Encoding", "gzip", "ETag", `"1"`))
	before, err := readFrom(t.Context(), connect(t, gh.URL), resume.Bookmark{})
	check(t, err, "")
	_, err = readFrom(t.Context(), connect(t, gh.URL), bookmarkIn(1, before...))
	check(t, err, fault.ReportChanged)
	got, err := readFrom(t.Context(), connect(t, gh.URL), bookmarkIn(0, before...))
	if check(t, err, ""); len(got) != 1 || got[0].Text != "one" {
		t.Errorf("read %q", got)
	}
}
