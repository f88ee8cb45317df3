package collect

import (
	"context"
	"maps"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// keepActive renews the stored values of the months that were read. It looks at all of them, because an earlier run may have crashed after
// it had stored the days. A failure does no harm, because readers can use the days instead, which takes longer. The next run tries again.
func (r *reader) keepActive() {
	if months := r.monthsRead(); len(months) > 0 {
		r.noteKept(r.Store.KeepActive(r.tidy, r.found.Conn.Ref, months...))
	}
}

// monthsRead returns the months of the days that were read, oldest first.
func (r *reader) monthsRead() []calendar.Date {
	months := map[calendar.Date]bool{}
	for date, day := range r.found.Days {
		if day.State != "" {
			months[date.FirstOfMonth()] = true
		}
	}
	return slices.Sorted(maps.Keys(months))
}

func (r *reader) noteKept(err error) { r.Collector.noteKept(r.tidy, r.found.Conn, err) }

// noteKept logs that a value of a month could not be made.
func (c Collector) noteKept(ctx context.Context, conn *connector.Connector, err error) {
	if err != nil {
		c.Log.WarnContext(ctx, "people not kept by month", "tenant", conn.Tenant, "connector", conn.ID, "error", err)
	}
}
