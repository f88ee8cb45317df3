//go:build !race

package collect_test

import (
	"slices"
	"testing"
)

// A month that is over must get its values even if the backfill brought it, or if nothing was polled in the week in which they are made.
func TestAPastMonthGetsItsValuesLater(t *testing.T) {
	t.Parallel()
	w := settled(t)
	if kept := w.kept("usermonth#"); len(kept) != 1 || kept[0][:len("usermonth#2026-10#")] != "usermonth#2026-10#" {
		t.Errorf("after the backfill the people of %v are kept", kept)
	}
	w.pollAt(morning(28)) // on 20 December, after four weeks without a poll
	if kept := w.kept("tenures#"); !slices.Equal(kept, []string{"tenures#2026-11#00"}) {
		t.Errorf("the seats of %v are kept", kept)
	}
	if kept := w.kept("usermonth#2026-11#"); len(kept) != 1 {
		t.Errorf("the people of November are kept as %v", kept)
	}
}
