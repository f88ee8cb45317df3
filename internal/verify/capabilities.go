package verify

import "cloudmonitor.ai/copilot-connector/internal/connector"

// capabilities is what the token may read, as far as GitHub's answers tell.
func (v *verdict) capabilities() connector.Capabilities {
	capabilities := connector.Capabilities{
		Usage:   connector.CapabilityUnknown,
		Users:   connector.CapabilityUnknown,
		Seats:   capabilityOf(v.seatsErr),
		Billing: capabilityOf(v.creditsErr),
	}
	switch {
	case v.cause == causeNone:
		capabilities.Usage = connector.CapabilityOK
	case refused(v.shown), connector.Is(v.shown, connector.CodeNotFound):
		capabilities.Usage = connector.CapabilityDenied
	}
	var users []error
	for _, d := range v.days {
		if d.linked {
			users = append(users, d.peopleErr)
		}
	}
	capabilities.Users = connector.CapabilityOfReports(users, connector.CapabilityUnknown)
	return capabilities
}

func capabilityOf(err error) connector.Capability {
	return connector.CapabilityOf(err, connector.CapabilityUnknown)
}

// unasked is why the check of GitHub's being in reach fails, if it does.
func (v *verdict) unasked() *connector.Error {
	if limited := v.rateLimited(); limited != nil {
		return asError(limited)
	}
	if v.cause == causeUnreachable {
		return asError(v.shown)
	}
	return nil
}
