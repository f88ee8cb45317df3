package github_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

// transport stands for the network.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// answer runs handler without a network.
func answer(req *http.Request, handler http.HandlerFunc) *http.Response {
	recorded := httptest.NewRecorder()
	handler(recorded, req)
	resp := recorded.Result()
	resp.Request = req
	return resp
}

// over returns a client of an account on host that sends everything through next.
func over(t *testing.T, host string, next transport) *github.Client {
	t.Helper()
	service, err := github.NewService("", clock)
	if err != nil {
		t.Fatal(err)
	}
	service.Over(next)
	return service.Connect(host, credential.NewToken(canary))
}

func TestARedirectBetweenReportHostsIsFollowedWithoutTheSignedAddress(t *testing.T) {
	final := serve(t, respond(http.StatusOK, row))
	gh := reporting(t, respond(http.StatusTemporaryRedirect, "", "Location", final.URL+"/moved?sig=CANARY2"))
	parts, err := report(t.Context(), connect(t, gh.URL), org, reports.PerUser)
	check(t, err, "")
	if diff := cmp.Diff([]string{row}, parts); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	for _, request := range slices.Concat(gh.seen()[1:], final.seen()) {
		for _, header := range []string{"Referer", "Authorization", "Cookie"} {
			if got := request.Header.Get(header); got != "" {
				t.Errorf("the request for %s has the header %s: %q", request.URL.Path, header, got)
			}
		}
	}
}

func TestARedirectFollowsTheRulesForLinks(t *testing.T) {
	for location, want := range map[string]fault.Code{
		"https://copilot-reports-x.b01.azurefd.net/b?sig=CANARY": "",
		"https://x.blob.core.windows.net/b?sig=CANARY":           "",
		"/b?sig=CANARY": "",
		"http://169.254.169.254/latest/meta-data/?sig=CANARY":       fault.ReportBroken,
		"https://evil.example/?sig=CANARY":                          fault.LinkUnknown,
		"http://copilot-reports.github.com/b?sig=CANARY":            fault.ReportBroken,
		"https://copilot-reports.github.com@evil.example/":          fault.ReportBroken,
		"http://127.0.0.1:9001/2018-06-01/runtime/":                 fault.ReportBroken,
		"file:///proc/self/environ":                                 fault.ReportBroken,
		"https://[evil?a b sig=CANARY":                              fault.ReportHost,
		"https://copilot-reports.github.com/%zz b?a sig=CANARY":     fault.ReportHost,
		"https://copilot-reports.github.com/\x7f?a=1 b&sig=CANARY ": fault.ReportHost,
	} {
		t.Run(location, func(t *testing.T) {
			var asked []string
			client := over(t, copilot.GitHubCom, func(req *http.Request) (*http.Response, error) {
				switch asked = append(asked, req.URL.Host); len(asked) {
				case 1:
					return answer(req, respond(200, `{"download_links":["https://copilot-reports.github.com/a?sig=CANARY"]}`)), nil
				case 2:
					return answer(req, respond(http.StatusFound, "", "Location", location)), nil
				}
				return answer(req, respond(http.StatusOK, row)), nil
			})
			_, err := report(t.Context(), client, org, reports.PerUser)
			check(t, err, want)
			if reached := len(asked) > 2; reached != (want == "") {
				t.Errorf("requested %q", asked)
			}
		})
	}
}

func TestALinkMayRedirectOnlyAFewTimes(t *testing.T) {
	gh := reporting(t, respond(http.StatusFound, "", "Location", "?sig=CANARY"))
	_, err := report(t.Context(), connect(t, gh.URL), org, reports.PerUser)
	check(t, err, fault.ReportBroken)
	if n := len(gh.seen()); n != 1+4 {
		t.Errorf("%d calls", n)
	}
}

func TestALinkToAnotherHostIsRefusedWithoutAConnection(t *testing.T) {
	for link, want := range map[string]fault.Code{
		"http://169.254.169.254/latest/meta-data/":            fault.ReportBroken,
		"https://evil.example/a?sig=CANARY":                   fault.LinkUnknown,
		"file:///etc/passwd":                                  fault.ReportBroken,
		"http://127.0.0.1:9001/":                              fault.ReportBroken,
		"https://copilot-reports.acme.ghe.com/a":              fault.LinkUnknown,
		"https://:" + canary + "@copilot-reports.github.com/": fault.ReportBroken,
		"https://copilot-reports-eu.github.com/a?sig=CANARY":  fault.LinkUnknown,
	} {
		var asked []string
		client := over(t, copilot.GitHubCom, func(req *http.Request) (*http.Response, error) {
			asked = append(asked, req.URL.Host)
			return answer(req, respond(200, `{"download_links":["`+link+`"]}`)), nil
		})
		_, err := report(t.Context(), client, org, reports.PerUser)
		check(t, err, want)
		if got := strings.Join(asked, " "); got != "api.github.com" {
			t.Errorf("%s: requested %s", link, got)
		}
	}
}
