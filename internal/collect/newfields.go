package collect

import (
	"context"
	"maps"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

// logNewFields logs the undocumented fields of a report with their counts. It logs each name once a run, and never a value. Such fields
// are no error. GitHub's own record of the day, which is stored, includes them.
func (r *reader) logNewFields(ctx context.Context, kind reports.Kind, date calendar.Date, counts map[string]int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(counts, func(name string, _ int) bool { return r.newFields[name] })
	if len(counts) == 0 {
		return
	}
	for name := range counts {
		r.newFields[name] = true
	}
	names, times := slices.Sorted(maps.Keys(counts)), 0
	for _, n := range counts {
		times += n
	}
	r.Log.InfoContext(ctx, "new fields in a report", "tenant", r.found.Conn.Tenant, "connector", r.found.Conn.ID, "report", string(kind),
		"day", date.String(), "fields", names, "times", times)
}
