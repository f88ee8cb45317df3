package connector

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Task asks for one connector to be polled. It travels through the queue at least once, perhaps twice, perhaps hours
// late, and never holds a secret.
type Task struct {
	Tenant       string          `json:"tenant"`
	Connector    string          `json:"connector"`
	ScheduledFor time.Time       `json:"scheduledFor"` // decides which days are due, not the clock
	Reason       Reason          `json:"reason"`
	Attempt      int             `json:"attempt,omitempty"` // how often it was put back after trouble that passes
	Days         []calendar.Date `json:"days,omitempty"`    // of ReasonResume: the days that are left
}

// Ref names the connector.
func (t Task) Ref() Ref { return Ref{Tenant: t.Tenant, ID: t.Connector} }

// Reason is why a connector is polled.
type Reason string

// The reasons.
const (
	ReasonDaily  Reason = "daily"
	ReasonSaved  Reason = "saved"  // the first days of a new connector
	ReasonOlder  Reason = "older"  // goes on with the backfill
	ReasonAsked  Reason = "asked"  // somebody pressed the button
	ReasonResume Reason = "resume" // goes on with a report that was too long for one run

	ReasonDeleted Reason = "deleted" // what it has gathered is to be purged
)
