package notify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// whose names the token's owner and its fingerprint. The fingerprint comes from a digest and reveals nothing of the token.
func whose(c *connector.Connector) string {
	if c.Credential.Kind.IsApp() {
		return appOf(c)
	}
	owner := "@" + oneLine(c.Credential.Login, maxLogin)
	if c.Credential.Login == "" {
		owner = "somebody GitHub has not named"
	}
	return fmt.Sprintf("Token:   %s of %s, in use since %s, fingerprint %s\nAccount: %s %s on %s\nTenant:  %s",
		access.Named(c.Credential.Kind), owner, c.Credential.RotatedAt.UTC().Format("2 January 2006"), c.Credential.Fingerprint, c.Scope, c.Slug, c.Host, c.Tenant)
}

// replacement lists the steps to a new token of the same kind, with exactly the grants that this connector needs.
func replacement(c *connector.Connector) string {
	held := c.Held()
	form := fmt.Sprintf("Tick %s, and nothing else.", held.Replacement())
	sso := fmt.Sprintf(" If the %s uses single sign-on, press \"Configure SSO\" beside the new token and authorise it.", c.Scope)
	if c.Credential.Kind == credential.FineGrainedPAT {
		form = fmt.Sprintf("Choose %s as the resource owner, and set %s. Set nothing else.", c.Slug, held.Replacement())
		sso = ""
	}
	if _, ok := access.For(c.Scope, credential.FineGrainedPAT, access.Usage); !ok {
		form += " It must be a classic token: fine-grained ones cannot read " + c.Scope.Article() + "."
	}
	return fmt.Sprintf("What to do (it takes five minutes):\n"+
		"1. Sign in to GitHub as an %s of the %s and open %s\n"+
		"2. Choose an expiration of 90 days or less. %s\n"+
		"3. Press \"Generate token\" and copy the token.%s\n"+
		"4. Open %s -> Health -> Replace credential, and paste it. It is tested first. It replaces the old token only if it can read the same data.\n"+
		"5. Delete the old token at %s, signed in as its owner.\n\n"+
		"Better than another token is a GitHub App, which belongs to no person and never expires: in step 4 choose \"GitHub App\", and the page %s.",
		access.GiverOf(c.Scope, access.Usage).Who, c.Scope, access.FormPage(c.Credential.Kind, c.Host), form, sso, place(c), access.ListPage(c.Credential.Kind, c.Host), makesApp(c.Scope))
}

// makesApp says what the page does for a person who has no GitHub App yet.
func makesApp(scope copilot.Scope) string {
	if scope == copilot.Organization {
		return "makes one with you in three presses"
	}
	return "lists the steps"
}
