package listing_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/listing"
)

func name(row int) string { return fmt.Sprint("u", row) }

// A list changes between two answers: rows come, go and move. Either all rows of the changed list are shown once, or it is refused.
func TestAChangedListGoesOnOnlyIfNoRowIsLostOrShownTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SliceOfNDistinct(rapid.IntRange(0, 9), 2, 8, rapid.ID[int]).Draw(t, "before")
		after := rapid.OneOf(
			rapid.Permutation(before), rapid.SliceOfNDistinct(rapid.IntRange(0, 9), 0, 8, rapid.ID[int]),
			rapid.Just(slices.Concat(before, []int{10})), rapid.Just(before[1:]), rapid.Just(before[:len(before)-1]),
		).Draw(t, "after")
		shown, next := listing.New("by age", before, name).Next(rapid.IntRange(1, len(before)-1).Draw(t, "shown"))
		at, err := listing.Parse(next)
		if err != nil {
			t.Fatal(err)
		}
		list := listing.New("by age", after, name)
		err = list.GoOn(at)
		rest := slices.DeleteFunc(slices.Clone(after), func(row int) bool { return slices.Contains(shown, row) })
		many := len(shown)
		same := len(after) >= many && !slices.ContainsFunc(after[:many], func(row int) bool { return !slices.Contains(shown, row) })
		if want := error(nil); !same {
			if want = listing.ErrOtherList; !errors.Is(err, want) {
				t.Fatalf("%v, of which %v are shown, becomes %v: %v", before, shown, after, err)
			}
			return
		}
		got, end := list.Next(len(after))
		if err != nil || end != "" || !slices.Equal(got, rest) {
			t.Fatalf("%v, of which %v are shown, becomes %v: it goes on with %v, then %q, %v", before, shown, after, got, end, err)
		}
	})
}

func TestAPlaceBelongsToItsList(t *testing.T) {
	t.Parallel()
	rows := []int{1, 2, 3, 4}
	_, next := listing.New("by age", rows, name).Next(2)
	at, err := listing.Parse(next)
	if err != nil || at.Rows != 2 || at.String() != next {
		t.Fatalf("%q is %v, %v", next, at, err)
	}
	if err := listing.New("by name", rows, name).GoOn(at); !errors.Is(err, listing.ErrOtherList) {
		t.Errorf("another list: %v", err)
	}
	for _, invented := range []string{"2-0123456789abcdef", "4" + next[1:], "5" + next[1:], "999999999" + next[1:]} {
		at, err := listing.Parse(invented)
		if err = errors.Join(err, listing.New("by age", rows, name).GoOn(at)); !errors.Is(err, listing.ErrOtherList) {
			t.Errorf("%q: %v", invented, err)
		}
	}
	for _, invalid := range []string{"x", "2", "0" + next[1:], "-" + next, "+" + next, next + " ", next[:len(next)-1], "9999999999" + next[1:]} {
		if _, err := listing.Parse(invalid); !errors.Is(err, listing.ErrNext) {
			t.Errorf("%q: %v", invalid, err)
		}
	}
}

func TestAListEndsWithItsLastRow(t *testing.T) {
	t.Parallel()
	list := listing.New("", []int{1, 2, 3}, name)
	first, next := list.Next(2)
	second, end := list.Next(2)
	none, still := list.Next(2)
	if len(first) != 2 || next == "" || len(second) != 1 || end != "" || len(none) != 0 || still != "" {
		t.Errorf("%v %q, %v %q, %v %q", first, next, second, end, none, still)
	}
}
