package github_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// piece is a part of a report, or the rest of a part, as it was handed over.
type piece struct{ Identity, Text string }

// readFrom reads the per-user report of day from a bookmark on.
func readFrom(ctx context.Context, client *github.Client, mark resume.Bookmark) ([]piece, error) {
	return readKindFrom(ctx, client, reports.PerUser, mark)
}

func readKindFrom(ctx context.Context, client *github.Client, kind reports.Kind, mark resume.Bookmark) (pieces []piece, err error) {
	report, err := client.Report(ctx, org, kind, day)
	if err != nil {
		return nil, err
	}
	err = report(ctx, mark, func(part reports.Part) error {
		text, err := io.ReadAll(part)
		pieces = append(pieces, piece{part.Identity, string(text)})
		return err
	})
	return pieces, err
}

func texts(pieces []piece) (all []string) {
	for _, p := range pieces {
		all = append(all, p.Text)
	}
	return all
}

// bookmarkIn returns the bookmark of a reader that has read the pieces, and of the last one only offset bytes.
func bookmarkIn(offset int, pieces ...piece) resume.Bookmark {
	mark := resume.Bookmark{Offset: int64(offset)}
	for _, p := range pieces {
		mark.Parts = append(mark.Parts, p.Identity)
	}
	return mark
}

// blob answers like a blob store, with ranges. Headers come in pairs.
func blob(content string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(content))
	}
}

func TestAReportCanBeResumedAnywhere(t *testing.T) {
	sim, _ := simulate(t, func(a *githubsim.Account) { a.Shards = 3 })
	gh := serve(t, sim.ServeHTTP)
	client := connect(t, gh.URL)
	whole, err := readFrom(t.Context(), client, resume.Bookmark{})
	check(t, err, "")
	if len(whole) != 3 {
		t.Fatalf("%d parts", len(whole))
	}
	for begun := 1; begun <= len(whole); begun++ {
		last := whole[begun-1]
		for _, offset := range []int{0, 1, 2, strings.Index(last.Text, "\n") + 1, len(last.Text) - 1, len(last.Text)} {
			asked := len(gh.seen())
			got, err := readFrom(t.Context(), client, bookmarkIn(offset, whole[:begun]...))
			check(t, err, "")
			want := append([]piece{{last.Identity, last.Text[offset:]}}, whole[begun:]...)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("from byte %d of part %d: %s", offset, begun, diff)
			}
			ranges := slices.Repeat([]string{"bytes=0-0"}, begun-1)
			if ranges = append(ranges, fmt.Sprintf("bytes=%d-", offset-1)); offset == 0 {
				ranges[begun-1] = ""
			}
			ranges = append(ranges, make([]string, len(whole)-begun)...)
			for i, r := range gh.seen()[asked+1:] {
				if r.Header.Get("Range") != ranges[i] || r.Header.Get("Accept-Encoding") != "identity" || r.Header.Get("Authorization") != "" {
					t.Errorf("download %d from byte %d of part %d: %v", i+1, offset, begun, r.Header)
				}
			}
			if n := len(gh.seen()) - asked - 1; n != len(whole) {
				t.Errorf("%d downloads", n)
			}
		}
	}
}

func TestAResumedReadEqualsAnUninterruptedOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		contents := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("{}\n")), 0, 40, -1), 1, 4).Draw(rt, "parts")
		handlers := make([]http.HandlerFunc, len(contents))
		for i, content := range contents {
			handlers[i] = blob(content, "ETag", `"same"`)
		}
		server := httptest.NewServer(reportOf(handlers))
		defer server.Close()
		client := connect(t, server.URL)
		whole, err := readFrom(t.Context(), client, resume.Bookmark{})
		if err != nil {
			rt.Fatal(err)
		}
		begun := rapid.IntRange(1, len(contents)).Draw(rt, "begun")
		last := whole[begun-1]
		offset := rapid.IntRange(0, len(last.Text)).Draw(rt, "offset")
		got, err := readFrom(t.Context(), client, bookmarkIn(offset, whole[:begun]...))
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(append([]piece{{last.Identity, last.Text[offset:]}}, whole[begun:]...), got); diff != "" {
			rt.Errorf("parts of the resumed read (-want +got):\n%s", diff)
		}
	})
}

func TestAReportCanBeResumedAlthoughItsLinksChanged(t *testing.T) {
	one, two, three := blob("one", "ETag", `"1"`), blob("two", "ETag", `"2"`), blob("three", "ETag", `"3"`)
	before, err := readFrom(t.Context(), connect(t, reporting(t, one, two).URL), resume.Bookmark{})
	check(t, err, "")
	whole := respond(200, "one", "ETag", `"1"`)
	for name, test := range map[string]struct {
		offset int
		parts  []http.HandlerFunc
		want   []string
	}{
		"the host of the links":                   {2, []http.HandlerFunc{one, two}, []string{"o"}},
		"more parts at the end":                   {2, []http.HandlerFunc{one, two, three}, []string{"o", "three"}},
		"no ranges where none are needed":         {0, []http.HandlerFunc{whole, two}, []string{"two"}},
		"a part of which nothing was kept":        {0, []http.HandlerFunc{one, blob("second", "ETag", `"2b"`)}, []string{"second"}},
		"a part at its end, and another after it": {3, []http.HandlerFunc{one, two, three}, []string{"", "three"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readFrom(t.Context(), connect(t, reporting(t, test.parts...).URL), bookmarkIn(test.offset, before...))
			check(t, err, "")
			if diff := cmp.Diff(test.want, texts(got)); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
			if same := got[0].Identity == before[1].Identity; same == strings.HasPrefix(name, "a part of which") {
				t.Errorf("identity %s, before %s", got[0].Identity, before[1].Identity)
			}
		})
	}
}

func TestWithoutAnETagLastModifiedIdentifiesTheContent(t *testing.T) {
	const friday, saturday = "Fri, 20 Nov 2026 09:00:00 GMT", "Sat, 21 Nov 2026 09:00:00 GMT"
	gh := reporting(t, blob("one", "Last-Modified", friday))
	before, err := readFrom(t.Context(), connect(t, gh.URL), resume.Bookmark{})
	check(t, err, "")
	got, err := readFrom(t.Context(), connect(t, gh.URL), bookmarkIn(1, before...))
	check(t, err, "")
	if diff := cmp.Diff([]piece{{before[0].Identity, "ne"}}, got); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	_, err = readFrom(t.Context(), connect(t, reporting(t, blob("one", "Last-Modified", saturday)).URL), bookmarkIn(1, before...))
	check(t, err, fault.ReportChanged)
}
