package verify

import (
	"cmp"
	"errors"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// verdict is evidence together with its one cause, if usage cannot be read.
type verdict struct {
	*evidence
	cause cause
	shown error // GitHub's answer that shows the cause
}

func (e *evidence) verdict() *verdict {
	cause, shown := e.diagnose()
	return &verdict{evidence: e, cause: cause, shown: shown}
}

// codeOf returns the code of an error that kept something from being read. If GitHub says that a role is missing, and the person
// has that role, the refusal is unexplained.
func (v *verdict) codeOf(err error) Code {
	if fault.Is(err, fault.NotPrivileged) && v.entitled() {
		return Code(fault.Refused)
	}
	return codeOf(err)
}

// held returns what the token holds: what GitHub says of it, and what it was seen to read.
func (v *verdict) held() access.Held {
	return access.Held{Scope: v.request.Account.Scope, Kind: v.kind, Grants: v.identity.Scopes, Reads: v.capabilities()}
}

// seatsListPartial returns the finding that the list of seats lacks organizations that demand single sign-on.
func (v *verdict) seatsListPartial() bool {
	return v.cause == causeNone && fault.Is(v.seatsErr, fault.SSOPartial)
}

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

func asError(err error) *fault.Error {
	e, _ := errors.AsType[*fault.Error](err)
	return e
}
