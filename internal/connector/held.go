package connector

import "cloudmonitor.ai/copilot-connector/internal/access"

// Held returns what the connector's credential holds, and what it was ever seen to read.
func (c *Connector) Held() access.Held {
	return access.Held{Scope: c.Scope, Kind: c.Credential.Kind, Grants: c.Credential.Scopes, Reads: c.Granted.Widened(c.Capabilities)}
}

// Wanted returns the token that can take the place of the connector's credential: it reads everything that this one reads.
func (c *Connector) Wanted() access.Wanted {
	return access.Wanted{Account: c.Account, Billing: c.Held().ReadsBill()}
}
