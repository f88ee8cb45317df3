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
