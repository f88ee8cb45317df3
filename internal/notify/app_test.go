package notify_test

import (
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	"cloudmonitor.ai/copilot-connector/internal/remind"
)

func TestPeopleAreToldTheAgeOfAnAppsKey(t *testing.T) {
	t.Parallel()
	pasted := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	c := &connector.Connector{
		Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo-app"},
		Credential: connector.Credential{
			Kind: credential.GitHubApp, RotatedAt: pasted, KeyFingerprint: "SHA256:abc=",
			App: &credential.Installation{Slug: "reader", Settings: "https://github.com/organizations/octo-app/settings/apps/reader"},
		},
	}
	var told []int
	for day := range 370 {
		at := pasted.Add(time.Duration(day) * 24 * time.Hour)
		notice, _, due := remind.Due(c, at)
		if !due {
			continue
		}
		told = append(told, notice.DaysLeft)
		if notice.Kind != connector.NoticeKeyAge {
			t.Errorf("%d days before, the notice is %s", notice.DaysLeft, notice.Kind)
		}
		mail := notify.Compose(c, notice)
		for _, word := range []string{"octo-app", "SHA256:abc=", "year", "28 November 2026", "https://github.com/organizations/octo-app/settings/apps/reader"} {
			if !strings.Contains(mail.Body, word) {
				t.Errorf("%d days before: the mail does not name %q:\n%s", notice.DaysLeft, word, mail.Body)
			}
		}
		if text := strings.ToLower(mail.Subject + mail.Body); strings.Contains(text, "expire") || strings.Contains(text, "token") {
			t.Errorf("the mail says that a token expires:\n%s\n%s", mail.Subject, mail.Body)
		}
	}
	if len(told) == 0 || told[0] != 14 {
		t.Errorf("notices were sent with %v days left", told)
	}
}
