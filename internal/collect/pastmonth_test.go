//go:build !race

package collect_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// A month that is over must get its values even if the backfill brought it, or if nothing was polled in the week in which they are made.
func TestAPastMonthGetsItsValuesLater(t *testing.T) {
	t.Parallel()
	w := settled(t)
	if kept := w.kept("usermonth#"); len(kept) != 1 || kept[0][:len("usermonth#2026-10#")] != "usermonth#2026-10#" {
		t.Errorf("after the backfill the people of %v are kept", kept)
	}
	w.Set(morning(28)) // on 20 December, after four weeks without a poll
	w.runShort(w.daily(morning(28)))
	if kept := w.kept("tenures#"); len(kept) != 0 || w.connector().LastPoll.Outcome != connector.OutcomeOK {
		t.Errorf("a poll without spare time has kept %v, and it was %+v", kept, w.connector().LastPoll)
	}
	before := time.Now()
	timed := &timed{Store: w.store}
	w.collector.Store = timed
	w.run(w.daily(morning(28).Add(time.Hour)))
	if rest := before.Add(collect.MaxRun).Sub(timed.end); timed.end.IsZero() || rest < 10*time.Second {
		t.Errorf("a value of a month may be made until %s before the end of the run", rest)
	}
	if kept := w.kept("tenures#"); !slices.Equal(kept, []string{"tenures#2026-11#00"}) {
		t.Errorf("the seats of %v are kept", kept)
	}
	if kept := w.kept("usermonth#2026-11#"); len(kept) != 1 {
		t.Errorf("the people of November are kept as %v", kept)
	}
}

// timed is a store that notes until when it may make the people of a month.
type timed struct {
	collect.Store
	end time.Time
}

func (s *timed) KeepUsers(ctx context.Context, ref connector.Ref, month calendar.Date) error {
	s.end, _ = ctx.Deadline()
	return s.Store.KeepUsers(ctx, ref, month)
}
