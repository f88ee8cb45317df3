package connector

import "time"

// Event is something that was done to a connector, for the audit.
type Event struct {
	ID     string    `json:"id"` // tells events of the same instant apart
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"` // the principal that called the API, or ActorPoll
	Action Action    `json:"action"`
	Detail string    `json:"detail"`
}

// Action is what was done.
type Action string

// The actions.
const (
	ActionSaved         Action = "saved"
	ActionChanged       Action = "changed"
	ActionRotated       Action = "rotated"
	ActionPollAsked     Action = "poll_asked"
	ActionDeleted       Action = "deleted"
	ActionStatusChanged Action = "status_changed"
)

// ActorPoll stands where nobody did it: a poll found it out.
const ActorPoll = "poll"

// Record adds an event to what the connector's next write stores with it.
func (c *Connector) Record(at time.Time, actor string, action Action, detail string) {
	c.Events = append(c.Events, Event{ID: NewID(), At: at.UTC(), Actor: actor, Action: action, Detail: detail})
}
