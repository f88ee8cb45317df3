package verify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// accountID is GitHub's own id of the account: the one that it must have, or else what GitHub says; empty where it says none.
func (e *evidence) accountID() string {
	if id := e.request.AccountID; id != "" {
		return id
	}
	if e.organizationErr == nil && e.organization.ID != "" {
		return e.organization.ID
	}
	for _, d := range e.days {
		if d.accountID != "" {
			return d.accountID
		}
	}
	return ""
}

// otherAccount returns an error where GitHub's answers are of another account than they must be, or not all of one.
func (e *evidence) otherAccount() error {
	id := e.accountID()
	ids := []string{}
	if e.organizationErr == nil {
		ids = append(ids, e.organization.ID)
	}
	for _, d := range e.days {
		ids = append(ids, d.accountID)
		for _, err := range []error{d.usageErr, d.peopleErr} {
			if e.request.AccountID != "" && fault.Is(err, fault.OtherAccount) {
				return err
			}
		}
	}
	for _, other := range ids {
		if other != "" && other != id {
			return &fault.Error{Code: fault.OtherAccount, Err: fmt.Errorf("GitHub's id of it is %s, and that of what it answers with is %s", id, other)}
		}
	}
	return nil
}
