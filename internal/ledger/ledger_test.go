package ledger_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

const date = calendar.Date(20700)

// early is when a day is first read; late is when its numbers are final.
var (
	early = (date + 1).Close()
	final = (date + 4).Close()
)

// report is GitHub's report of the day, in short. people -1: the per-user report could not be read.
type report struct {
	active, suggested, people int64
	hash                      string // of the per-user report
}

func (r report) reading(at time.Time) ledger.Reading {
	reading := ledger.Reading{At: at, Usage: &metrics.Usage{
		ActiveUsers: new(r.active),
		Completions: &metrics.Completions{
			Suggested: new(r.suggested), Accepted: new(r.suggested / 3), AcceptanceRate: new(0.3333),
			ByEditor:   metrics.Breakdown{Basis: metrics.BasisAllFeatures, Rows: []metrics.CompletionRow{}},
			ByLanguage: metrics.Breakdown{Basis: metrics.BasisCompletions, Rows: []metrics.CompletionRow{{Name: "go", Suggested: new(r.suggested)}}},
			ByModel:    metrics.Breakdown{Basis: metrics.BasisNotReported, Rows: []metrics.CompletionRow{}},
		},
		Chat: &metrics.Chat{Interactions: new(int64(7)), ByMode: []metrics.ChatRow{}},
	}}
	if r.people >= 0 {
		reading.Users = &ledger.Users{Hash: r.hash, Pages: 1, People: r.people}
		reading.Totals = &metrics.UserTotals{Active: r.people, Engaged: r.people - 1, Credits: new(metrics.Credits(1_500_000 * r.people))}
	}
	return reading
}

const unread = -1 // people of a per-user report that could not be read

