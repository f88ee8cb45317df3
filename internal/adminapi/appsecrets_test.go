//go:build !race

package adminapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/queue/inprocess"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

// bearers are the JWTs and installation tokens that reach GitHub.
type bearers struct {
	mu   sync.Mutex
	seen map[string]bool
}

func (b *bearers) of(r *http.Request) string {
	_, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen[value] = true
	return value
}

// parts returns a piece of each, and of the pasted key as it is pasted and as it is stored.
func (b *bearers) parts() (parts []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for value := range b.seen {
		if len(value) > 48 {
			parts = append(parts, value[len(value)-40:])
		}
	}
	return append(parts, keyParts()...)
}

// recorded is a queue that keeps what was sent.
type recorded struct {
	*inprocess.Queue
	mu   sync.Mutex
	sent string
}

func (q *recorded) Send(ctx context.Context, tasks ...connector.Task) error {
	q.mu.Lock()
	q.sent += inJSON(tasks)
	q.mu.Unlock()
	return q.Queue.Send(ctx, tasks...)
}

// An App's key, the JWTs that it signs and the tokens that it gets are nowhere but in the vault and in requests to GitHub: also if what
// answers in GitHub's place says them back in its refusals.
func TestNoSecretOfAnAppIsInAnySink(t *testing.T) {
	t.Parallel()
	const nowhere = "nowhere"
	for _, echo := range []string{nowhere, "/app", "/access_tokens", "/reports/", "/billing/seats"} {
		t.Run(strings.ReplaceAll(echo, "/", "-"), func(t *testing.T) {
			t.Parallel()
			a := prepare(t)
			queue := &recorded{Queue: a.tasks}
			a.lifecycle.Queue = queue
			a.serve()
			secrets, echoes := &bearers{seen: map[string]bool{}}, false
			a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				value := secrets.of(r)
				if !echoes || !strings.Contains(r.URL.Path, echo) {
					return false
				}
				w.Header().Set("X-Accepted-Github-Permissions", value)
				w.WriteHeader(http.StatusForbidden)
				_, _ = fmt.Fprintf(w, `{"message":"Resource not accessible by %s, see https://example.com/?token=%[1]s"}`, value) //nolint:gosec // a test's GitHub, which nobody shows
				return true
			})
			var answers strings.Builder
			ask := func(method, path, body string) answer {
				got := a.send(method, path, body)
				_, _ = io.WriteString(&answers, string(got.body)+"\n")
				return got
			}
			form := appForm(githubsim.AppScenarios()[0])
			path := ask(http.MethodPost, tenant+"/connectors", form).header.Get("Location")
			if path == "" {
				t.Fatalf("not saved: %s", answers.String())
			}
			a.drain()
			echoes = echo != nowhere
			ask(http.MethodPost, tenant+"/verify", form)
			ask(http.MethodPut, path+"/credential", `{"app":`+form[strings.Index(form, `{"clientId"`):strings.Index(form, `},`)]+`}}`)
			a.Set(noon.AddDate(0, 0, 1))
			ask(http.MethodPost, path+"/poll", "")
			a.drain()
			for _, route := range []string{"", "/audit", "/usage", "/users", "/seats", "/cost"} {
				ask(http.MethodGet, path+route, "")
			}
			sinks := map[string]string{
				"answers": answers.String(), "log": a.Log.String(), "queue": queue.sent, "mails": fmt.Sprintf("%+v %+v", a.Post.ToOperators, a.Post.ToRecipients),
				"store": readAll(t, filepath.Join(a.Folder, "*.db")),
			}
			ask(http.MethodDelete, path, "")
			a.drain()
			sinks["vault after the deletion"] = readAll(t, filepath.Join(a.Folder, assembled.TokensFolder, "*"))
			if !strings.Contains(sinks["store"], "octo-app") || !strings.Contains(sinks["queue"], "acme") || sinks["log"] == "" {
				t.Fatal("a sink is not looked at")
			}
			parts := secrets.parts()
			if len(parts) < len(keyParts())+2 {
				t.Fatalf("only %d secrets were seen", len(parts))
			}
			for where, text := range sinks {
				for _, part := range parts {
					if strings.Contains(text, part) {
						t.Errorf("%s: a secret is in the %s", echo, where)
					}
				}
				if strings.Contains(text, "ghs_") {
					t.Errorf("%s: the beginning of a token is in the %s", echo, where)
				}
			}
		})
	}
}

func readAll(t *testing.T, pattern string) string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
