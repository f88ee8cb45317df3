package usage_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// slow is a table that takes some time for each key, by a clock of its own.
type slow struct {
	store.Table
	each time.Duration
	took atomic.Int64
}

func (s *slow) GetAll(ctx context.Context, keys []store.Key) ([]store.Item, error) {
	s.took.Add(int64(len(keys)) * int64(s.each))
	return s.Table.GetAll(ctx, keys)
}

func (s *slow) now() time.Time { return morning().Add(time.Duration(s.took.Load())) }

// A list that would take too long is refused at once. The error says how many days would be possible.
func TestTheRefusalOfASlowListSaysHowManyDaysArePossible(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := calendar.LastDays(210, morning())
	w.crowded(t, all, 900, nil)
	table := &slow{Table: w.store.Table, each: 70 * time.Millisecond}
	w.store.Table = table
	w.Now = table.now
	list := usage.UserList{Sort: "creditsUsed"}
	_, err := w.SortedUsers(ctx, w.c, all, list, "")
	tooMany := new(usage.TooManyDaysError)
	if !errors.As(err, &tooMany) || tooMany.Most < 28 || tooMany.Most >= 210 {
		t.Fatal("a list of 210 days:", err)
	}
	if took := table.now().Sub(morning()); took > 20*time.Second {
		t.Errorf("the refusal took %s", took)
	}
	table.took.Store(0)
	fewer := calendar.Range{From: all.From, To: all.From + calendar.Date(tooMany.Most) - 1}
	if users, err := w.SortedUsers(ctx, w.c, fewer, list, ""); err != nil || len(users.Users) < 500 {
		t.Errorf("a list of %d days: %d people, %v", tooMany.Most, len(users.Users), err)
	}
	if took := table.now().Sub(morning()); took > 25*time.Second {
		t.Errorf("a list of %d days took %s", tooMany.Most, took)
	}
}
