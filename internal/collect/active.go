package collect

import (
	"maps"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// keepActive makes anew what is kept of the people of the months that were read. Where that fails nothing is wrong: their
// days tell the same, and take longer to read. The next run that brings something new tries again.
func (r *reader) keepActive() {
	months := map[calendar.Date]bool{}
	for date, day := range r.found.days {
		if day.updated || r.found.task.Reason == connector.ReasonOlder { // a run before may have died between the two
			months[date.FirstOfMonth()] = true
		}
	}
	conn := r.found.conn
	for _, month := range slices.Sorted(maps.Keys(months)) {
		if err := r.Store.KeepActive(r.tidy, conn.Ref, month); err != nil {
			r.Log.WarnContext(r.tidy, "people of a month not kept together", "tenant", conn.Tenant, "connector", conn.ID, "month", month.String()[:7], "error", err)
		}
	}
}
