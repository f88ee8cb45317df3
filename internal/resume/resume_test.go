package resume_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// opened records the parts that are opened from a bookmark. The parts in changed have another identity now.
type opened struct {
	calls   []string
	changed []int
}

func (o *opened) do(part int, call string) error {
	o.calls = append(o.calls, call)
	if slices.Contains(o.changed, part) {
		return resume.Changed("it has other content")
	}
	return nil
}

func (o *opened) Confirm(part int, identity string) error {
	return o.do(part, fmt.Sprintf("confirm %d %s", part, identity))
}

func (o *opened) Continue(part int, identity string, offset int64) error {
	return o.do(part, fmt.Sprintf("continue %d %s at %d", part, identity, offset))
}

func (o *opened) Rest(part int) error {
	o.calls = append(o.calls, fmt.Sprintf("rest from %d", part))
	return nil
}

func TestABookmarkIsFollowed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mark    resume.Bookmark
		count   int
		changed []int
		want    string
		void    bool
	}{
		"from the beginning":                        {count: 2, want: "rest from 0"},
		"in the middle of the first part":           {mark: resume.Bookmark{Parts: []string{"a"}, Offset: 7}, count: 2, want: "continue 0 a at 7, rest from 1"},
		"in the middle of the last part":            {mark: resume.Bookmark{Parts: []string{"a", "b"}, Offset: 7}, count: 2, want: "confirm 0 a, continue 1 b at 7, rest from 2"},
		"at the beginning of a part":                {mark: resume.Bookmark{Parts: []string{"a", "b"}}, count: 3, want: "confirm 0 a, rest from 1"},
		"an earlier part has changed":               {mark: resume.Bookmark{Parts: []string{"a", "b"}, Offset: 7}, count: 2, changed: []int{0}, want: "confirm 0 a", void: true},
		"the part itself has changed":               {mark: resume.Bookmark{Parts: []string{"a", "b"}, Offset: 7}, count: 3, changed: []int{1}, want: "confirm 0 a, continue 1 b at 7", void: true},
		"the report has fewer parts now":            {mark: resume.Bookmark{Parts: []string{"a", "b"}, Offset: 7}, count: 1, void: true},
		"a bookmark in no part":                     {mark: resume.Bookmark{Offset: 7}, count: 1, void: true},
		"a bookmark before the beginning of a part": {mark: resume.Bookmark{Parts: []string{"a"}, Offset: -1}, count: 1, void: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts := &opened{changed: test.changed}
			err := test.mark.Follow(test.count, parts)
			if got := strings.Join(parts.calls, ", "); got != test.want || fault.Is(err, fault.ReportChanged) != test.void {
				t.Errorf("opened %q with the error %v, want %q and a void bookmark: %t", got, err, test.want, test.void)
			}
		})
	}
}

// A run reads a part or two. Each step is the identity of a part and how many bytes were read of it.
func TestAPlaceIsWhereTheNextRunContinues(t *testing.T) {
	t.Parallel()
	type step struct {
		identity string
		bytes    int64
	}
	for name, test := range map[string]struct {
		from  resume.Bookmark
		steps []step
		want  string // "": no run could continue
		void  bool
	}{
		"nothing was read":                     {},
		"no byte of the first part was read":   {steps: []step{{"a", 0}}},
		"a piece of the first part":            {steps: []step{{"a", 5}}, want: "a at 5"},
		"a whole part and a piece":             {steps: []step{{"a", 9}, {"b", 5}}, want: "a b at 5"},
		"a whole part and nothing of the next": {steps: []step{{"a", 9}, {"b", 0}}, want: "a b at 0"},
		"a further piece of the same part":     {from: resume.Bookmark{Parts: []string{"a"}, Offset: 5}, steps: []step{{"a", 3}}, want: "a at 8"},
		"no further byte":                      {from: resume.Bookmark{Parts: []string{"a"}, Offset: 5}, steps: []step{{"a", 0}}},
		"the rest, and a piece of the next":    {from: resume.Bookmark{Parts: []string{"a"}, Offset: 5}, steps: []step{{"a", 4}, {"b", 2}}, want: "a b at 2"},
		"another part in its place":            {from: resume.Bookmark{Parts: []string{"a"}, Offset: 5}, steps: []step{{"z", 3}}, void: true},
		"a part without identity":              {steps: []step{{"a", 9}, {"", 5}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tracker := resume.Track(test.from)
			var err error
			for _, step := range test.steps {
				err = errors.Join(err, tracker.Begin(step.identity))
				tracker.Read(step.bytes)
			}
			if fault.Is(err, fault.ReportChanged) != test.void {
				t.Fatalf("the error is %v, want a void bookmark: %t", err, test.void)
			}
			if test.void {
				return
			}
			place, ok := tracker.Place()
			got := ""
			if ok {
				got = fmt.Sprintf("%s at %d", strings.Join(place.Parts, " "), place.Offset)
			}
			if got != test.want {
				t.Errorf("the next run continues at %q, want %q", got, test.want)
			}
		})
	}
}

func TestAnIdentityChangesWithTheContent(t *testing.T) {
	t.Parallel()
	header := func(pairs map[string]string) http.Header {
		h := http.Header{}
		for name, value := range pairs {
			h.Set(name, value)
		}
		return h
	}
	type is = map[string]string
	strong := resume.Identity("/a", header(is{"ETag": `"1"`}))
	if again := resume.Identity("/a", header(is{"ETag": `"1"`, "Last-Modified": "x", "Content-Encoding": "identity"})); again != strong || len(strong) != 32 {
		t.Errorf("one file has the identities %q and %q", strong, again)
	}
	for _, other := range []string{resume.Identity("/b", header(is{"ETag": `"1"`})), resume.Identity("/a", header(is{"ETag": `"2"`})), resume.Identity("/a", header(is{"Last-Modified": "x"}))} {
		if other == strong || other == "" {
			t.Errorf("another file has the identity %q", other)
		}
	}
	for _, none := range []http.Header{header(is{}), header(is{"ETag": `W/"1"`}), header(is{"ETag": `"1"`, "Content-Encoding": "gzip"})} {
		if got := resume.Identity("/a", none); got != "" {
			t.Errorf("%v gives the identity %q, but no byte has a certain place", none, got)
		}
	}
}

func TestAnAnswerMustReachToTheEndOfTheFile(t *testing.T) {
	t.Parallel()
	for contentRange, want := range map[string]int64{
		"bytes 4-9/10": 6, "bytes 4-4/5": 1,
		"bytes 4-8/10": 0, "bytes 3-9/10": 0, "bytes 4-9/*": 0, "bytes */10": 0, "bytes 4-9": 0, "": 0, "bytes 4-3/4": 0, "bytes 4-9/10 ": 0,
	} {
		if left, ok := resume.Left(contentRange, 4); left != want || ok != (want > 0) {
			t.Errorf("%q from byte 4 on has %d bytes (%t), want %d", contentRange, left, ok, want)
		}
	}
	if got := resume.Range(4); got != "bytes=4-" {
		t.Errorf("the header of a range is %q", got)
	}
}
