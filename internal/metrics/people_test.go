package metrics_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// crowd is the content of a People, for the ids up to lastID.
type crowd struct {
	Active, Engaged int64
	LastActive      map[int64]calendar.Date
}

func crowdOf(people *metrics.People) crowd {
	c := crowd{people.Active(), people.Engaged(), map[int64]calendar.Date{}}
	for id := range int64(lastID + 1) {
		if day, ok := people.LastActive(id); ok {
			c.LastActive[id] = day
		}
	}
	return c
}

// merged returns the people of some of the days.
func merged(t *rapid.T, perDay [][]row64, days []int) *metrics.People {
	all := &metrics.People{}
	for _, i := range days {
		all.Merge(peopleOf(t, perDay, i))
	}
	return all
}

func peopleOf(t *rapid.T, perDay [][]row64, i int) *metrics.People {
	day := date + calendar.Date(i)
	roster, err := readRosterOf(day, ndjson(day, perDay[i]))
	if err != nil {
		t.Fatal(err)
	}
	return roster.People(day)
}

// someDays draws the people of a few days; order is 0, 1, 2 and so on.
func someDays(t *rapid.T) (perDay [][]row64, order []int) {
	perDay = rapid.SliceOfN(userRows, 1, 5).Draw(t, "days")
	for i := range perDay {
		order = append(order, i)
	}
	return perDay, order
}

func TestPeopleOfSeveralDaysMergeInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perDay, inOrder := someDays(t)
		want := crowdOf(merged(t, perDay, inOrder))
		shuffled := rapid.Permutation(inOrder).Draw(t, "shuffled")
		if diff := cmp.Diff(want, crowdOf(merged(t, perDay, shuffled))); diff != "" {
			t.Errorf("merged in another order (-want +got):\n%s", diff)
		}
		cut := rapid.IntRange(0, len(perDay)).Draw(t, "cut")
		grouped := merged(t, perDay, inOrder[:cut])
		grouped.Merge(merged(t, perDay, inOrder[cut:]))
		if diff := cmp.Diff(want, crowdOf(grouped)); diff != "" {
			t.Errorf("merged in groups (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, crowdOf(merged(t, perDay, slices.Concat(inOrder, inOrder)))); diff != "" {
			t.Errorf("merged twice (-want +got):\n%s", diff)
		}
	})
}

func TestAPersonOfSeveralDaysCountsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perDay, order := someDays(t)
		want := crowd{LastActive: map[int64]calendar.Date{}}
		for id := range int64(lastID + 1) {
			var engaged bool
			for i, rows := range perDay {
				for _, r := range rows {
					if r.ID == id {
						want.LastActive[id] = date + calendar.Date(i)
						engaged = engaged || r.engaged()
					}
				}
			}
			if engaged {
				want.Engaged++
			}
		}
		want.Active = int64(len(want.LastActive))
		if diff := cmp.Diff(want, crowdOf(merged(t, perDay, order))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestMergingDoesNotChangeTheOtherPeople(t *testing.T) {
	one, other := mustRead(t, readRoster, userRow(1, `"used_chat":true`)).People(date), mustRead(t, readRoster, userRow(2, `"used_chat":true`)).People(date)
	before := crowdOf(other)
	one.Merge(other)
	other.Merge(&metrics.People{})
	one.Merge(mustRead(t, readRoster, userRow(3, `"used_chat":true`)).People(date))
	if diff := cmp.Diff(before, crowdOf(other)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if one.Active() != 3 {
		t.Errorf("merged they are %d people", one.Active())
	}
}

func TestStoredPeopleAreReadUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var roster metrics.Roster
		ids := rapid.SliceOf(rapid.OneOf(rapid.Int64Range(1, math.MaxInt64), rapid.Int64Range(1, 100))).Draw(t, "ids")
		for _, id := range ids {
			if err := roster.Add(&metrics.UserDay{UserID: id, Engaged: id%3 == 0}); err != nil {
				t.Fatal(err)
			}
		}
		people := roster.People(date)
		back, err := metrics.ReadPeople(date+1, people.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if back.Active() != people.Active() || back.Engaged() != people.Engaged() {
			t.Errorf("%d and %d engaged become %d and %d", people.Active(), people.Engaged(), back.Active(), back.Engaged())
		}
		for _, id := range ids {
			if day, ok := back.LastActive(id); !ok || day != date+1 {
				t.Errorf("%d was last active on %s, %v", id, day, ok)
			}
		}
	})
}

func TestDamagedStoredPeopleAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"cut in a number":       "\x02\x80",
		"nobody":                "\x00",
		"a person twice":        "\x02\x00",
		"a number too long":     "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
		"ids beyond 64 bits":    "\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02",
		"more than may be read": strings.Repeat("\x02", metrics.MaxPeople+1),
	} {
		if people, err := metrics.ReadPeople(date, []byte(text)); err == nil {
			t.Errorf("%s is read as %d people, want an error", name, people.Active())
		}
	}
}
