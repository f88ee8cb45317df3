package collect_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// A removal from many days takes many runs. Meanwhile people who asked to be removed are not shown, and polls read GitHub.
func TestARemovalGoesOnInOtherRunsAndNoPollWaitsForIt(t *testing.T) {
	t.Parallel()
	w := settled(t)
	everybody := w.people()
	first, second := everybody[3], everybody[5]
	w.forget(first)
	w.mustHide(first)
	task := w.queued()[0].Task
	begins := calendar.DateOf(w.connector().CreatedAt)
	if shown := w.connector().FirstDay; shown != nil {
		begins = min(begins, *shown)
	}
	for day := range calendar.Date(3) {
		w.runShort(task)
		if c := w.connector(); c.RemoveOn != begins+day+1 || c.Removing != 1 {
			t.Fatalf("after %d runs %d people are to be removed from %s on, want one from %s on", day+1, c.Removing, c.RemoveOn, begins+day+1)
		}
		later := w.queued()
		if len(later) != 1 || later[0].Reason != connector.ReasonForget || later[0].Delay <= time.Minute {
			t.Fatalf("queued is %+v, want the rest of the removal, after a poll that waits", later)
		}
		task = later[0].Task
	}
	w.forget(second)
	w.queued() // its task is lost
	w.pollAt(morning(1))
	if got := w.day("2026-11-22"); got.People == nil && got.ActiveUsers == nil {
		t.Errorf("the poll has not read yesterday: %+v", got)
	}
	w.mustHide(first, second)
	lost := w.queued()
	if len(lost) != 1 || lost[0].Reason != connector.ReasonForget {
		t.Fatalf("the poll has queued %+v, want a removal", lost)
	}
	w.run(task)
	if c := w.connector(); c.Removing != 0 || len(c.Forgetting) != 1 {
		t.Errorf("after the first removal %v are to be removed, want the second person", c.Forgetting)
	}
	w.finish()
	if c := w.connector(); c.Removing != 0 || len(c.Forgetting) != 0 {
		t.Errorf("at the end %v are to be removed", c.Forgetting)
	}
	w.mustHide(first, second)
	if left := w.people(); len(left) != len(everybody)-2 {
		t.Errorf("%d people are left of %d", len(left), len(everybody))
	}
}

// A day that cannot be cleared blocks neither polls nor the removal from earlier days.
func TestADayThatFailsStopsARemovalThereAndNoPoll(t *testing.T) {
	t.Parallel()
	w := settled(t)
	first := w.people()[0]
	w.forget(first)
	task := w.queued()[0].Task
	bad := calendar.DateOf(w.connector().CreatedAt) - 10
	broken := &forgetting{Store: w.store, bad: bad}
	w.collector.Store = broken
	for range 2 {
		broken.days = nil
		if err := w.collector.Run(t.Context(), task); !fault.Is(err, fault.Store) {
			t.Fatalf("the run returns %v, want the error of the store", err)
		}
	}
	if c := w.connector(); c.RemoveOn != bad || !slices.Equal(broken.days, []calendar.Date{bad}) {
		t.Errorf("the removal is at %s and has repeated the days %v, want only %s", c.RemoveOn, broken.days, bad)
	}
	w.pollAt(morning(1))
	if got := w.day("2026-11-22"); got.ActiveUsers == nil {
		t.Errorf("the poll has not read yesterday: %+v", got)
	}
	broken.bad = 0
	w.finish()
	if c := w.connector(); len(c.Forgetting) > 0 {
		t.Errorf("%v are still to be removed", c.Forgetting)
	}
	w.mustHide(first)
}

// forgetting is a store that cannot clear one day.
type forgetting struct {
	collect.Store
	bad  calendar.Date
	days []calendar.Date
}

func (f *forgetting) Forget(ctx context.Context, ref connector.Ref, date calendar.Date, ids []int64) error {
	f.days = append(f.days, date)
	if date == f.bad {
		return &fault.Error{Code: fault.Store, Op: "test", Err: errors.New("injected")}
	}
	return f.Store.Forget(ctx, ref, date, ids)
}

