package ledger_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestADayHasNumbersOnceItWasRead(t *testing.T) {
	t.Parallel()
	var none *ledger.Day
	unread := ledger.Day{Day: metrics.UnreadDay(date, metrics.Pending)}
	read, _ := ledger.Revise(nil, date, report{active: 9, suggested: 300, people: 9, hash: "a"}.reading(early))
	if none.Has() || unread.Has() || !read.Has() {
		t.Errorf("no day has numbers: %v, an unread one: %v, one that was read: %v", none.Has(), unread.Has(), read.Has())
	}
}

func TestWhenThePeopleOfADayAreKnown(t *testing.T) {
	t.Parallel()
	type want struct{ Quiet, Known, Short, Whole bool }
	for _, test := range []struct {
		name   string
		active *int64
		users  *ledger.Users
		want   want
	}{
		{"nothing is known", nil, nil, want{}},
		{"only the people are known", nil, &ledger.Users{People: 5}, want{Known: true, Whole: true}},
		{"nobody was active", new(int64(0)), nil, want{Quiet: true, Known: true, Whole: true}},
		{"only their number is known", new(int64(9)), nil, want{Short: true}},
		{"one person is missing", new(int64(9)), &ledger.Users{People: 8}, want{Known: true, Short: true}},
		{"all", new(int64(9)), &ledger.Users{People: 9}, want{Known: true, Whole: true}},
		{"more people than were counted", new(int64(9)), &ledger.Users{People: 10}, want{Known: true, Whole: true}},
	} {
		day := ledger.Day{Day: metrics.Day{Usage: metrics.Usage{ActiveUsers: test.active}}, Users: test.users}
		if diff := cmp.Diff(test.want, want{day.Quiet(), day.PeopleKnown(), day.Short(), day.Whole()}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestARecordIsNamedByItsContent(t *testing.T) {
	t.Parallel()
	one, again, other := ledger.HashOf([]byte(`{"a":1}`)), ledger.HashOf([]byte(`{"a":1}`)), ledger.HashOf([]byte(`{"a":2}`))
	if one != again || one == other || len(one) != 32 {
		t.Errorf("%q, again %q, another %q", one, again, other)
	}
}

func TestADayShowsHowManyOfItsPeopleWereRead(t *testing.T) {
	t.Parallel()
	whole := report{active: 9, suggested: 300, people: 9, hash: "a"}
	short := report{active: 9, suggested: 300, people: 4, hash: "b"}
	more := report{active: 9, suggested: 300, people: 10, hash: "c"}
	without := report{active: 9, suggested: 300, people: unread}
	restated := report{active: 12, suggested: 303, people: unread}
	of := func(read, expected int64) *metrics.PeopleRead {
		return &metrics.PeopleRead{Read: read, Expected: expected}
	}
	for _, story := range []struct {
		name     string
		readings []report
		want     *metrics.PeopleRead
	}{
		{"all", []report{whole}, nil},
		{"more than GitHub counts", []report{more}, nil},
		{"some", []report{short}, of(4, 9)},
		{"nobody", []report{without}, of(0, 9)},
		{"nobody was active", []report{{people: unread}}, nil},
		{"the others came later", []report{short, whole}, nil},
		{"people read before stay while they cannot be read", []report{short, without}, of(4, 9)},
		{"GitHub has changed its count", []report{whole, restated}, of(9, 12)},
	} {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			var before *ledger.Day
			for _, r := range story.readings {
				if after, news := ledger.Revise(before, date, r.reading(early)); news {
					before = &after
				}
			}
			if diff := cmp.Diff(story.want, before.Shown().People); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if before.People != nil {
				t.Error("the stored day has the number of people read; it would become wrong")
			}
		})
	}
}
