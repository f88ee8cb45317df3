// Package audit says what was done to a connector, when and by whom. It stores nothing: an event is stored with the
// connector's next write. No event holds a secret.
package audit

import "time"

// Event is something that was done to a connector, for the audit.
type Event struct {
	ID     string    `json:"id"` // tells events of the same instant apart
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"` // the principal that called the API, or Poll
	Action Action    `json:"action"`
	Detail string    `json:"detail"`
}

// Action is what was done.
type Action string

// The actions.
const (
	Saved         Action = "saved"
	Changed       Action = "changed"
	Rotated       Action = "rotated"
	PollAsked     Action = "poll_asked"
	Deleted       Action = "deleted"
	StatusChanged Action = "status_changed"
)

// Poll stands where nobody did it: a poll found it out.
const Poll = "poll"
