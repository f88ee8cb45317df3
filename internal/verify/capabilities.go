package verify

import (
	"cmp"
	"errors"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// capabilities returns what the token may read, as far as GitHub's answers show it.
func (v *verdict) capabilities() access.Capabilities {
	capabilities := access.Capabilities{
		Usage:   access.Unknown,
		Users:   access.Unknown,
		Seats:   capabilityOf(v.seatsErr),
		Billing: capabilityOf(v.creditsErr),

		Teams: capabilityOf(v.teamsErr), CostCenters: capabilityOf(v.centersErr), Budgets: capabilityOf(v.budgetsErr),
	}
	switch {
	case v.cause == causeNone:
		capabilities.Usage = access.OK
	case fault.CodeOf(v.shown).RefusesToken(), fault.Is(v.shown, fault.NotFound):
		capabilities.Usage = access.Denied
	}
	var users []error
	for _, d := range v.days {
		if d.linked {
			users = append(users, d.peopleErr)
		}
	}
	capabilities.Users = access.PermittedByReports(users, access.Unknown)
	return capabilities
}

func capabilityOf(err error) access.Permitted {
	return access.PermittedBy(err, access.Unknown)
}

var errNoAnswer = errors.New("no answer")

// unasked returns why GitHub could not be asked, which is what the check "reach" fails with, or nil.
func (v *verdict) unasked() *fault.Error {
	if limited := v.rateLimited(); limited != nil {
		return asError(limited)
	}
	if v.cause != causeUnreachable {
		return nil
	}
	unasked := *asError(v.shown)
	unasked.Err = fmt.Errorf("%s: %w", v.apiHost, cmp.Or(unasked.Err, errNoAnswer))
	return &unasked
}
