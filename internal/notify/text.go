package notify

import (
	"fmt"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Mail is what a person is sent: plain text.
type Mail struct {
	Subject    string // ASCII, one line, within SNS's limit
	Body       string
	Attributes map[string]string // for machines that read the topic: tenant, connector and kind
}

// maxSubject is below SNS's limit of 100 characters.
const maxSubject = 99

// Compose puts a notice into words: what is the matter, until when, what to do about it, and where.
func Compose(c *connector.Connector, n connector.Notice) Mail {
	mail := words(c, n)
	mail.Attributes = map[string]string{"tenant": c.Tenant, "connector": c.ID, "kind": string(n.Kind)}
	return mail
}

func words(c *connector.Connector, n connector.Notice) Mail {
	account := account(c)
	switch n.Kind {
	case connector.NoticeExpires:
		return expires(c, n)
	case connector.NoticeExpired:
		return Mail{
			Subject: subject("GitHub token expired: no Copilot data for %s", c),
			Body: letter(
				fmt.Sprintf("The GitHub token with which CloudMonitor reads the Copilot usage of %s expired on %s.\nNo new usage, seats or cost come in until it is replaced. "+
					"The days missed until then are read afterwards.", account, instant(n.ExpiresAt)),
				credential(c), replace(c)),
		}
	case connector.NoticeStopped:
		return Mail{
			Subject: subject("GitHub Copilot data has stopped for %s", c),
			Body: letter(
				fmt.Sprintf("CloudMonitor cannot read the Copilot usage of %s any more.", account),
				n.Reason,
				"The connector goes on trying each day. No day is lost that GitHub still has when it works again, and then another mail says so.",
				credential(c), where(c)),
		}
	case connector.NoticeHealed:
		return Mail{
			Subject: subject("GitHub Copilot data is back for %s", c),
			Body: letter(
				fmt.Sprintf("CloudMonitor reads the Copilot usage of %s again. There is nothing to do.", account),
				"The days missed meanwhile are read as far as GitHub still has them.", where(c)),
		}
	}
	return Mail{
		Subject: subject("GitHub has no Copilot report for a day of %s", c),
		Body: letter(
			fmt.Sprintf("GitHub has no usage report of %s for %s, and none is expected any more: GitHub promises one within two days, and eight have gone by.",
				account, connector.ListDates(n.Days)),
			"The day stays empty in CloudMonitor, which is not the same as zero. Should the report come within the next weeks it is read all the same.",
			"If people did use Copilot that day: tell GitHub Support the account and the day.", where(c)),
	}
}

func expires(c *connector.Connector, n connector.Notice) Mail {
	_, byPolicy := c.Credential.Expiry()
	if byPolicy {
		title, due, until := fmt.Sprintf("Replace the GitHub token for %%s within %s", days(n.DaysLeft)), "is due", ": in "+days(n.DaysLeft)
		if !n.ExpiresAt.After(n.At) {
			title, due, until = "Replace the GitHub token for %s now", "was due", ""
		}
		return Mail{
			Subject: subject(title, c),
			Body: letter(
				fmt.Sprintf("The GitHub token with which CloudMonitor reads the Copilot usage of %s %s for replacement by %s%s.",
					account(c), due, instant(n.ExpiresAt), until),
				"GitHub names no expiry for this token. Whoever gets hold of a token without an expiry can use it for ever, so CloudMonitor asks for a new one 90 days "+
					"after it was pasted. The connector goes on working meanwhile.",
				credential(c), replace(c)),
		}
	}
	return Mail{
		Subject: subject(fmt.Sprintf("GitHub token for %%s expires in %s", days(n.DaysLeft)), c),
		Body: letter(
			fmt.Sprintf("The GitHub token with which CloudMonitor reads the Copilot usage of %s expires on %s: in %s.\nAfter that no usage, seats or cost come in until it is replaced.",
				account(c), instant(n.ExpiresAt), days(n.DaysLeft)),
			credential(c), replace(c)),
	}
}

// subject puts the account's name into a subject, shortened where it does not fit. The name is ASCII: GitHub's are.
func subject(format string, c *connector.Connector) string {
	room := maxSubject - len(fmt.Sprintf(format, ""))
	name := c.Slug
	if len(name) > room {
		name = name[:room-3] + "..."
	}
	return fmt.Sprintf(format, name)
}

func letter(paragraphs ...string) string { return strings.Join(paragraphs, "\n\n") + "\n" }

func account(c *connector.Connector) string {
	return fmt.Sprintf("the GitHub %s %q", c.Scope, c.Slug)
}

func instant(at time.Time) string { return at.UTC().Format("2 January 2006, 15:04 UTC") }

func days(n int) string {
	switch n {
	case 0:
		return "less than a day"
	case 1:
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// credential says whose token it is. The fingerprint is that of a digest, of which nothing of the token can be told.
func credential(c *connector.Connector) string {
	kind := "classic personal access token"
	if c.Credential.Kind == connector.FineGrainedPAT {
		kind = "fine-grained personal access token"
	}
	owner := "@" + c.Credential.Login
	if c.Credential.Login == "" {
		owner = "somebody GitHub has not named"
	}
	return fmt.Sprintf("Token:   a %s of %s, fingerprint %s, in use since %s\nAccount: %s %s on %s\nTenant:  %s",
		kind, owner, c.Credential.Fingerprint, c.Credential.RotatedAt.UTC().Format("2 January 2006"), c.Scope, c.Slug, c.Host, c.Tenant)
}

const page = "CloudMonitor's Admin App -> Settings -> AI providers -> GitHub Copilot"

func where(c *connector.Connector) string {
	return fmt.Sprintf("The connector is in %s -> %s.", page, c.Slug)
}

// replace lists the steps to a new token, with exactly what this connector needs.
func replace(c *connector.Connector) string {
	settings := fmt.Sprintf("https://%s/settings/tokens", c.Host)
	var who, form string
	switch {
	case c.Scope == connector.Enterprise:
		who = "an owner or billing manager of the enterprise"
		form = fmt.Sprintf("open %s/new (a classic token: fine-grained ones cannot read an enterprise)\n   and tick %s. Tick nothing else.",
			settings, scopes(c, "read:enterprise", "manage_billing:enterprise"))
	case c.Credential.Kind == connector.FineGrainedPAT:
		settings = fmt.Sprintf("https://%s/settings/personal-access-tokens", c.Host)
		who = "an owner of the organization"
		form = fmt.Sprintf("open %s/new, choose %s as resource owner\n   and add these organization permissions, all read-only: %s. Add nothing else.", settings, c.Slug, permissions(c))
	default:
		who = "an owner of the organization"
		form = fmt.Sprintf("open %s/new\n   and tick %s. Tick nothing else.", settings, scopes(c, "read:org", "manage_billing:copilot"))
	}
	return fmt.Sprintf("What to do, in five minutes:\n"+
		"1. As %s, %s\n"+
		"2. Choose an expiration of 90 days or less and generate the token. Where single sign-on is in use, press \"Configure SSO\" beside it and authorise it.\n"+
		"3. Open %s -> %s -> Rotate token, and paste it.\n"+
		"   It is checked before it takes the old one's place. No day is lost.\n"+
		"4. Delete the old token at %s.", who, form, page, c.Slug, settings)
}

// scopes names what opens usage and seats, and what opens billed credits where the present token reads them.
func scopes(c *connector.Connector, usage, billing string) string {
	if c.Granted.Billing == connector.CapabilityOK && hasScope(c, billing) {
		return fmt.Sprintf("the scopes %s and %s", usage, billing)
	}
	return "the scope " + usage
}

func hasScope(c *connector.Connector, scope string) bool {
	for _, s := range c.Credential.Scopes {
		if s == scope {
			return true
		}
	}
	return false
}

func permissions(c *connector.Connector) string {
	list := []string{`"Organization Copilot metrics"`, `"GitHub Copilot Business"`}
	if c.Granted.Billing == connector.CapabilityOK {
		list = append(list, `"Administration" (for billed AI credits)`)
	}
	return strings.Join(list, ", ")
}
