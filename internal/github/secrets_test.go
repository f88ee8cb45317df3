package github_test

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

// everyCall makes each call of the client and returns the errors by name.
func everyCall(t *testing.T, client *github.Client, account copilot.Account) map[string]error {
	t.Helper()
	ctx := t.Context()
	errs := make(map[string]error)
	_, errs["identity"] = client.Identity(ctx)
	_, errs["organization"] = client.FindOrganization(ctx, account.Slug)
	_, errs["role"] = client.Role(ctx, account.Slug)
	_, errs["subscription"] = client.Subscription(ctx, account.Slug)
	_, _, errs["seats"] = client.Seats(ctx, account, 10)
	_, errs["credits"] = client.Credits(ctx, account, day)
	_, errs["budgets"] = client.Budgets(ctx, account)
	_, errs["usage"] = report(ctx, client, account, reports.Aggregate)
	_, errs["users"] = report(ctx, client, account, reports.PerUser)
	return errs
}

func TestEveryCallIsAVersionedGETWithTheToken(t *testing.T) {
	api := func(r *http.Request) bool { return !strings.HasPrefix(r.URL.Path, "/_reports/") }
	sim, _ := simulate(t, nil)
	gh := serve(t, sim.ServeHTTP)
	for name, err := range everyCall(t, connect(t, gh.URL), org) {
		if err != nil {
			t.Errorf("the call %s failed: %v", name, err)
		}
	}
	downloads := 0
	for _, r := range gh.seen() {
		want := map[string]string{
			"Authorization": "Bearer " + canary, "X-Github-Api-Version": "2026-03-10",
			"Accept": "application/vnd.github+json", "User-Agent": "cloudmonitor-copilot-connector",
		}
		if !api(r) {
			downloads++
			want = map[string]string{"Authorization": "", "X-Github-Api-Version": ""}
		}
		for header, value := range want {
			if got := r.Header.Get(header); got != value {
				t.Errorf("%s: %s: %q, want %q", r.URL.Path, header, got, value)
			}
		}
		if r.Method != http.MethodGet || r.ContentLength != 0 {
			t.Errorf("%s %s with %d bytes", r.Method, r.URL.Path, r.ContentLength)
		}
		if strings.Contains(fmt.Sprint(r.URL, r.Header["Referer"], r.Header["Cookie"]), canary) {
			t.Errorf("the token is in %s", r.URL)
		}
	}
	if downloads != 2 {
		t.Errorf("%d downloads", downloads)
	}
}

func TestNoErrorRepeatsTheTokenWhateverGitHubAnswers(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"in its message":      refuse(http.StatusForbidden, "no: "+canary+". "+canary+canary),
		"in a rate limit":     refuse(http.StatusTooManyRequests, canary),
		"in the status line":  hijack("HTTP/1.1 200 " + canary + "\r\nContent-Length: 0\r\n\r\n"),
		"in broken HTTP":      hijack(canary + " " + canary + "\r\n\r\n"),
		"in a broken header":  hijack("HTTP/1.1 200 OK\r\n" + canary + "\r\n\r\n"),
		"in a redirect":       respond(http.StatusFound, "", "Location", "https://evil.example/"+canary),
		"in a bad redirect":   respond(http.StatusFound, "", "Location", "https://[evil "+canary),
		"in its permissions":  refuse(http.StatusForbidden, "no", "X-Accepted-GitHub-Permissions", canary),
		"in a body":           respond(http.StatusOK, canary),
		"in a sentence":       respond(http.StatusOK, `"`+canary+`"`),
		"in a login":          respond(http.StatusOK, `{"login":"`+canary+`"}`, "X-OAuth-Scopes", canary),
		"in a download link":  respond(http.StatusOK, `{"download_links":["https://`+canary+`.evil.example/"]}`),
		"in an unusable link": respond(http.StatusOK, `{"download_links":["https://[`+canary+`"]}`),
	} {
		t.Run(name, func(t *testing.T) {
			client := answering(t, handler)
			for _, err := range everyCall(t, client, org) {
				check(t, err, fault.CodeOf(err))
				if e, ok := errors.AsType[*fault.Error](err); ok && strings.Contains(fmt.Sprintf("%+v", *e), canary) {
					t.Errorf("the token is in %+v", *e)
				}
			}
			if identity, _ := client.Identity(t.Context()); strings.Contains(fmt.Sprint(identity), canary) {
				t.Errorf("the token is in %+v", identity)
			}
			for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
				if strings.Contains(fmt.Sprintf(verb, client), canary) {
					t.Errorf("%s prints the token", verb)
				}
			}
		})
	}
}

// hijack answers with raw bytes instead of HTTP.
func hijack(bytes string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = conn.Write([]byte(bytes))
		_ = conn.Close()
	}
}

func TestNoErrorRepeatsASignedAddress(t *testing.T) {
	address := func(rec *recorder) string { return rec.URL + "/a?se=2026&sig=CANARY" }
	closed := serve(t, nil)
	closed.Close()
	for name, link := range map[string]string{
		"nobody listens":        address(closed),
		"untrusted certificate": address(serveTLS(t, respond(200, row))),
		"TLS to plain HTTP":     strings.Replace(address(serve(t, respond(200, row))), "http:", "https:", 1),
		"hung up":               address(serve(t, hangUp)),
		"broken HTTP":           address(serve(t, hijack("/a?sig=CANARY\r\n\r\n"))),
		"cut body":              address(serve(t, cut(row, "Content-Length", "1000"))),
		"refused":               address(serve(t, respond(403, "sig=CANARY"))),
		"status line":           address(serve(t, hijack("HTTP/1.1 403 sig=CANARY\r\nContent-Length: 0\r\n\r\n"))),
		"not a URL":             "http://127.0.0.1:1/%zz?sig=CANARY",
		"port out of range":     "http://127.0.0.1:99999/?sig=CANARY",
	} {
		t.Run(name, func(t *testing.T) {
			body, _ := json.Marshal(map[string]any{"download_links": []string{link}})
			_, err := report(t.Context(), answering(t, respond(200, string(body))), org, reports.PerUser)
			if err == nil {
				t.Fatal("no error")
			}
			check(t, err, fault.CodeOf(err))
		})
	}
	_, err := answering(t, refuse(403, "no access to https://copilot-reports.github.com/a?sig=CANARY")).FindOrganization(t.Context(), org.Slug)
	check(t, err, fault.Refused)
	for name, cause := range map[string]error{
		"no such host": &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "x?sig=CANARY", IsNotFound: true}},
		"certificate":  &tls.CertificateVerificationError{Err: errors.New("sig=CANARY")},
		"time-out":     timeout{},
		"anything":     errors.New("stream error; a sig=CANARY"),
	} {
		t.Run(name, func(t *testing.T) {
			client := over(t, copilot.GitHubCom, func(req *http.Request) (*http.Response, error) {
				if req.URL.Host == "api.github.com" {
					return answer(req, respond(200, `{"download_links":["https://copilot-reports.github.com/a?sig=CANARY"]}`)), nil
				}
				return nil, cause
			})
			_, err := report(t.Context(), client, org, reports.PerUser)
			check(t, err, fault.ReportHost)
		})
	}
}
