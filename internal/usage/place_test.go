package usage_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// A person whose hash is exactly where an answer ended is in the next answer.
func TestTheNextAnswerBeginsWithThePersonAtItsPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	found := 0
	for page := range uint64(64) {
		place := page << 58
		id := idOf(place)
		if id == 0 || id > math.MaxInt64 {
			continue
		}
		found++
		w.put(t, today-1, 1, []metrics.UserDay{{UserID: int64(id), Login: "ada"}})
		answer, err := w.Users(ctx, w.c, span(), fmt.Sprintf("%016x", place))
		if err != nil || len(answer.Users) != 1 {
			t.Errorf("the answer from %016x on has %v, %v", place, answer.Users, err)
		}
	}
	if found == 0 {
		t.Error("no id has a hash at the beginning of a page")
	}
}

// idOf is the inverse of shard.Hash.
func idOf(hash uint64) uint64 {
	unshift := func(h uint64, by int) uint64 {
		for shift := by; shift < 64; shift *= 2 {
			h ^= h >> shift
		}
		return h
	}
	inverse := func(of uint64) uint64 { // the inverse modulo 2^64, by Newton's method
		x := of
		for range 5 {
			x *= 2 - of*x
		}
		return x
	}
	hash = unshift(hash, 31) * inverse(0x94d049bb133111eb)
	hash = unshift(hash, 27) * inverse(0xbf58476d1ce4e5b9)
	return unshift(hash, 30)
}

func TestUsersOfARangeSayOnHowManyDaysPeopleAreMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada := []metrics.UserDay{someone(7, "ada", today-4)}
	w.put(t, today-4, 1, ada)
	w.put(t, today-3, 4, ada)
	w.put(t, today-2, 3, nil)
	w.put(t, today-1, 0, nil)
	want := &metrics.PeopleShort{Days: 2, PeopleRead: metrics.PeopleRead{Read: 1, Expected: 7}}
	all, err := w.Users(ctx, w.c, calendar.Range{From: today - 4, To: today - 1}, "")
	if err != nil {
		t.Fatal(err)
	}
	one, err := w.User(ctx, w.c, calendar.Range{From: today - 4, To: today - 1}, "7")
	if err != nil {
		t.Fatal(err)
	}
	shown, err := w.Usage(ctx, w.c, calendar.Range{From: today - 4, To: today - 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]*metrics.PeopleShort{"everybody": all.People, "one": one.People, "the totals": shown.Totals.People} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
