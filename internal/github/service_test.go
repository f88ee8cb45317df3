package github_test

import (
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
)

func TestTheAPIFollowsTheAccountsHostUnlessItIsSet(t *testing.T) {
	for apiURL, want := range map[string]struct{ gitHubCom, acme string }{
		"":                         {"https://api.github.com/user", "https://api.acme.ghe.com/user"},
		"https://api.github.com":   {"https://api.github.com/user", "https://api.acme.ghe.com/user"},
		"https://api.github.com/":  {"https://api.github.com/user", "https://api.acme.ghe.com/user"},
		"https://api.acme.ghe.com": {"https://api.github.com/user", "https://api.acme.ghe.com/user"},
		"http://127.0.0.1:8080":    {"http://127.0.0.1:8080/user", "http://127.0.0.1:8080/user"},
		"http://localhost:8080/":   {"http://localhost:8080/user", "http://localhost:8080/user"},
		"http://[::1]:8080":        {"http://[::1]:8080/user", "http://[::1]:8080/user"},
		"https://gh.test/api/v3":   {"https://gh.test/api/v3/user", "https://gh.test/api/v3/user"},
		"https://gh.test/a/":       {"https://gh.test/a/user", "https://gh.test/a/user"},
	} {
		service, err := github.NewService(apiURL, clock)
		if err != nil {
			t.Errorf("the setting %q is refused: %v", apiURL, err)
			continue
		}
		for host, want := range map[string]string{copilot.GitHubCom: want.gitHubCom, "acme.ghe.com": want.acme} {
			var asked string
			service.Over(transport(func(req *http.Request) (*http.Response, error) {
				asked = req.URL.String()
				return answer(req, respond(http.StatusOK, octocat)), nil
			}))
			_, err := service.Connect(host, credential.NewToken(canary)).Identity(t.Context())
			if check(t, err, ""); asked != want {
				t.Errorf("%q, account on %s: called %s, want %s", apiURL, host, asked, want)
			}
		}
	}
}

func TestAnAPIThatCouldLeakTheTokenIsRefused(t *testing.T) {
	for _, apiURL := range []string{
		"http://api.github.com", "http://10.0.0.1:8080", "http://127.0.0.1.evil.example", "http://localhost.evil.example",
		"http://user:CANARY@127.0.0.1", "https://CANARY@api.github.com", "https://gh.test?sig=CANARY", "https://gh.test#CANARY",
		"ftp://127.0.0.1", "file:///etc/CANARY", "127.0.0.1:8080", "api.github.com", "https://", "https://:443", "https:api.github.com",
		"://CANARY", "https://gh.test/%zzCANARY", "https://gh test", "CANARY", " ",
	} {
		service, err := github.NewService(apiURL, clock)
		if err == nil || service != nil {
			t.Errorf("%q is accepted", apiURL)
			continue
		}
		if text := err.Error(); !strings.HasPrefix(text, "GITHUB_API_URL ") || strings.Contains(text, "CANARY") {
			t.Errorf("the setting %q gives the error %v", apiURL, err)
		}
	}
}

func TestAnAPIElsewhereAllowsNoLinksToLoopback(t *testing.T) {
	service, err := github.NewService("https://gh.test", clock)
	if err != nil {
		t.Fatal(err)
	}
	service.Over(transport(func(req *http.Request) (*http.Response, error) {
		if req.URL.Host != "gh.test" {
			t.Errorf("called %s", req.URL.Host)
		}
		return answer(req, respond(http.StatusOK, `{"download_links":["http://127.0.0.1:9001/a"]}`)), nil
	}))
	_, err = report(t.Context(), service.Connect(copilot.GitHubCom, credential.NewToken(canary)), org, "users")
	check(t, err, fault.ReportBroken)
}
