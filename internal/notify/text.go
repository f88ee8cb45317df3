package notify

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Mail is a mail in plain text.
type Mail struct {
	Subject    string // ASCII, one line, within SNS's limit
	Body       string
	To         []string          // the connector's recipients; besides operations nobody else may get it
	Leavers    bool              // people who were recipients may still be subscribed
	Attributes map[string]string // for programs that subscribe to the topic: tenant, connector and kind
}

// maxSubject is below SNS's limit of 100 characters.
const maxSubject = 99

// Compose writes the mail of a notice: what is wrong, since or until when, what to do, and where. It names nobody where the
// connector's people are not named.
func Compose(c *connector.Connector, n connector.Notice) Mail {
	mail := words(c, n)
	mail.Subject, mail.Body = c.Veil().Text(mail.Subject), c.Veil().Text(mail.Body)
	mail.To, mail.Leavers = c.NotifyEmails, !c.LeaversUntil.IsZero()
	mail.Attributes = map[string]string{"tenant": c.Tenant, "connector": c.ID, "kind": string(n.Kind)}
	return mail
}

func words(c *connector.Connector, n connector.Notice) Mail {
	switch n.Kind {
	case connector.NoticeKeyAge:
		return keyAge(c, n)
	case connector.NoticeExpires:
		if _, byPolicy := c.Credential.Expiry(); byPolicy {
			return due(c, n)
		}
		return Mail{
			Subject: subject("GitHub token for %s expires in "+days(n.DaysLeft), c),
			Body: letter(
				fmt.Sprintf("The GitHub token with which CloudMonitor reads the Copilot usage of %s expires in %s, on %s. "+
					"After that no usage, seats or cost come in until it is replaced.", account(c), days(n.DaysLeft), instant(n.ExpiresAt)),
				whose(c), replacement(c)),
		}
	case connector.NoticeExpired:
		return Mail{
			Subject: subject("GitHub token expired: no Copilot data for %s", c),
			Body: letter(
				fmt.Sprintf("The GitHub token with which CloudMonitor reads the Copilot usage of %s expired on %s. "+
					"No usage, seats or cost come in until it is replaced. The days missed until then are read afterwards.", account(c), instant(n.ExpiresAt)),
				whose(c), replacement(c)),
		}
	case connector.NoticeStopped:
		return stopped(c, n)
	case connector.NoticeHealed:
		return Mail{
			Subject: subject("GitHub Copilot data is back for %s", c),
			Body: letter(
				fmt.Sprintf("CloudMonitor reads the Copilot usage of %s again. There is nothing to do: the days missed meanwhile are read as far as GitHub still has them.",
					account(c)),
				where(c)),
		}
	case connector.NoticeLost:
		return lost(c, n)
	case connector.NoticeUnreadable:
		return unreadable(c, n)
	case connector.NoticeMissing:
	}
	return missing(c, n)
}

// missing writes the mail about days for which GitHub has no report.
func missing(c *connector.Connector, n connector.Notice) Mail {
	return Mail{
		Subject: subject("GitHub has no Copilot report for "+days(len(n.Days))+" of %s", c),
		Body: letter(
			fmt.Sprintf("GitHub has no usage report of %s for %s, and none is expected any more: GitHub promises a day's report within two days, and more than eight have gone by.",
				account(c), calendar.ListDates(n.Days)),
			"In CloudMonitor such a day stays empty, which is not the same as zero. If GitHub delivers the report within the next weeks, CloudMonitor reads it.",
			"If people did use Copilot then, tell GitHub Support the account and the day.",
			where(c)),
	}
}

// due writes the mail that asks for a new token in place of one that never expires.
func due(c *connector.Connector, n connector.Notice) Mail {
	mail := Mail{Subject: subject("Replace the GitHub token for %s within "+days(n.DaysLeft), c)}
	when := fmt.Sprintf("should be replaced within %s, by %s", days(n.DaysLeft), instant(n.ExpiresAt))
	if !n.ExpiresAt.After(n.At) {
		mail.Subject = subject("Replace the GitHub token for %s now", c)
		when = fmt.Sprintf("should have been replaced by %s", instant(n.ExpiresAt))
	}
	mail.Body = letter(
		fmt.Sprintf("The GitHub token with which CloudMonitor reads the Copilot usage of %s %s.", account(c), when),
		whyReplace(c.Credential),
		whose(c), replacement(c))
	return mail
}

// whyReplace says why we ask for a new token although GitHub's expiry does not require one.
func whyReplace(c connector.Credential) string {
	switch {
	case c.ExpiryUnreadable:
		return "Why: GitHub names an expiry date for the token in a form that CloudMonitor does not understand, so it may expire before or after this date. " +
			"Look the date up where the token was made. CloudMonitor asks for another one 90 days after it was pasted."
	case c.ExpiryDisproved:
		return "Why: GitHub names an expiry date for the token that is over, and accepts the token all the same, so nobody can tell when it ends. " +
			"CloudMonitor asks for another one 90 days after it was pasted."
	}
	return "Why: the token has no expiry date at GitHub, so whoever gets hold of it can use it for ever. CloudMonitor therefore asks for another one 90 days after it was pasted. " +
		"Until then, and also after that, the connector goes on working."
}

func stopped(c *connector.Connector, n connector.Notice) Mail {
	mail := Mail{Subject: subject("GitHub Copilot data has stopped for %s", c)}
	opening := fmt.Sprintf("CloudMonitor cannot read the Copilot usage of %s any more.", account(c))
	if c.Status == connector.StatusExpired && !c.Credential.Kind.IsApp() {
		mail.Body = letter(
			opening+" The token has expired, was revoked, or is no longer in CloudMonitor's vault. "+
				"No usage, seats or cost come in until it is replaced. The days missed until then are read afterwards.",
			whose(c), replacement(c))
		return mail
	}
	mail.Body = letter(
		opening,
		"Why: "+oneLine(n.Reason, maxReason),
		"The connector goes on trying each day, and another mail says when it works again. The days missed until then are read afterwards, as far as GitHub still has them.",
		whose(c),
		again(c))
	return mail
}

// subject returns a subject with the account's name, shortened if it does not fit. GitHub's names are ASCII.
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

func where(c *connector.Connector) string {
	return fmt.Sprintf("The connector is in %s (tenant %s).", place(c), c.Tenant)
}

func place(c *connector.Connector) string {
	return "CloudMonitor's Admin App -> Settings -> AI providers -> GitHub Copilot -> " + c.Slug
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

// The limits for texts from outside.
const (
	maxReason = 2000
	maxLogin  = 100
)

var (
	urlQuery  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(://[^\s?#]*)[?#]\S*`) })
	anyToken  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b(?:gh[a-z]|github_pat)_[\w.-]+`) })
	invisible = func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}
)

// oneLine makes a text from GitHub safe to quote: it becomes one line, so that it cannot look like a line of ours, and loses
// everything that may be a signed link or a token.
func oneLine(words string, most int) string {
	words = strings.Join(strings.Fields(strings.Map(invisible, words)), " ")
	words = anyToken().ReplaceAllString(urlQuery().ReplaceAllString(words, "$1"), "[token]")
	if runes := []rune(words); len(runes) > most {
		words = string(runes[:most]) + "..."
	}
	return words
}
