package collect

import (
	"fmt"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// owner follows whose numbers a run reads. A name may pass from one account to another, and an account's own id may not.
type owner struct {
	scope copilot.Scope

	mu       sync.Mutex
	id       string // that of the account; empty until an answer tells it
	seen     bool   // an answer of this run has told it
	reported bool   // a report of this run has told it
}

// expected is what the rows of a report are compared with.
func (o *owner) expected() metrics.Owner {
	o.mu.Lock()
	defer o.mu.Unlock()
	return metrics.Owner{Scope: o.scope, ID: o.id}
}

// see takes the id that an answer tells. An empty one tells nothing.
func (o *owner) see(id string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case id == "":
		return nil
	case o.id != "" && o.id != id:
		return &fault.Error{
			Code: fault.OtherAccount, Op: "find account",
			Err: fmt.Errorf("its id is %s, and that of the connector's %s is %s", id, o.scope, o.id),
		}
	}
	o.id, o.seen = id, true
	return nil
}

// seeReport takes the id that a report tells.
func (o *owner) seeReport(id string) error {
	err := o.see(id)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reported = o.reported || err == nil && id != ""
	return err
}

// reports reports whether a report of this run is known to be the account's own. Then the name is still the account's, and a
// report with another's id is faulty by itself.
func (o *owner) reports() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.reported
}

// shown returns the id if an answer of this run has told it.
func (o *owner) shown() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.seen {
		return ""
	}
	return o.id
}

// confirmed returns nil where numbers that carry no id may be stored: something in the same run tells whose they are, or
// GitHub has never told an id of this account.
func (o *owner) confirmed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.id != "" && !o.seen {
		return &fault.Error{Code: fault.Unconfirmed, Op: "find account", Err: fmt.Errorf("nothing in this poll told whose they are")}
	}
	return nil
}
