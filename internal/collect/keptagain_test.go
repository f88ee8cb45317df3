package collect_test

import (
	"context"
	"slices"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// On the first of December a run ends after it has stored the last days of November. The run that repeats it finds nothing new in the
// reports.
func TestARunThatIsRepeatedKeepsTheMonthThatIsOver(t *testing.T) {
	t.Parallel()
	w := settled(t)
	w.collector.Store = crashed{w.collector.Store}
	w.pollAt(morning(9))
	const year = "lastyear#2026-12#00"
	if slices.Contains(w.keys(), year) {
		t.Fatal("the run has not crashed")
	}
	w.collector.Store = w.store
	w.run(w.daily(morning(9)))
	if kept := w.keys(); !slices.Contains(kept, year) {
		t.Errorf("the year before December is not kept")
	}
}

// crashed is a store after a run that has crashed before it kept months.
type crashed struct{ collect.Store }

func (crashed) KeepActive(context.Context, connector.Ref, ...calendar.Date) error { return nil }

// keys returns the sort keys of the connector's items.
func (w *world) keys() (keys []string) {
	w.t.Helper()
	for item, err := range w.store.Table.Query(w.t.Context(), store.Range{Partition: "connector#" + w.ref.Tenant + "/" + w.ref.ID}) {
		if err != nil {
			w.t.Fatal(err)
		}
		keys = append(keys, item.Sort)
	}
	return keys
}
