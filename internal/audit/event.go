// Package audit has the events that record who did what to a connector, and when. It stores nothing: the store writes an
// event together with the connector. No event may contain a secret. Start reading at Event.
package audit

import "time"

// Event is one entry of a connector's audit trail.
type Event struct {
	ID     string    `json:"id"` // distinguishes events of the same instant; the store gives it
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"` // the principal that called the API, or the constant Poll
	Action Action    `json:"action"`
	Detail string    `json:"detail"`
}

// Action is the kind of an event.
type Action string

// The actions.
const (
	Saved         Action = "saved"
	Changed       Action = "changed"
	Rotated       Action = "rotated"
	PollAsked     Action = "poll_asked"
	Deleted       Action = "deleted"
	StatusChanged Action = "status_changed"
	Forgotten     Action = "person_forgotten" // its detail never says who
)

// Poll is the actor of an event that no person caused: a poll found it.
const Poll = "poll"
