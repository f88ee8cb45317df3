package seat_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// anySeats draws lists in which each field is present or missing, also with values that GitHub never gives.
var anySeats = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) seat.Seat {
	instants := rapid.Custom(func(t *rapid.T) time.Time {
		at := time.Unix(rapid.Int64Range(-62135596800, 253402300799).Draw(t, "second"), 0)
		if rapid.Bool().Draw(t, "a fraction") {
			at = at.Add(time.Duration(rapid.Int64Range(1, 999_999_999).Draw(t, "nanoseconds")))
		}
		return at.UTC()
	})
	words := rapid.SampledFrom([]string{"", "core", "core ", "ops\x00", "vscode/1.104.2", "ünï"})
	return seat.Seat{
		UserID: rapid.Ptr(rapid.Int64(), true).Draw(t, "person"), Login: rapid.String().Draw(t, "login"),
		Organization: words.Draw(t, "organization"), Team: words.Draw(t, "team"), Plan: copilot.Plan(words.Draw(t, "plan")),
		CreatedAt: rapid.Ptr(instants, true).Draw(t, "created"), LastActivityAt: rapid.Ptr(instants, true).Draw(t, "last activity"),
		LastActivityEditor:  words.Draw(t, "editor"),
		PendingCancellation: rapid.Ptr(rapid.Map(rapid.IntRange(-1e6, 1e7), func(n int) calendar.Date { return calendar.Date(n) }), true).Draw(t, "ends"),
	}
}), 0, 20)

func TestStoredSeatsAreReadUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seats := anySeats.Draw(t, "seats")
		back, err := seat.Unpack(seat.Pack(seats))
		if diff := cmp.Diff(seats, back, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	})
}

func TestAPackedListNamesExactlyThosePeopleWhoHaveSeats(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seats := anySeats.Draw(t, "seats")
		gone := rapid.Map(rapid.IntRange(0, 1<<20), func(mask int) func(int64) bool { // any of the people
			return func(id int64) bool { return mask>>(uint64(id)%20)&1 == 1 } //nolint:gosec // any number
		}).Draw(t, "gone")
		want := slices.ContainsFunc(seats, func(s seat.Seat) bool { return s.UserID != nil && gone(*s.UserID) })
		text := seat.Pack(seats)
		if got, err := seat.Names(text, gone); err != nil || got != want {
			t.Fatalf("names them: %t, %v; want %t", got, err, want)
		}
		nobody := func(int64) bool { return false }
		if _, err := seat.Names(text[:1], nobody); err == nil && len(seats) > 0 {
			t.Fatal("a damaged list is read")
		}
	})
}

func TestTheStoredOrderDoesNotDependOnTheList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seats := anySeats.Draw(t, "seats")
		for i := range seats { // one grant per person and team, because other fields do not decide the order
			seats[i].UserID = new(int64(i))
		}
		want := seat.Pack(seat.InOrder(seats))
		if got := seat.Pack(seat.InOrder(rapid.Permutation(seats).Draw(t, "shuffled"))); !bytes.Equal(want, got) {
			t.Fatal("the packed form depends on the order of the list")
		}
	})
}

func TestAListAndItsChangesGiveTheOtherList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lists := [3][]seat.Seat{anySeats.Draw(t, "first")}
		for i := 1; i < len(lists); i++ {
			before := rapid.Permutation(lists[i-1]).Draw(t, "the one before")
			lists[i] = append(anySeats.Draw(t, "new"), before[rapid.IntRange(0, len(before)).Draw(t, "removed"):]...)
		}
		first, second := seat.ChangesBetween(lists[0], lists[1]), seat.ChangesBetween(lists[1], lists[2])
		forth, err := seat.After(lists[0], first, second)
		if diff := cmp.Diff(terms(lists[2]), terms(forth)); err != nil || diff != "" {
			t.Fatalf("the list after the changes: %v (-want +got):\n%s", err, diff)
		}
		back, err := seat.Before(lists[2], first, second)
		if diff := cmp.Diff(terms(lists[0]), terms(back)); err != nil || diff != "" {
			t.Fatalf("the list before the changes: %v (-want +got):\n%s", err, diff)
		}
	})
}

func terms(seats []seat.Seat) map[seat.Terms]int {
	count := map[seat.Terms]int{}
	for i := range seats {
		count[seats[i].Terms()]++
	}
	return count
}

func TestAnAbsentSeatCannotBeRemoved(t *testing.T) {
	t.Parallel()
	one := []seat.Seat{{UserID: new(int64(1))}}
	if _, err := seat.After(nil, seat.Changes{Removed: one}); err == nil {
		t.Error("an absent seat was removed")
	}
	if _, err := seat.After(one, seat.Changes{Removed: append(one, one...)}); err == nil {
		t.Error("a seat was removed twice")
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(seat.Pack(nil))
	f.Add(seat.Pack([]seat.Seat{{UserID: new(int64(7)), Login: "octo", Team: "core", Plan: copilot.PlanBusiness, CreatedAt: new(time.Unix(1, 5))}, {}}))
	f.Fuzz(func(t *testing.T, text []byte) {
		seats, err := seat.Unpack(text)
		if err != nil {
			return
		}
		again, err := seat.Unpack(seat.Pack(seats))
		if diff := cmp.Diff(seats, again, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}
