package verify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// accountID returns GitHub's own id of the account: the one that the request demands, else the one that GitHub told, else "".
func (e *evidence) accountID() string {
	if id := e.request.AccountID; id != "" {
		return id
	}
	if id := e.installation().AccountID; id != "" {
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

// otherAccount returns an error if GitHub's answers belong to another account than the one demanded, or to two accounts.
func (e *evidence) otherAccount() error {
	id := e.accountID()
	ids := []string{e.installation().AccountID}
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
