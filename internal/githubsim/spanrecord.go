package githubsim

import (
	"encoding/json"
	"io"
	"time"
)

// spanRecord is the one object of a 28-day aggregate.
type spanRecord struct {
	StartDay       string `json:"report_start_day"`
	EndDay         string `json:"report_end_day"`
	OrganizationID string `json:"organization_id,omitempty"`
	EnterpriseID   string `json:"enterprise_id,omitempty"`
	CreatedAt      string `json:"created_at"`
	DayTotals      []any  `json:"day_totals"`
	pipeline
}

func spanRecordOf(p population, within span, days []day) spanRecord {
	record := spanRecord{
		StartDay: within.start.String(), EndDay: within.end.String(),
		CreatedAt: (within.end + 1).midnight().Add(4 * time.Hour).Format(time.RFC3339),
		DayTotals: make([]any, len(days)),
		pipeline:  pipelineOf(within.end),
	}
	if p.account.Kind == Enterprise {
		record.EnterpriseID = p.account.idString()
	} else {
		record.OrganizationID = p.account.idString()
	}
	for i, on := range days {
		record.DayTotals[i] = knownTotals.of(p, on).record(p)
	}
	return record
}

func writeLine(w io.Writer, record any) error {
	return json.NewEncoder(w).Encode(record)
}