// unremoving is a store that cannot remove old people.
type unremoving struct{ collect.Store }

func (unremoving) RemovePeople(context.Context, connector.Ref, calendar.Date) error {
	return &fault.Error{Code: fault.Store, Op: "test", Err: errors.New("injected")}
}

// Old people are removed while a poll has time. A poll without time leaves them to a task of their own. A failure lets
// a poll pass, but repeats the task.
func TestTheRemovalOfOldPeopleGoesOnInOtherRuns(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.collector.KeepPeopleDays = 2
	w.Set(morning(1))
	w.runShort(w.daily(morning(1)))
	if c := w.connector(); c.PeopleRemoved != nil || c.LastPoll.Outcome != connector.OutcomeOK {
		t.Fatalf("people were removed up to %v, and the poll was %+v", c.PeopleRemoved, c.LastPoll)
	}
	tasks := w.queued()
	if len(tasks) != 1 || tasks[0].Reason != connector.ReasonForget {
		t.Fatalf("queued is %+v, want a removal", tasks)
	}
	w.collector.Store = unremoving{w.store}
	w.run(w.daily(morning(1)))
	w.queued()
	if err := w.collector.Run(t.Context(), tasks[0].Task); !fault.Is(err, fault.Store) {
		t.Errorf("a removal that fails returns %v, want the error of the store", err)
	}
	w.collector.Store = w.store
	w.runShort(tasks[0].Task)
	begun := *w.connector().PeopleRemoved
	w.runShort(w.queued()[0].Task)
	if c := w.connector(); *c.PeopleRemoved != begun+1 {
		t.Errorf("people were removed up to %s, want %s", c.PeopleRemoved, begun+1)
	}
	w.finish()
	last := calendar.DateOf(morning(1)) - 3
	if c := w.connector(); *c.PeopleRemoved != last {
		t.Errorf("people were removed up to %s, want %s", c.PeopleRemoved, last)
	}
	w.pollAt(morning(2))
	if c := w.connector(); *c.PeopleRemoved != last+1 || len(w.queued()) != 0 {
		t.Errorf("the poll removes people up to %s, want %s", c.PeopleRemoved, last+1)
	}
}

// runShort runs a task that has no time to spare.
func (w *world) runShort(task connector.Task) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), collect.MaxRun/2)
	defer cancel()
	if err := w.collector.Run(ctx, task); err != nil {
		w.t.Fatalf("running %s: %v", task.Reason, err)
	}
}

func (w *world) forget(person metrics.UserUsage) {
	w.t.Helper()
	if _, err := w.life().Forget(w.t.Context(), w.ref, strconv.FormatInt(person.UserID, 10), "test"); err != nil {
		w.t.Fatal(err)
	}
}

// people returns everybody of the last days.
func (w *world) people() []metrics.UserUsage {
	w.t.Helper()
	users, err := w.Parts.Usage().Users(w.t.Context(), w.connector(), calendar.LastDays(40, w.Now()), "")
	if err != nil {
		w.t.Fatal(err)
	}
	return users.Users
}

// mustHide checks that nobody of these is shown, neither with numbers nor with a seat.
func (w *world) mustHide(people ...metrics.UserUsage) {
	w.t.Helper()
	seats, err := w.Parts.Spend().Seats(w.t.Context(), w.connector(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	shown := w.people()
	for _, hidden := range people {
		if slices.ContainsFunc(shown, func(u metrics.UserUsage) bool { return u.UserID == hidden.UserID }) {
			w.t.Errorf("%s is shown with numbers", hidden.Login)
		}
		for _, row := range seats.Rows {
			if row.UserID != nil && *row.UserID == hidden.UserID || row.Login != nil && *row.Login == hidden.Login {
				w.t.Errorf("%s is shown with a seat", hidden.Login)
			}
		}
	}
}
