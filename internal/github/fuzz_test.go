package github

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func FuzzEnvelope(f *testing.F) {
	for _, seed := range []string{
		`{"download_links":["https://copilot-reports.github.com/a?sig=x"],"report_day":"2026-11-20"}`,
		`{"download_links":[],"report_day":"2026-11-20"}`, `{"download_links":null}`, `{"download_links":[null,1,{}]}`, `{}`,
		`"No report available for this day"`, `""`, ``, `null`, `[]`, `7`, `<html>`, `{"download_links":[`, "\xef\xbb\xbf{}",
		`{"report_day":"2026-11-19","download_links":["x"]}`, `{"Download_Links":["x"],"download_links":[]}`,
	} {
		f.Add([]byte(seed))
	}
	day, err := calendar.ParseDate("2026-11-20")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		given := slices.Clone(body)
		links, err := parseEnvelope("read", body, day)
		if !slices.Equal(given, body) {
			t.Error("the body was changed")
		}
		known := fault.Is(err, fault.NoReport, fault.Unexpected, fault.ReportBroken)
		switch {
		case err != nil && (!known || links != nil):
			t.Errorf("%d links: %v", len(links), err)
		case err == nil && (len(links) == 0 || len(links) > maxLinks):
			t.Errorf("%d links without an error", len(links))
		}
	})
}

// The allowed hosts are written here a second time, in another way than in the code.
var reportHost = regexp.MustCompile(`^(?:copilot-reports\.(?:github\.com|acme\.ghe\.com)|` +
	`copilot-reports-[^./:@]+\.b01\.azurefd\.net|[^./:@]+\.blob\.core\.windows\.net)$`)

func FuzzLinkPolicy(f *testing.F) {
	for _, seed := range []string{
		"https://copilot-reports.github.com/a?sig=x", "https://copilot-reports-x.b01.azurefd.net", "https://x.blob.core.windows.net:443/",
		"https://copilot-reports.acme.ghe.com", "https://copilot-reports.github.com@evil", "http://127.0.0.1/", "https://[::1]/", `https://a\b.blob.core.windows.net`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, link string) {
		u, err := url.Parse(link)
		if err != nil {
			return
		}
		for _, policy := range []linkPolicy{onGitHubCom, onAcme} {
			if policy.check(u) != nil {
				continue
			}
			host := strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(u.Host, ":443"), ":"))
			if u.Scheme != "https" || u.User != nil || u.Opaque != "" || !reportHost.MatchString(host) {
				t.Errorf("%q is allowed", link)
			}
		}
	})
}
