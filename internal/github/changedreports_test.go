package github_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// partial answers the request for a range of "second". The Content-Range and the body may be anything.
func partial(contentRange, body string, headers ...string) http.HandlerFunc {
	return respond(http.StatusPartialContent, body, append([]string{"ETag", `"2"`, "Content-Range", contentRange}, headers...)...)
}

func TestAChangedReportIsAnErrorBeforeAnythingIsRead(t *testing.T) {
	first, second := blob("first", "ETag", `"1"`), blob("second", "ETag", `"2"`)
	before, err := readFrom(t.Context(), connect(t, reporting(t, first, second).URL), resume.Bookmark{})
	check(t, err, "")
	in := func(offset int64, parts ...string) resume.Bookmark {
		return resume.Bookmark{Parts: parts, Offset: offset}
	}
	one, two := before[0].Identity, before[1].Identity
	for name, test := range map[string]struct {
		mark  resume.Bookmark
		parts []http.HandlerFunc
	}{
		"last part restated":                           {in(3, one, two), []http.HandlerFunc{first, blob("second", "ETag", `"2b"`)}},
		"finished part restated":                       {in(3, one, two), []http.HandlerFunc{blob("first", "ETag", `"1b"`), second}},
		"finished part restated, nothing read since":   {in(0, one, two), []http.HandlerFunc{blob("first", "ETag", `"1b"`), second}},
		"parts swapped":                                {in(3, one, two), []http.HandlerFunc{second, first}},
		"fewer parts":                                  {in(3, one, two), []http.HandlerFunc{first}},
		"finished part gone":                           {in(3, one, two), []http.HandlerFunc{respond(404, ""), second}},
		"last part gone":                               {in(3, one, two), []http.HandlerFunc{first, respond(404, "")}},
		"all gone":                                     {in(3, one, two), []http.HandlerFunc{respond(404, ""), respond(404, "")}},
		"shrunk under its ETag":                        {in(6, one, two), []http.HandlerFunc{first, blob("sec", "ETag", `"2"`)}},
		"emptied under its ETag":                       {in(6, one, two), []http.HandlerFunc{first, blob("", "ETag", `"2"`)}},
		"ETag gone":                                    {in(3, one, two), []http.HandlerFunc{first, blob("second")}},
		"an ETag that is weak":                         {in(3, one, two), []http.HandlerFunc{first, partial("bytes 2-5/6", "cond", "ETag", `W/"2"`)}},
		"compressed now":                               {in(3, one, two), []http.HandlerFunc{first, partial("bytes 2-5/6", "cond", "Content-Encoding", "gzip")}},
		"no ranges":                                    {in(3, one, two), []http.HandlerFunc{first, respond(200, "second", "ETag", `"2"`)}},
		"precondition failed":                          {in(3, one, two), []http.HandlerFunc{first, respond(412, "", "ETag", `"2"`)}},
		"no content":                                   {in(3, one, two), []http.HandlerFunc{first, respond(204, "", "ETag", `"2"`)}},
		"finished part has no content":                 {in(3, one, two), []http.HandlerFunc{respond(204, "", "ETag", `"1"`), second}},
		"finished part unsatisfiable":                  {in(3, one, two), []http.HandlerFunc{respond(416, "", "ETag", `"1"`), second}},
		"range from the beginning":                     {in(3, one, two), []http.HandlerFunc{first, partial("bytes 0-5/6", "second")}},
		"range after the bookmark":                     {in(3, one, two), []http.HandlerFunc{first, partial("bytes 3-5/6", "ond")}},
		"range that ends early":                        {in(3, one, two), []http.HandlerFunc{first, partial("bytes 2-4/6", "con")}},
		"range of an unknown whole":                    {in(3, one, two), []http.HandlerFunc{first, partial("bytes 2-5/*", "cond")}},
		"range of nothing":                             {in(3, one, two), []http.HandlerFunc{first, partial("bytes 2-1/2", "")}},
		"range of negative length":                     {in(3, one, two), []http.HandlerFunc{first, partial("bytes 2--6/-5", "")}},
		"range beyond 64 bits":                         {in(3, one, two), []http.HandlerFunc{first, partial("bytes 2-9223372036854775807/9223372036854775808", "cond")}},
		"range without a unit":                         {in(3, one, two), []http.HandlerFunc{first, partial("2-5/6", "cond")}},
		"range in another spelling":                    {in(3, one, two), []http.HandlerFunc{first, partial("bytes 02-5/6", "cond")}},
		"no Content-Range":                             {in(3, one, two), []http.HandlerFunc{first, respond(206, "cond", "ETag", `"2"`)}},
		"several ranges":                               {in(3, one, two), []http.HandlerFunc{first, respond(206, "cond", "ETag", `"2"`, "Content-Type", "multipart/byteranges; boundary=x")}},
		"bookmark without identity of the last part":   {in(3, one, ""), []http.HandlerFunc{first, blob("second")}},
		"bookmark without identity of a finished part": {in(3, "", two), []http.HandlerFunc{blob("first"), second}},
		"bookmark in no part":                          {in(3), []http.HandlerFunc{first, second}},
		"bookmark before a part":                       {in(-3, one, two), []http.HandlerFunc{first, second}},
		"bookmark beyond all parts":                    {in(1<<62, one, two), []http.HandlerFunc{first, second}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readFrom(t.Context(), connect(t, reporting(t, test.parts...).URL), test.mark)
			check(t, err, fault.ReportChanged)
			if len(got) != 0 {
				t.Errorf("handed over: %q, want nothing", got)
			}
			for _, told := range []string{one, two, "127.0.0.1", "/part/"} {
				if err != nil && strings.Contains(err.Error(), told) {
					t.Errorf("the error contains %q: %v", told, err)
				}
			}
		})
	}
}

