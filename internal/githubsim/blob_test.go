package githubsim_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestAFileSupportsRangesLikeABlobStore(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.Shards = 2 }))
	for _, path := range []string{orgReports + "users-1-day?day=2026-11-20", orgReports + "organization-1-day?day=2026-11-20"} {
		link := read[envelope](gh, path).Links[0]
		whole := gh.do(http.MethodGet, link, nil)
		tag, size := whole.header.Get("ETag"), len(whole.body)
		if whole.header.Get("Accept-Ranges") != "bytes" || !regexp.MustCompile(`^"0x[0-9A-F]{16}"$`).MatchString(tag) {
			t.Errorf("headers: %v", whole.header)
		}
		for asked, want := range map[string][2]int{ // first and last byte; "": the whole file
			"bytes=0-0":                      {0, 0},
			"bytes=0-":                       {0, size - 1},
			"bytes=100-199":                  {100, 199},
			"bytes=100-99999999":             {100, size - 1},
			fmt.Sprintf("bytes=%d-", size-1): {size - 1, size - 1},
			"bytes=-5":                       {},
			"bytes=9-5":                      {},
			"bytes=0-1,5-6":                  {},
			"rows=0-1":                       {},
			"bytes=x-":                       {},
		} {
			status, wanted, contentRange := http.StatusOK, whole.body, ""
			if want != [2]int{} || asked == "bytes=0-0" {
				status, wanted = http.StatusPartialContent, whole.body[want[0]:want[1]+1]
				contentRange = fmt.Sprintf("bytes %d-%d/%d", want[0], want[1], size)
			}
			got := gh.do(http.MethodGet, link, http.Header{"Range": {asked}, "If-Match": {tag}})
			if got.status != status || string(got.body) != string(wanted) || got.header.Get("Content-Range") != contentRange || got.header.Get("ETag") != tag {
				t.Errorf("%s: %d, %d bytes, %v", asked, got.status, len(got.body), got.header)
			}
		}
		beyond := gh.do(http.MethodGet, link, http.Header{"Range": {fmt.Sprintf("bytes=%d-", size)}})
		if beyond.status != http.StatusRequestedRangeNotSatisfiable || beyond.header.Get("Content-Range") != fmt.Sprintf("bytes */%d", size) {
			t.Errorf("beyond the end: %d %v", beyond.status, beyond.header)
		}
		for match, status := range map[string]int{`"0x0"`: http.StatusPreconditionFailed, "*": http.StatusOK} {
			if got := gh.do(http.MethodGet, link, http.Header{"If-Match": {match}}); got.status != status {
				t.Errorf("If-Match %s: %d", match, got.status)
			}
		}
	}
}

func TestAnEmptyFileHasNoRange(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.ZeroActive = true }))
	link := read[envelope](gh, orgReports+"users-1-day?day=2026-11-20").Links[0]
	if got := gh.do(http.MethodGet, link, http.Header{"Range": {"bytes=0-0"}}); got.status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("got %d, want 416", got.status)
	}
}

func TestACompressedDownloadSupportsNoRanges(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.Gzip = true }))
	link := read[envelope](gh, orgReports+"users-1-day?day=2026-11-20").Links[0]
	got := gh.do(http.MethodGet, link, http.Header{"Accept-Encoding": {"gzip"}, "Range": {"bytes=5-"}})
	if got.status != http.StatusOK || got.header.Get("ETag") != "" || got.header.Get("Accept-Ranges") != "" {
		t.Errorf("got %d with the headers %v, want 200 without ETag and Accept-Ranges", got.status, got.header)
	}
}

func TestTheETagChangesExactlyWhenTheContentDoes(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.Shards, a.SettlesAfter = 2, 2 }))
	contents := make(map[string]string) // by path and ETag
	tags := func() (all string) {
		for _, path := range []string{
			"users-1-day?day=2026-11-21", "organization-1-day?day=2026-11-21", "users-1-day?day=2026-11-10", "users-28-day/latest",
		} {
			for part, link := range read[envelope](gh, orgReports+path).Links {
				got := gh.do(http.MethodGet, link, nil)
				key := fmt.Sprint(path, part, got.header.Get("ETag"))
				if known, seen := contents[key]; seen && known != string(got.body) {
					t.Errorf("%s: two contents have the same ETag", key)
				}
				contents[key] = string(got.body)
				all += key + "\n"
			}
		}
		return all
	}
	last := tags()
	if again := tags(); again != last {
		t.Errorf("without a change: %s, then %s", last, again)
	}
	for name, step := range map[string]func(){
		"a day on":   func() { *gh.time = gh.time.AddDate(0, 0, 1) },
		"restated":   func() { gh.Restate(githubsim.Organization, "octo-test", "2026-11-21") },
		"more seats": func() { gh.Change(githubsim.Organization, "octo-test", func(a *githubsim.Account) { a.Seats++ }) },
		"more parts": func() { gh.Change(githubsim.Organization, "octo-test", func(a *githubsim.Account) { a.Shards++ }) },
	} {
		step()
		next := tags()
		if next == last {
			t.Errorf("%s: the ETags do not change", name)
		}
		last = next
	}
	gh.Change(githubsim.Organization, "octo-test", func(a *githubsim.Account) { a.Tokens = append(a.Tokens, githubsim.Token{Value: "ghp_more"}) })
	if tags() != last {
		t.Error("another token changes the ETags")
	}
}
