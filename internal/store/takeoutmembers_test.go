package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// A membership of so many people has two parts. The people who stay must keep their teams, whichever call fails.
func TestAnInterruptedRemovalOfMembersContinues(t *testing.T) {
	t.Parallel()
	w := boltWorld(t)
	dice := diceOf(5, 8)
	ids := make([]int64, 61_000)
	for i := range ids {
		ids[i] = dice.Int64N(1 << 62)
	}
	slices.Sort(ids)
	var rows team.Rows
	for _, id := range ids {
		check(t, rows.Add(id, 1, "all"))
	}
	members, err := rows.Membership()
	check(t, err)
	for name, test := range map[string]struct {
		left   int
		faults func(*testing.T, func(*testing.T, *probe))
		gone   []int64
		take   func(s *store.Store, ref connector.Ref) error
	}{
		"two people": {2, eachFault, ids[100:102], func(s *store.Store, ref connector.Ref) error {
			return s.ForgetMonth(t.Context(), ref, day, ids[100:102])
		}},
		"everybody": {1, func(t *testing.T, test func(*testing.T, *probe)) { t.Helper(); test(t, &probe{}) }, ids, func(s *store.Store, ref connector.Ref) error {
			return s.RemovePeople(t.Context(), ref, day.EndOfMonth())
		}},
	} {
		t.Run(name, func(t *testing.T) {
			test.faults(t, func(t *testing.T, p *probe) {
				ref := newRef()
				hash, err := w.KeepMembership(t.Context(), ref, day, members)
				check(t, err)
				parts := func() (keys []string) {
					return slices.DeleteFunc(w.keys(t, ref), func(key string) bool { return !strings.Contains(key, hash) })
				}
				if len(parts()) != 2 {
					t.Fatalf("the membership has the parts %v, want 2", parts())
				}
				failing := w.through(p)
				for try := 0; test.take(failing, ref) != nil; try++ {
					if try == 3 {
						t.Fatal("the removal fails again and again")
					}
				}
				left, err := w.Membership(t.Context(), ref, day, hash)
				check(t, err)
				for _, at := range []int{0, 99, 100, 101, 102} {
					want := []string{"all"}
					if slices.Contains(test.gone, ids[at]) {
						want = []string{}
					}
					if diff := cmp.Diff(want, left.NamesOf(ids[at])); diff != "" {
						t.Errorf("person %d (-want +got):\n%s", at, diff)
					}
				}
				if len(parts()) != test.left {
					t.Errorf("the membership has the parts %v, want %d", parts(), test.left)
				}
			})
		})
	}
}
