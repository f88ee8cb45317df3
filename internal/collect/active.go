package collect

import (
	"maps"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// keepActive renews the stored values of the months that were read. A failure does no harm, because readers can use the days
// instead, which takes longer. The next run with something new tries again.
func (r *reader) keepActive() {
	months := map[calendar.Date]bool{}
	for date, day := range r.found.days {
		if day.updated || r.found.task.Reason == connector.ReasonOlder { // an earlier run may have crashed after it stored the days
			months[date.FirstOfMonth()] = true
		}
	}
	conn, running := r.found.conn, calendar.DateOf(r.found.began).FirstOfMonth()
	older := false
	for _, month := range slices.Sorted(maps.Keys(months)) {
		older = older || month < running
		r.noteKept(r.Store.KeepActive(r.tidy, conn.Ref, month))
	}
	if older {
		r.noteKept(r.Store.KeepYear(r.tidy, conn.Ref, running))
	}
}

func (r *reader) noteKept(err error) {
	if err != nil {
		conn := r.found.conn
		r.Log.WarnContext(r.tidy, "people not kept by month", "tenant", conn.Tenant, "connector", conn.ID, "error", err)
	}
}
