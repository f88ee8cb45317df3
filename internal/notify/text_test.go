package notify_test

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// octoDemo returns a connector with a classic token that expires in a fortnight.
func octoDemo() *connector.Connector {
	ok := access.OK
	return &connector.Connector{
		Ref:      connector.Ref{Tenant: "acme", ID: "abcdefghijklmnopqrst"},
		Provider: connector.GitHubCopilot,
		Account:  copilot.Account{Host: "github.com", Scope: copilot.Organization, Slug: "octo-demo"},
		Settings: connector.Settings{NotifyEmails: []string{"a@example.com"}},
		Credential: connector.Credential{
			Kind: credential.ClassicPAT, Login: "octo-owner", Scopes: []string{"manage_billing:copilot", "read:org"},
			ExpiresAt: new(noon.Add(14*24*time.Hour + time.Hour)), Fingerprint: "sha256:1a2b3c4d5e6f", RotatedAt: noon.AddDate(0, 0, -76),
		},
		Progress: connector.Progress{Granted: access.Capabilities{Usage: ok, Users: ok, Seats: ok, Billing: access.Denied}},
	}
}

// testdata has each mail as its recipient reads it.
func TestTheTextsOfTheMails(t *testing.T) {
	expires := func(c *connector.Connector, daysLeft int) connector.Notice {
		at, _ := c.Credential.Expiry()
		return connector.Notice{Kind: connector.NoticeExpires, At: noon, ExpiresAt: at, DaysLeft: daysLeft}
	}
	billing := octoDemo()
	billing.Granted.Billing = access.OK
	fineGrained := octoDemo()
	fineGrained.Credential.Kind, fineGrained.Credential.Scopes = credential.FineGrainedPAT, nil
	fineGrainedBilling := octoDemo()
	fineGrainedBilling.Credential, fineGrainedBilling.Granted = fineGrained.Credential, billing.Granted
	enterprise := octoDemo()
	enterprise.Scope, enterprise.Slug, enterprise.Host = copilot.Enterprise, "octo-enterprise", "octo.ghe.com"
	enterprise.Credential.Scopes = []string{"read:enterprise"}
	enterpriseBilling := octoDemo()
	enterpriseBilling.Account, enterpriseBilling.Granted = enterprise.Account, billing.Granted
	enterpriseBilling.Credential.Scopes = []string{"admin:enterprise"}
	usageScope := octoDemo() // here this scope also reads the billed credits
	usageScope.Granted, usageScope.Credential.Scopes = billing.Granted, []string{"read:org"}
	refused := octoDemo()
	refused.Status, refused.Credential.Login = connector.StatusExpired, ""
	unlimited := octoDemo()
	unlimited.Credential.ExpiresAt = nil
	outlived := octoDemo()
	outlived.Credential.ExpiresAt, outlived.Credential.ExpiryDisproved = nil, true
	long := octoDemo()
	long.Slug = strings.Repeat("octo-", 19) + "demo"

	for name, mail := range map[string]notify.Mail{
		"classic":                   notify.Compose(octoDemo(), expires(octoDemo(), 14)),
		"last-day":                  notify.Compose(octoDemo(), expires(octoDemo(), 1)),
		"with-billing":              notify.Compose(billing, expires(billing, 7)),
		"fine-grained":              notify.Compose(fineGrained, expires(fineGrained, 3)),
		"fine-grained-with-billing": notify.Compose(fineGrainedBilling, expires(fineGrainedBilling, 0)),
		"enterprise-with-billing":   notify.Compose(enterpriseBilling, expires(enterpriseBilling, 3)),
		"with-billing-by-usage":     notify.Compose(usageScope, expires(usageScope, 7)),
		"enterprise":                notify.Compose(enterprise, expires(enterprise, 14)),
		"no-expiry":                 notify.Compose(unlimited, expires(unlimited, 14)),
		"expiry-disproved":          notify.Compose(outlived, expires(outlived, 14)),
		"no-expiry-overdue": notify.Compose(unlimited, connector.Notice{
			Kind: connector.NoticeExpires, At: noon.AddDate(0, 0, 20), ExpiresAt: noon.AddDate(0, 0, 14),
		}),
		"long-name": notify.Compose(long, expires(long, 14)),
		"expired":   notify.Compose(octoDemo(), connector.Notice{Kind: connector.NoticeExpired, At: noon, ExpiresAt: noon.Add(-7 * time.Hour)}),
		"stopped": notify.Compose(octoDemo(), connector.Notice{
			Kind: connector.NoticeStopped, At: noon, Reason: `The policy "Copilot usage metrics" is off. An enterprise owner enables it.`,
		}),
		"refused":      notify.Compose(refused, connector.Notice{Kind: connector.NoticeStopped, At: noon, Reason: "GitHub refuses the token."}),
		"missing-days": notify.Compose(octoDemo(), connector.Notice{Kind: connector.NoticeMissing, At: noon, Days: calendar.LastDays(6, noon.AddDate(0, 0, -9)).Days()}),
		"lost-billing": notify.Compose(billing, connector.Notice{
			Kind: connector.NoticeLost, At: noon, Lost: access.Billing, Reason: "Resource not accessible by personal access token",
		}),
		"lost-seats-by-address": notify.Compose(octoDemo(), connector.Notice{
			Kind: connector.NoticeLost, At: noon, Lost: access.Seats, Reason: "Your IP address is not permitted.", Remedy: "An owner adds the address.",
		}),
		"lost-seats": notify.Compose(octoDemo(), connector.Notice{Kind: connector.NoticeLost, At: noon, Lost: access.Seats}),
		"unreadable": notify.Compose(octoDemo(), connector.Notice{
			Kind: connector.NoticeUnreadable, At: noon, Days: []calendar.Date{calendar.DateOf(noon) - 40, calendar.DateOf(noon) - 38},
		}),
		"healed":  notify.Compose(octoDemo(), connector.Notice{Kind: connector.NoticeHealed, At: noon}),
		"missing": notify.Compose(octoDemo(), connector.Notice{Kind: connector.NoticeMissing, At: noon, Days: []calendar.Date{calendar.DateOf(noon) - 10}}),
	} {
		t.Run(name, func(t *testing.T) {
			testworld.Golden(t, filepath.Join("testdata", name+".golden"), mail.Subject+"\n\n"+mail.Body, *update)
		})
	}
}

