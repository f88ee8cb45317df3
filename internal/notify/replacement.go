package notify

import (
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// whose says whose token it is. The fingerprint is that of a digest, of which nothing of the token can be told.
func whose(c *connector.Connector) string {
	kind := "classic personal access token"
	if c.Credential.Kind == credential.FineGrainedPAT {
		kind = "fine-grained personal access token"
	}
	owner := "@" + oneLine(c.Credential.Login, maxLogin)
	if c.Credential.Login == "" {
		owner = "somebody GitHub has not named"
	}
	return fmt.Sprintf("Token:   a %s of %s, in use since %s, fingerprint %s\nAccount: %s %s on %s\nTenant:  %s",
		kind, owner, c.Credential.RotatedAt.UTC().Format("2 January 2006"), c.Credential.Fingerprint, c.Scope, c.Slug, c.Host, c.Tenant)
}

// replacement lists the steps to a new token, with exactly what this connector needs, and of the same kind.
func replacement(c *connector.Connector) string {
	role, page := "an owner of the organization", fmt.Sprintf("https://%s/settings/tokens", c.Host)
	form := fmt.Sprintf("Tick %s, and nothing else.", scopes(c, "read:org", "manage_billing:copilot", "copilot", "admin:org"))
	sso := " Where the organization uses single sign-on, press \"Configure SSO\" beside the new token and authorise it."
	switch {
	case c.Scope == copilot.Enterprise:
		role = "an owner or billing manager of the enterprise"
		form = fmt.Sprintf("Tick %s, and nothing else. It must be a classic token: fine-grained ones cannot read an enterprise.",
			scopes(c, "read:enterprise", "manage_billing:enterprise", "admin:enterprise"))
		sso = strings.Replace(sso, "organization", "enterprise", 1)
	case c.Credential.Kind == credential.FineGrainedPAT:
		page = fmt.Sprintf("https://%s/settings/personal-access-tokens", c.Host)
		form = fmt.Sprintf("Choose %s as the resource owner, and set these organization permissions to read-only: %s. Set nothing else.", c.Slug, permissions(c))
		sso = ""
	}
	return fmt.Sprintf("What to do (it takes five minutes):\n"+
		"1. Sign in to GitHub as %s and open %s/new\n"+
		"2. Choose an expiration of 90 days or less. %s\n"+
		"3. Press \"Generate token\" and copy the token.%s\n"+
		"4. Open %s -> Rotate token, and paste it. It is checked first, and takes the place of the old one only if it can read what that one could.\n"+
		"5. Delete the old token at %s, signed in as its owner.", role, page, form, sso, place(c), page)
}

// scopes names the one that opens usage and seats; and the first of those that open billed credits, where the present
// token reads them by any of these.
func scopes(c *connector.Connector, usage string, billing ...string) string {
	byScope := slices.ContainsFunc(c.Credential.Scopes, func(scope string) bool { return slices.Contains(billing, scope) })
	if c.Granted.Billing == access.OK && byScope {
		return fmt.Sprintf("the scopes %s and %s", usage, billing[0])
	}
	return "the scope " + usage
}

func permissions(c *connector.Connector) string {
	list := `"Organization Copilot metrics" (usage) and "GitHub Copilot Business" (seats)`
	if c.Granted.Billing == access.OK {
		list = `"Organization Copilot metrics" (usage), "GitHub Copilot Business" (seats) and "Administration" (billed AI credits)`
	}
	return list
}
