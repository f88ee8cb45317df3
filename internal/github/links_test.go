package github

import (
	"net/url"
	"strings"
	"testing"
)

var (
	onGitHubCom = linkPolicy{host: "github.com"}
	onAcme      = linkPolicy{host: "acme.ghe.com"}
	onLoopback  = linkPolicy{host: "github.com", loopback: true}
)

func allows(p linkPolicy, link string) bool {
	u, err := url.Parse(link)
	return err == nil && p.check(u) == nil
}

func TestReportLinksLeadToGitHubsReportHostsOnly(t *testing.T) {
	for link, want := range map[string]bool{
		"https://copilot-reports.github.com/a/b.json?sig=x":   true,
		"https://copilot-reports.github.com:443/a":            true,
		"HTTPS://Copilot-Reports.GitHub.COM/a":                true,
		"https://copilot-reports-x.b01.azurefd.net/a":         true,
		"https://copilot-reports-prod-e2f.b01.azurefd.net/a":  true,
		"https://x.blob.core.windows.net/c/b":                 true,
		"https://copilotprod01.blob.core.windows.net/c/b?se=": true,

		"http://copilot-reports.github.com/a":                        false,
		"file:///etc/passwd":                                         false,
		"file://copilot-reports.github.com/etc/passwd":               false,
		"ftp://copilot-reports.github.com/a":                         false,
		"gopher://copilot-reports.github.com/a":                      false,
		"//copilot-reports.github.com/a":                             false,
		"copilot-reports.github.com/a":                               false,
		"https:copilot-reports.github.com":                           false,
		"https:///copilot-reports.github.com":                        false,
		"":                                                           false,
		"https://copilot-reports.github.com:8443/a":                  false,
		"https://copilot-reports.github.com:80/a":                    false,
		"https://copilot-reports.github.com:0443/a":                  false,
		"https://copilot-reports.github.com@evil.example/a":          false,
		"https://copilot-reports.github.com@evil":                    false,
		"https://user:pass@copilot-reports.github.com/a":             false,
		"https://@copilot-reports.github.com/a":                      false,
		"https://copilot-reports.github.com.evil.example/a":          false,
		"https://copilot-reports.github.com./a":                      false,
		"https://x.copilot-reports.github.com/a":                     false,
		"https://xcopilot-reports.github.com/a":                      false,
		"https://github.com/a":                                       false,
		"https://api.github.com/a":                                   false,
		"https://copilot-reports.acme.ghe.com/a":                     false,
		"https://copilot-reports.b01.azurefd.net/a":                  false,
		"https://copilot-reports-.b01.azurefd.net/a":                 false,
		"https://copilot-reports-x.y.b01.azurefd.net/a":              false,
		"https://copilot-reports-x.b02.azurefd.net/a":                false,
		"https://copilot-reports-x.azurefd.net/a":                    false,
		"https://copilot-reports-x_.b01.azurefd.net/a":               false,
		"https://evil-copilot-reports-x.b01.azurefd.net/a":           false,
		"https://copilot-reports-x.b01.azurefd.net.evil.example/a":   false,
		"https://blob.core.windows.net/a":                            false,
		"https://.blob.core.windows.net/a":                           false,
		"https://evilblob.core.windows.net/a":                        false,
		"https://x.y.blob.core.windows.net/a":                        false,
		"https://x.blob.core.windows.net./a":                         false,
		"https://x.blob.core.windows.net.evil.example/a":             false,
		"https://x.file.core.windows.net/a":                          false,
		"https://evil.example/copilot-reports.github.com":            false,
		"https://evil.example?copilot-reports.github.com":            false,
		"https://evil.example#.blob.core.windows.net":                false,
		"https://evil.example\\.blob.core.windows.net/a":             false,
		"https://evil.example%2f.blob.core.windows.net/a":            false,
		"https://evil.example%00.blob.core.windows.net/a":            false,
		"https://copilot-reports.gıthub.com/a":                       false,
		"https://copilot-reports.xn--gthub-cza.com/a":                false,
		"https://copilot‐reports.github.com/a":                       false,
		"https://copilot-reports。github。com/a":                       false,
		"https://ä.blob.core.windows.net/a":                          false,
		"https://169.254.169.254/latest/meta-data/":                  false,
		"https://127.0.0.1/a":                                        false,
		"https://[::1]/a":                                            false,
		"https://localhost/a":                                        false,
		"http://127.0.0.1:8080/a":                                    false,
		"https://10.0.0.1/a":                                         false,
		"https://2852039166/a":                                       false,
		"https://[::ffff:169.254.169.254]/a":                         false,
		"https://copilot-reports.github.com\t.evil.example/a":        false,
		"https://copilot-reports.github.com evil.example/a":          false,
		"javascript:alert(1)//https://copilot-reports.github.com/a":  false,
		"https://copilot-reports.github.com%40evil.example/a":        false,
		"https://copilot-reports.github.com\\@evil.example/a":        false,
		"https://evil.example/?x=https://copilot-reports.github.com": false,
	} {
		if got := allows(onGitHubCom, link); got != want {
			t.Errorf("%q: %v, want %v", link, got, want)
		}
	}
}

func TestAnAccountWithDataResidencyHasItsOwnReportHost(t *testing.T) {
	for link, want := range map[string]bool{
		"https://copilot-reports.acme.ghe.com/a":      true,
		"https://copilot-reports-x.b01.azurefd.net/a": true,
		"https://x.blob.core.windows.net/a":           true,
		"https://copilot-reports.other.ghe.com/a":     false,
		"https://copilot-reports.ghe.com/a":           false,
		"https://copilot-reports.github.com/a":        false,
		"https://copilot-reports.acme.ghe.com.evil/a": false,
	} {
		if got := allows(onAcme, link); got != want {
			t.Errorf("%q: %v, want %v", link, got, want)
		}
	}
}

func TestLinksToLoopbackAreForAnAPIOnLoopbackOnly(t *testing.T) {
	for link, want := range map[string]bool{
		"http://127.0.0.1:8080/a":                   true,
		"http://127.8.8.8/a":                        true,
		"https://127.0.0.1:9/a":                     true,
		"http://[::1]:8080/a":                       true,
		"http://localhost:1/a":                      true,
		"https://copilot-reports.github.com/a":      true,
		"http://user@127.0.0.1/a":                   false,
		"ftp://127.0.0.1/a":                         false,
		"http://localhost.evil.example/a":           false,
		"http://127.0.0.1.evil.example/a":           false,
		"http://copilot-reports.github.com/a":       false,
		"http://169.254.169.254/latest/meta-data/":  false,
		"http://[::ffff:169.254.169.254]/":          false,
		"http://0.0.0.0/a":                          false,
		"http://10.0.0.1/a":                         false,
		"http://127.1/a":                            false,
		"https://copilot-reports.github.com:8443/a": false,
	} {
		if got := allows(onLoopback, link); got != want {
			t.Errorf("%q: %v, want %v", link, got, want)
		}
		if strings.Contains(link, "127.") && allows(onGitHubCom, link) {
			t.Errorf("%q is allowed without an API on loopback", link)
		}
	}
}