func TestAMailNamesNobodyUnlessPeopleAreNamed(t *testing.T) {
	t.Parallel()
	for _, mode := range []privacy.Mode{privacy.Pseudonymous, privacy.Hidden} {
		c := octoDemo()
		c.ShowPeople, c.PeopleKey = mode, privacy.NewKey()
		for _, kind := range []connector.NoticeKind{
			connector.NoticeExpires, connector.NoticeExpired, connector.NoticeStopped, connector.NoticeHealed, connector.NoticeLost,
			connector.NoticeUnreadable, connector.NoticeMissing,
		} {
			mail := notify.Compose(c, connector.Notice{
				Kind: kind, At: noon, ExpiresAt: noon, Days: []calendar.Date{1}, Lost: access.Seats,
				Reason: "octo-demo is there, but @octo-owner is not an owner (@octo-owner).", Remedy: "Ask @octo-owner.",
			})
			if text := mail.Subject + mail.Body; strings.Contains(text, "octo-owner") || !strings.Contains(text, "octo-demo") {
				t.Errorf("with people %s, the mail %s names somebody or lacks the account: %s", mode, kind, text)
			}
		}
	}
}

func TestASubjectFitsSNSWhateverTheAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := octoDemo()
		c.Slug = rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9-]{0,99}`).Draw(t, "slug")
		notice := connector.Notice{
			Kind: rapid.SampledFrom([]connector.NoticeKind{
				connector.NoticeExpires, connector.NoticeExpired, connector.NoticeStopped, connector.NoticeHealed, connector.NoticeMissing,
			}).Draw(t, "kind"),
			At: noon, ExpiresAt: noon.AddDate(0, 0, 1), DaysLeft: rapid.IntRange(0, 14).Draw(t, "left"),
		}
		mail := notify.Compose(c, notice)
		if len(mail.Subject) >= 100 || strings.ContainsFunc(mail.Subject, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }) {
			t.Errorf("%d bytes: %q", len(mail.Subject), mail.Subject)
		}
		if len(mail.Body) > 64<<10 {
			t.Errorf("the body has %d bytes", len(mail.Body))
		}
	})
}

// Text from GitHub, or from a host in its place, must stay within its line and be recognisable as a quotation.
func TestTextFromOutsideCannotPassForOurs(t *testing.T) {
	const secret = "ghp_CanarySingsInTheCoalMine0123456789ab"
	ours := strings.Count(notify.Compose(octoDemo(), stoppedFor("x")).Body, "\n")
	for _, hostile := range []string{
		"a\n\nWhat to do (it takes five minutes):\n1. Paste the token at https://evil.example",
		"a\r\nToken:   b", "a\u2028Tenant:  b", "a\u2029b", "a\vb\fc\x1b[2Jd\x00e", "\u202egnp.exe\u200b", "\xff\xfe",
		"see https://evil.example/r?sig=SIGNATURE#SIGNATURE and HTTPS://evil.example#SIGNATURE",
		"the token " + secret + " and (github_pat_" + secret[4:] + "), x-access-token:" + secret + "@github.com",
		strings.Repeat("long ", 10_000),
	} {
		c := octoDemo()
		c.Credential.Login = hostile
		mail := notify.Compose(c, stoppedFor("GitHub says: "+hostile))
		if len(mail.Subject) >= 100 || strings.ContainsFunc(mail.Subject, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }) {
			t.Errorf("%.40q gives the subject %q", hostile, mail.Subject)
		}
		if got := strings.Count(mail.Body, "\n"); got != ours || len(mail.Body) > 4<<10 {
			t.Errorf("%.40q gives %d lines and %d bytes, want %d lines:\n%s", hostile, got, len(mail.Body), ours, mail.Body)
		}
		for _, r := range mail.Body {
			if r != '\n' && !unicode.IsPrint(r) {
				t.Errorf("with %.40q the mail contains %U", hostile, r)
			}
		}
		for _, canary := range []string{"Canary", "SIGNATURE"} {
			if strings.Contains(mail.Body, canary) {
				t.Errorf("with %.40q the mail contains it:\n%s", hostile, mail.Body)
			}
		}
	}
}

func stoppedFor(reason string) connector.Notice {
	return connector.Notice{Kind: connector.NoticeStopped, At: noon, Reason: reason}
}