func TestAReportRestatedBetweenTwoRunsIsNotResumed(t *testing.T) {
	sim, client := simulate(t, func(a *githubsim.Account) { a.Shards = 2 })
	before, err := readFrom(t.Context(), client, resume.Bookmark{})
	check(t, err, "")
	sim.Restate(githubsim.Organization, "octo-test", "2026-11-19")
	_, err = readFrom(t.Context(), client, bookmarkIn(10, before...))
	check(t, err, "")
	sim.Restate(githubsim.Organization, "octo-test", day.String())
	_, err = readFrom(t.Context(), client, bookmarkIn(10, before...))
	check(t, err, fault.ReportChanged)
}

func TestAnEmptyPartIsCheckedForChangesToo(t *testing.T) {
	two := blob("two", "ETag", `"2"`)
	noRangeOf := func(tag string) http.HandlerFunc { // a blob store answers a range of an empty blob so
		return func(w http.ResponseWriter, r *http.Request) {
			status := http.StatusOK
			if r.Header.Get("Range") != "" {
				status = http.StatusRequestedRangeNotSatisfiable
			}
			respond(status, "", "ETag", tag)(w, r)
		}
	}
	before, err := readFrom(t.Context(), connect(t, reporting(t, noRangeOf(`"1"`), two).URL), resume.Bookmark{})
	check(t, err, "")
	for name, test := range map[string]struct {
		empty http.HandlerFunc
		want  fault.Code
	}{
		"no range of an empty part":   {noRangeOf(`"1"`), ""},
		"an empty part sent whole":    {respond(200, "", "ETag", `"1"`), ""},
		"restated, still empty":       {noRangeOf(`"1b"`), fault.ReportChanged},
		"restated, without any range": {respond(200, "", "ETag", `"1b"`), fault.ReportChanged},
	} {
		got, err := readFrom(t.Context(), connect(t, reporting(t, test.empty, two).URL), bookmarkIn(1, before...))
		check(t, err, test.want)
		if want := test.want == ""; want != (len(got) == 1 && got[0].Text == "wo") {
			t.Errorf("%s: read %q", name, got)
		}
	}
}

func TestARangeOfAnotherLengthThanAnnouncedIsAnError(t *testing.T) {
	chunked := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			partial("bytes 2-5/6", "")(w, r)
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, body)
		}
	}
	before, err := readFrom(t.Context(), connect(t, reporting(t, blob("second", "ETag", `"2"`)).URL), resume.Bookmark{})
	check(t, err, "")
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    fault.Code
		most    string
	}{
		"of the announced length": {chunked("cond"), "", "ond"},
		"longer":                  {chunked("cond plus"), fault.ReportBroken, "ond"},
		"much longer":             {chunked("cond" + strings.Repeat("x", 1<<20)), fault.ReportBroken, "ond"},
		"shorter":                 {chunked("con"), fault.ReportCut, "on"},
		"nothing":                 {chunked(""), fault.ReportCut, ""},
		"a wrong length":          {partial("bytes 2-5/6", "con"), fault.ReportCut, "on"},
		"cut":                     {partial("bytes 2-5/6", "con", "Content-Length", "4"), fault.ReportCut, "on"},
		"a length beyond":         {partial("bytes 2-5/6", "cond", "Content-Length", "40"), fault.ReportCut, "ond"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readFrom(t.Context(), connect(t, reporting(t, test.handler).URL), bookmarkIn(3, before...))
			check(t, err, test.want)
			if text := strings.Join(texts(got), ""); text != test.most {
				t.Errorf("read %q, want %q", text, test.most)
			}
		})
	}
}

func TestBytesOfEarlierRunsCountTowardsTheLimit(t *testing.T) {
	const most = github.MaxAggregateReport
	first, err := readKindFrom(t.Context(), connect(t, reporting(t, blob("x", "ETag", `"1"`)).URL), reports.Aggregate, resume.Bookmark{})
	check(t, err, "")
	for size, want := range map[int]fault.Code{most: "", most + 1: fault.ReportBroken} {
		gh := reporting(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"1"`)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", most-11, size-1, size))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = io.WriteString(w, strings.Repeat("x", size-most+11))
		})
		got, err := readKindFrom(t.Context(), connect(t, gh.URL), reports.Aggregate, bookmarkIn(most-10, first...))
		check(t, err, want)
		if n := len(strings.Join(texts(got), "")); n != 10 {
			t.Errorf("%d bytes were read", n)
		}
	}
}
