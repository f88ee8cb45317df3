package githubsim_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

func TestLinksWorkOnlyUnchanged(t *testing.T) {
	gh := start(t, organization(nil))
	link := read[envelope](gh, orgReports+"users-1-day?day=2026-11-20").Links[0]
	bare, _, _ := strings.Cut(link, "?")
	for _, test := range []struct {
		name, link string
		header     http.Header
		status     int
		code       string
	}{
		{"as given", link, nil, 200, ""},
		{"unsigned", bare, nil, 403, "AuthenticationFailed"},
		{"another day", strings.Replace(link, "2026-11-20", "2026-11-19", 1), nil, 403, "AuthenticationFailed"},
		{"longer life", strings.Replace(link, "se=2026", "se=2027", 1), nil, 403, "AuthenticationFailed"},
		{"with a token", link, http.Header{"Authorization": {"Bearer " + classicToken}}, 400, "InvalidAuthenticationInfo"},
	} {
		got := gh.do(http.MethodGet, test.link, test.header)
		if got.status != test.status || test.code != "" && !bytes.Contains(got.body, []byte("<Code>"+test.code+"</Code>")) {
			t.Errorf("%s: got %d %.200s, want %d %s", test.name, got.status, got.body, test.status, test.code)
		}
	}
	calls := gh.Calls()
	if last := calls[len(calls)-1]; !last.Authorized || !strings.HasPrefix(last.Path, "/_reports/") {
		t.Errorf("the call with a leaked token is not recorded: %+v", last)
	}
	*gh.time = noon.Add(59 * time.Minute)
	if got := gh.do(http.MethodGet, link, nil); got.status != http.StatusOK {
		t.Errorf("within the hour: %d", got.status)
	}
	*gh.time = noon.Add(time.Hour)
	if got := gh.do(http.MethodGet, link, nil); got.status != http.StatusForbidden {
		t.Errorf("after an hour: %d", got.status)
	}
}

func TestLinksOfAnotherServerAreRefused(t *testing.T) {
	one, other := start(t, organization(nil)), start(t, organization(nil))
	link := read[envelope](one, orgReports+"users-1-day?day=2026-11-20").Links[0]
	if got := other.do(http.MethodGet, strings.Replace(link, one.url, other.url, 1), nil); got.status != http.StatusForbidden {
		t.Errorf("got %d, want 403", got.status)
	}
}

func TestDownloadsAreCompressedForClientsThatAcceptIt(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.Gzip = true }))
	link := read[envelope](gh, orgReports+"users-1-day?day=2026-11-20").Links[0]
	plain := gh.do(http.MethodGet, link, http.Header{"Accept-Encoding": {"identity"}})
	packed := gh.do(http.MethodGet, link, http.Header{"Accept-Encoding": {"gzip"}})
	if packed.header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("header: %v", packed.header)
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed.body))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(unpacked, plain.body) {
		t.Error("compressed and plain differ")
	}
}

func TestPartsTogetherHaveEverybodyAndOverlap(t *testing.T) {
	whole := organization(func(a *githubsim.Account) { a.Seats = 400 })
	sharded := organization(func(a *githubsim.Account) { a.Seats, a.Shards = 400, 4 })
	const path = orgReports + "users-1-day?day=2026-11-19"
	once := make(map[string]bool)
	for _, line := range start(t, whole).lines(path) {
		if once[line] {
			t.Fatal("a single file repeats a row")
		}
		once[line] = true
	}
	parts := start(t, sharded).lines(path)
	distinct := make(map[string]bool)
	for _, line := range parts {
		if !once[line] {
			t.Fatalf("only the parts have %s", line)
		}
		distinct[line] = true
	}
	if len(distinct) != len(once) {
		t.Errorf("the parts have %d rows, the single file %d", len(distinct), len(once))
	}
	if len(parts) == len(distinct) {
		t.Error("no row is in two parts")
	}
}

func TestWriteUsersWritesTheDownloadedFile(t *testing.T) {
	account := organization(func(a *githubsim.Account) { a.Shards = 2 })
	gh := start(t, account)
	for shard, link := range read[envelope](gh, orgReports+"users-1-day?day=2026-11-20").Links {
		var written bytes.Buffer
		if err := githubsim.WriteUsers(&written, account, "2026-11-20", shard); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(written.Bytes(), gh.do(http.MethodGet, link, nil).body) {
			t.Errorf("part %d differs", shard)
		}
	}
	if err := githubsim.WriteUsers(io.Discard, account, "yesterday", 0); err == nil {
		t.Error("an invalid day is accepted")
	}
}

// BenchmarkWriteUsers compares the time to write a report with the least time to read one.
func BenchmarkWriteUsers(b *testing.B) {
	account := githubsim.Account{Kind: githubsim.Organization, Slug: "octo-big", Seats: 10_000}
	var report bytes.Buffer
	testworld.Beside(b, "json.Valid", func() {
		for line := range bytes.Lines(report.Bytes()) {
			if !json.Valid(line) {
				b.Fatal("the report is not valid")
			}
		}
	}, func() {
		report.Reset()
		if err := githubsim.WriteUsers(&report, account, "2026-11-20", 0); err != nil {
			b.Fatal(err)
		}
	})
}