func TestADayFromReadingToReading(t *testing.T) {
	first := report{active: 9, suggested: 300, people: 9, hash: "a"}
	second := report{active: 10, suggested: 360, people: 10, hash: "b"}
	withoutPeople := report{active: 9, suggested: 300, people: unread}
	quiet := report{people: unread}
	type want struct {
		news     bool
		revision int
		state    metrics.State
		settled  bool
		hash     string // of the stored per-user report
		changes  int
	}
	for _, story := range []struct {
		name     string
		readings []report
		at       []time.Time
		want     want // after the last reading
	}{
		{"is provisional first", []report{first}, []time.Time{early}, want{true, 1, metrics.Provisional, false, "a", 0}},
		{"is settled if it is read late", []report{first}, []time.Time{final}, want{true, 1, metrics.Final, true, "a", 0}},
		{"is not settled without its people", []report{withoutPeople}, []time.Time{final}, want{true, 1, metrics.Final, false, "", 0}},
		{"is settled if nobody was active", []report{quiet}, []time.Time{final}, want{true, 1, metrics.Final, true, "", 0}},
		{"stays as it was when it is the same", []report{first, first}, []time.Time{early, early.Add(24 * time.Hour)}, want{false, 1, metrics.Provisional, false, "a", 0}},
		{"stays without people when they fail again", []report{withoutPeople, withoutPeople}, []time.Time{early, early}, want{false, 1, metrics.Provisional, false, "", 0}},
		{"becomes final and settled", []report{first, first}, []time.Time{early, final}, want{true, 1, metrics.Final, true, "a", 0}},
		{"is settled once", []report{first, first, first}, []time.Time{early, final, final}, want{false, 1, metrics.Final, true, "a", 0}},
		{"is restated", []report{first, second}, []time.Time{early, early}, want{true, 2, metrics.Provisional, false, "b", 1}},
		{"is restated back", []report{first, second, first}, []time.Time{early, early, early}, want{true, 3, metrics.Provisional, false, "a", 2}},
		{
			"is restated in single people only",
			[]report{first, {active: 9, suggested: 300, people: 9, hash: "c"}},
			[]time.Time{early, early},
			want{true, 2, metrics.Provisional, false, "c", 1},
		},
		{"gets its people late", []report{withoutPeople, first}, []time.Time{early, early}, want{true, 2, metrics.Provisional, false, "a", 0}},
		{"gets its people late and is restated", []report{withoutPeople, second}, []time.Time{early, early}, want{true, 2, metrics.Provisional, false, "b", 1}},
		{"keeps its people when they fail", []report{first, withoutPeople}, []time.Time{early, early}, want{false, 1, metrics.Provisional, false, "a", 0}},
		{
			"keeps its people when they fail and the rest is restated",
			[]report{first, {active: 9, suggested: 303, people: unread}},
			[]time.Time{early, early},
			want{true, 2, metrics.Provisional, false, "a", 1},
		},
		{
			"becomes final without being settled while its people cannot be read again",
			[]report{first, withoutPeople},
			[]time.Time{early, final},
			want{true, 1, metrics.Final, false, "a", 0},
		},
		{
			"is settled once its people can be read again",
			[]report{first, withoutPeople, first},
			[]time.Time{early, final, final},
			want{true, 1, metrics.Final, true, "a", 0},
		},
		{
			"stays settled when its people cannot be read again",
			[]report{first, first, withoutPeople},
			[]time.Time{early, final, final},
			want{false, 1, metrics.Final, true, "a", 0},
		},
		{"is not settled by a late restatement", []report{first, second}, []time.Time{early, final}, want{true, 2, metrics.Final, false, "b", 1}},
		{
			"is settled by the reading after a late restatement",
			[]report{first, second, second},
			[]time.Time{early, final, final},
			want{true, 2, metrics.Final, true, "b", 1},
		},
		{"is opened again by a restatement after it was settled", []report{first, second}, []time.Time{final, final}, want{true, 2, metrics.Final, false, "b", 1}},
		{"is not settled by people who come late", []report{withoutPeople, first}, []time.Time{early, final}, want{true, 2, metrics.Final, false, "a", 0}},
		{
			"keeps its people when GitHub lists fewer",
			[]report{first, {active: 9, suggested: 300, people: 4, hash: "d"}},
			[]time.Time{early, early},
			want{true, 1, metrics.Provisional, false, "a", 0},
		},
		{
			"takes other people when GitHub lists as many, although not all",
			[]report{{active: 9, suggested: 300, people: 4, hash: "d"}, {active: 9, suggested: 300, people: 4, hash: "e"}},
			[]time.Time{early, early},
			want{true, 2, metrics.Provisional, false, "e", 1},
		},
		{
			"takes more people, although not all",
			[]report{{active: 9, suggested: 300, people: 4, hash: "d"}, {active: 9, suggested: 300, people: 6, hash: "e"}},
			[]time.Time{early, early},
			want{true, 2, metrics.Provisional, false, "e", 1},
		},
		{"drops its people when nobody was active after all", []report{first, quiet}, []time.Time{early, early}, want{true, 2, metrics.Provisional, false, "", 1}},
		{"gets people after it was quiet", []report{quiet, first}, []time.Time{early, early}, want{true, 2, metrics.Provisional, false, "a", 1}},
	} {
		t.Run(story.name, func(t *testing.T) {
			var before *ledger.Day
			var got want
			for i, r := range story.readings {
				after, news := ledger.Revise(before, date, r.reading(story.at[i]))
				got = want{news: news, revision: after.Revision, state: after.State, settled: after.Settled, changes: len(after.Changes)}
				if after.Users != nil {
					got.hash = after.Users.Hash
				}
				if news {
					before = &after
				}
			}
			if diff := cmp.Diff(story.want, got, cmp.AllowUnexported(want{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAChangeTellsEachNumberBeforeAndAfter(t *testing.T) {
	before, _ := ledger.Revise(nil, date, report{active: 9, suggested: 300, people: 9, hash: "a"}.reading(early))
	restated := report{active: 10, suggested: 300, people: 11, hash: "b"}.reading(final)
	restated.Usage.Chat = nil
	restated.Usage.PullRequests = &metrics.PullRequests{Merged: new(int64(4))}
	after, _ := ledger.Revise(&before, date, restated)
	want := []ledger.Change{{At: final, Revision: 2, Moved: []ledger.Move{
		{What: "activeUsers", From: new(9.0), To: new(10.0)},
		{What: "engagedUsers", From: new(8.0), To: new(10.0)},
		{What: "creditsUsed", From: new(13.5), To: new(16.5)},
		{What: "chat.interactions", From: new(7.0)},
		{What: "pullRequests.merged", To: new(4.0)},
	}}}
	if diff := cmp.Diff(want, after.Changes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheHistoryKeepsTheLastChanges(t *testing.T) {
	var before *ledger.Day
	for i := range int64(50) {
		after, _ := ledger.Revise(before, date, report{active: 9, suggested: i, people: 9, hash: "a"}.reading(early))
		before = &after
	}
	if n := len(before.Changes); n != 20 || before.Revision != 50 || before.Changes[n-1].Revision != 50 || before.Changes[0].Revision != 31 {
		t.Errorf("revision %d with %d changes: %+v", before.Revision, n, before.Changes)
	}
}

func TestAReadingDoesNotModifyTheDayBefore(t *testing.T) {
	before, _ := ledger.Revise(nil, date, report{active: 9, suggested: 1, people: 9, hash: "a"}.reading(early))
	before.Changes = append(make([]ledger.Change, 0, 10), ledger.Change{Revision: 1})
	one, _ := ledger.Revise(&before, date, report{active: 9, suggested: 2, people: 9, hash: "a"}.reading(early))
	two, _ := ledger.Revise(&before, date, report{active: 9, suggested: 3, people: 9, hash: "a"}.reading(early))
	if *one.Changes[1].Moved[0].To != 2 || *two.Changes[1].Moved[0].To != 3 || len(before.Changes) != 1 {
		t.Errorf("the changes are shared: %+v, %+v", one.Changes, two.Changes)
	}
}
