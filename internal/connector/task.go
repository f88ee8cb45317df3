package connector

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Task is a request to poll one connector. The queue may deliver it more than once, and hours late. It never contains a
// secret.
type Task struct {
	Tenant       string          `json:"tenant"`
	Connector    string          `json:"connector"`
	ScheduledFor time.Time       `json:"scheduledFor"` // decides, instead of the clock, which days are due
	Reason       Reason          `json:"reason"`
	Attempt      int             `json:"attempt,omitempty"`  // how often it was queued again after a transient failure
	Followed     bool            `json:"followed,omitempty"` // the connector took its account's new name in this task; it does so once
	Days         []calendar.Date `json:"days,omitempty"`     // only for ReasonResume: the days that are left

	// AppTurn is the earliest instant of a daily poll with the stack's App, whose calls share one limit over all connectors. Zero: at once.
	AppTurn time.Time `json:"appTurn,omitzero"`
}

// Ref returns the connector's Ref.
func (t Task) Ref() Ref { return Ref{Tenant: t.Tenant, ID: t.Connector} }

// Reason is why a connector is polled.
type Reason string

// The reasons.
const (
	ReasonDaily  Reason = "daily"
	ReasonSaved  Reason = "saved"  // the first days of a new connector
	ReasonOlder  Reason = "older"  // continues the backfill
	ReasonAsked  Reason = "asked"  // a person requested the poll
	ReasonResume Reason = "resume" // continues a report that was too long for one run

	ReasonForget  Reason = "forget"  // takes people out of what is kept
	ReasonDeleted Reason = "deleted" // purges the data of a deleted connector
)
