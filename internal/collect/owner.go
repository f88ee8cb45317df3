package collect

import (
	"fmt"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// owner keeps track of the account whose numbers a run reads. A name can go from one account to another. An account's id never changes.
type owner struct {
	scope copilot.Scope

	mu       sync.Mutex
	id       string // the account's id; empty until an answer tells it
	seen     bool   // an answer of this run has told it
	reported bool   // a report of this run has told it
}

// expected returns the owner with which the rows of a report are compared.
func (o *owner) expected() metrics.Owner {
	o.mu.Lock()
	defer o.mu.Unlock()
	return metrics.Owner{Scope: o.scope, ID: o.id}
}

// see takes the id in an answer. An empty id tells nothing.
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

// seeReport takes the id in a report.
func (o *owner) seeReport(id string) error {
	err := o.see(id)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reported = o.reported || err == nil && id != ""
	return err
}

// reports reports whether a report of this run belongs to the account for certain. Then the name still belongs to the account, and a
// report with another id is a faulty report.
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

// confirmed returns nil if numbers without an id may be stored: an answer of the same run has told the id, or GitHub has never told an id
// of this account.
func (o *owner) confirmed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.id != "" && !o.seen {
		return &fault.Error{Code: fault.Unconfirmed, Op: "find account", Err: fmt.Errorf("nothing in this poll told whose they are")}
	}
	return nil
}
