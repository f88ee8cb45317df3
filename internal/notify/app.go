package notify

import (
	"cmp"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// keyAge writes the mail that asks for a new key of a GitHub App: the key has no end of its own, and the App goes on working.
func keyAge(c *connector.Connector, n connector.Notice) Mail {
	app := cmp.Or(c.Credential.App, &credential.Installation{})
	mail := Mail{Subject: subject("GitHub App key for %s will be a year old in "+days(max(1, n.DaysLeft)), c)}
	when := fmt.Sprintf("will be a year old in %s, on %s", days(max(1, n.DaysLeft)), instant(n.ExpiresAt))
	if !n.ExpiresAt.After(n.At) {
		mail.Subject = subject("GitHub App key for %s is a year old", c)
		when = "is a year old"
	}
	mail.Body = letter(
		fmt.Sprintf("The key %s, with which the GitHub App %s reads the Copilot usage of %s for CloudMonitor, %s: it was pasted on %s.",
			c.Credential.KeyFingerprint, app.Slug, account(c), when, instant(c.Credential.RotatedAt)),
		"Why: whoever gets hold of a key can use it for as long as it is there, so a key should be replaced once a year. The connector goes on working either way.",
		fmt.Sprintf("Generate a new private key in the App's settings, %s. %s Delete the old key at GitHub after that: no day is missed.",
			access.AppSettings(c.Account, app), again(c)))
	return mail
}

// again says where a new token, or a new key, is pasted.
func again(c *connector.Connector) string {
	switch c.Credential.Kind { //nolint:exhaustive // the other kinds are tokens
	case credential.GitHubAppInstallation:
		return fmt.Sprintf("If the App must be installed or connected again, an owner of %s does it in %s -> Health -> Replace credential. There is no token or key to paste.", c.Slug, place(c))
	case credential.GitHubApp:
		return fmt.Sprintf("If you need a new key, paste it with the App's client id in %s -> Health -> Replace credential.", place(c))
	}
	return fmt.Sprintf("If you need a new token, paste it in %s -> Health -> Replace credential.", place(c))
}

// appOf says which App the connector uses, and with which key of the customer's, in the place of a token and its owner.
func appOf(c *connector.Connector) string {
	app, since := cmp.Or(c.Credential.App, &credential.Installation{}), c.Credential.RotatedAt.UTC().Format("2 January 2006")
	key := fmt.Sprintf("its key in use since %s, fingerprint %s", since, c.Credential.KeyFingerprint)
	if c.Credential.Endless() {
		key = fmt.Sprintf("its installation %d connected since %s", app.ID, since)
	}
	return fmt.Sprintf("App:     %s, %s\nAccount: %s %s on %s\nTenant:  %s", cmp.Or(app.Slug, app.ClientID, "a GitHub App"), key, c.Scope, c.Slug, c.Host, c.Tenant)
}
