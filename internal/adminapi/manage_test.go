//go:build !race

package adminapi_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// successor is another valid token of octo's owner.
const successor = "ghp_canaryTheSecond000000000000000000000"

// nextToken returns a token of octo's owner that a rotation can use.
func nextToken() githubsim.Token {
	next := octo().Tokens[0]
	next.Value, next.ExpiresAt = successor, noon.AddDate(0, 0, 85)
	return next
}

type auditAnswer struct {
	Events []struct{ Actor, Action, Detail string }
	Next   *string
}

func (a *app) audit(path string) auditAnswer {
	a.t.Helper()
	got := a.send(http.MethodGet, path, "")
	if got.status != http.StatusOK {
		a.t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	return decode[auditAnswer](a.t, got)
}

func TestTheAuditTellsAConnectorsLife(t *testing.T) {
	t.Parallel()
	a, path := saved(t, nextToken())

	a.Advance(time.Minute)
	got := a.send(http.MethodPut, path+"/token", `{"token":"`+successor+`"}`)
	if c := decode[connectorAnswer](t, got); got.status != http.StatusOK || c.Credential.DaysLeft != 84 {
		t.Errorf("rotated: %d %s, want 200", got.status, got.body)
	}
	a.drain()
	a.Advance(time.Minute)
	got = a.send(http.MethodPatch, path, `{"idleAfterDays":60,"notifyEmails":["a@example.com"]}`)
	if c := decode[connectorAnswer](t, got); got.status != http.StatusOK || c.IdleAfterDays != 60 || !cmp.Equal(c.NotifyEmails, []string{"a@example.com"}) {
		t.Errorf("changed: %d %s, want 200", got.status, got.body)
	}
	a.Advance(time.Minute)
	a.send(http.MethodPost, path+"/poll", "")
	a.drain()

	var actions []string
	for _, event := range a.audit(path + "/audit").Events {
		actions = append(actions, event.Action)
	}
	want := []string{"poll_asked", "changed", "rotated", "saved"}
	actions = strings.Fields(strings.ReplaceAll(strings.Join(actions, " "), "status_changed", "")) // other tests look at the events of polls
	if diff := cmp.Diff(want, actions); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
	if got := a.send(http.MethodGet, path+"/audit?next=x", ""); got.status != http.StatusBadRequest || got.Errors[0].Field != "next" {
		t.Errorf("got %d %s, want 400", got.status, got.body)
	}

	if got := a.send(http.MethodDelete, path, ""); got.status != http.StatusNoContent {
		t.Errorf("deleted: %d %s, want 204", got.status, got.body)
	}
	a.drain()
	if files, err := os.ReadDir(filepath.Join(a.Folder, assembled.TokensFolder)); err != nil || len(files) != 0 {
		t.Errorf("the vault holds %v (%v)", files, err)
	}
	for _, test := range []struct{ method, path, body string }{
		{"GET", "", ""},
		{"DELETE", "", ""},
		{"PATCH", "", `{}`},
		{"PUT", "/token", `{"token":"` + successor + `"}`},
		{"GET", "/audit", ""},
		{"POST", "/poll", ""},
		{"GET", "/usage", ""},
		{"GET", "/users", ""},
		{"GET", "/seats", ""},
		{"GET", "/cost", ""},
		{"GET", "/export?kind=seats&format=csv", ""},
	} {
		if got := a.send(test.method, path+test.path, test.body); got.status != http.StatusNotFound {
			t.Errorf("%s %s got %d %s after the deletion, want 404", test.method, test.path, got.status, got.body)
		}
	}
	a.saved() // the account can be saved again
}

func TestARefusedTokenLeavesTheOneInUse(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	before := a.show(path)
	for body, status := range map[string]int{
		`{"token":"ghp_canaryOfNobody0000000000000000000000"}`: http.StatusUnprocessableEntity,
		`{"token":"gho_canaryOfAnApp00000000000000000000000"}`: http.StatusUnprocessableEntity,
		`{"token":""}`: http.StatusBadRequest,
		`{"token":"` + canary + `","slug":"other"}`:            http.StatusBadRequest,
		`{"token":"` + strings.Repeat("canary", 16<<10) + `"}`: http.StatusRequestEntityTooLarge,
	} {
		if got := a.send(http.MethodPut, path+"/token", body); got.status != status {
			t.Errorf("%.40s got %d %s", body, got.status, got.body)
		}
	}
	a.github.Intercept(a.github.RateLimited(githubsim.SecondaryTooManyRequests))
	if got := a.send(http.MethodPut, path+"/token", `{"token":"`+canary+`"}`); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "60" {
		t.Errorf("got %d %s, want 429", got.status, got.body)
	}
	if diff := cmp.Diff(before, a.show(path)); diff != "" {
		t.Errorf("the connector has changed:\n%s", diff)
	}
}

func TestARotationIsTriedAgainAfterAnotherOne(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	before := a.show(path)
	ref := connector.Ref{Tenant: "acme", ID: filepath.Base(path)}
	if _, err := a.store.Change(t.Context(), ref, func(c *connector.Connector) error { _, _ = c.HoldVault(a.Now()); return nil }); err != nil {
		t.Fatal(err)
	}
	got := a.send(http.MethodPut, path+"/token", `{"token":"`+canary+`"}`)
	if got.status != http.StatusInternalServerError || !strings.Contains(got.Detail, "Try again in a minute") {
		t.Errorf("got %d %s", got.status, got.body)
	}
	if diff := cmp.Diff(before, a.show(path)); diff != "" {
		t.Errorf("the connector has changed:\n%s", diff)
	}
	a.Advance(time.Minute)
	if got := a.send(http.MethodPut, path+"/token", `{"token":"`+canary+`"}`); got.status != http.StatusOK {
		t.Errorf("a minute later: got %d %s", got.status, got.body)
	}
}

// Each case is a new token that reads less than the present one, or that reads another account.
func TestARefusedRotationNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value  string // a fine-grained token for usage only; "": a classic token with the scopes
		scopes []string
		login  string
		change func(*app)
		detail string // a part of the problem's detail
		failed []string
	}{
		"seats and bills": {
			value: "github_pat_11CANARY000000000000000_" + strings.Repeat("c", 59), detail: "The new token cannot read", failed: []string{"seats", "billing"},
		},
		"usage": {scopes: []string{"repo"}, failed: []string{"permission"}},
		"the role": {
			scopes: []string{"read:org"}, login: "octo-member", failed: []string{"account"},
		},
		"the account": {
			scopes: []string{"read:org", "manage_billing:copilot"}, failed: []string{"account"}, detail: "Another organization has the name",
			change: func(a *app) {
				a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
					if strings.Contains(r.URL.Path, "/copilot/metrics/reports/") {
						w.WriteHeader(http.StatusNoContent) // the organization is new and has no report yet
						return true
					}
					if r.URL.Path != "/orgs/octo" {
						return false
					}
					_, _ = w.Write([]byte(`{"id":4711,"login":"octo"}`))
					return true
				})
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := nextToken()
			next.Scopes = test.scopes
			if test.value != "" {
				next.Value, next.Permissions = test.value, []string{githubsim.PermissionCopilotMetrics}
			}
			if test.login != "" {
				next.Login, next.Role = test.login, githubsim.RoleMember
			}
			a, path := saved(t, next)
			if test.change != nil {
				test.change(a)
			}
			got := a.send(http.MethodPut, path+"/token", `{"token":"`+next.Value+`"}`)
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), test.detail) {
				t.Fatalf("got %d %s, want 422", got.status, got.body)
			}
			refused := decode[struct {
				Detail string
				Checks []struct{ ID, Status, Title string }
			}](t, got)
			var failed []string
			for _, check := range refused.Checks {
				if check.Status != "fail" {
					continue
				}
				if failed = append(failed, check.ID); !strings.Contains(refused.Detail, check.Title) {
					t.Errorf("%q does not name %q", refused.Detail, check.Title)
				}
			}
			if diff := cmp.Diff(test.failed, failed); diff != "" {
				t.Errorf("checks that fail (-want +got):\n%s\n%s", diff, refused.Detail)
			}
		})
	}
}

func TestAConnectorShowsTheAccountsOwnID(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	shown := decode[struct{ AccountID *string }](t, a.send(http.MethodGet, path, ""))
	if shown.AccountID == nil || *shown.AccountID == "" {
		t.Errorf("the account id shown is %v", shown.AccountID)
	}
}

func TestTheSameTokenAgainIsNoRotation(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	before := a.show(path).Credential
	a.Advance(time.Hour)
	if got := a.send(http.MethodPut, path+"/token", `{"token":"`+canary+`"}`); got.status != http.StatusOK {
		t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	if after := a.show(path).Credential; !after.RotatedAt.Equal(before.RotatedAt) {
		t.Errorf("the token's date was %s, and is now %s", before.RotatedAt, after.RotatedAt)
	}
	for _, event := range a.audit(path + "/audit").Events {
		if event.Action == "rotated" {
			t.Errorf("the audit has a rotation: %s", event.Detail)
		}
	}
}

func TestAnInvalidChangeIsRefusedByField(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	for body, field := range map[string]string{
		``:                           "body",
		`[]`:                         "body",
		`{"idleAfterDays":0}`:        "idleAfterDays",
		`{"idleAfterDays":"30"}`:     "idleAfterDays",
		`{"notifyEmails":["x"]}`:     "notifyEmails",
		`{"notifyEmails":"a@b.c"}`:   "notifyEmails",
		`{"token":"` + canary + `"}`: "token",
		`{"slug":"another"}`:         "slug",
	} {
		got := a.send(http.MethodPatch, path, body)
		if got.status != http.StatusBadRequest || len(got.Errors) != 1 || got.Errors[0].Field != field {
			t.Errorf("%s got %d %s, want 400", body, got.status, got.body)
		}
	}
}

func TestATenantsMailInvitationsAreLimited(t *testing.T) {
	t.Parallel()
	a, path := saved(t, nextToken())
	list := func(round int) string {
		var emails []string
		for i := range 10 {
			emails = append(emails, fmt.Sprintf(`"stranger-%d-%d@example.com"`, round, i))
		}
		return `{"notifyEmails":[` + strings.Join(emails, ",") + `]}`
	}
	for round := range 10 {
		for range 3 { // the same addresses are not invited again
			if got := a.send(http.MethodPatch, path, list(round)); got.status != http.StatusOK {
				t.Fatalf("round %d: %d %s, want 200", round, got.status, got.body)
			}
		}
	}
	if len(a.Post.Asked) != 100 {
		t.Errorf("%d addresses were invited", len(a.Post.Asked))
	}
	got := a.send(http.MethodPatch, path, list(10))
	if got.status != http.StatusTooManyRequests || !strings.Contains(string(got.body), `"code":"too_many_invitations"`) || got.header.Get("Retry-After") != "86400" {
		t.Errorf("got %d %v %s, want 429 too_many_invitations", got.status, got.header, got.body)
	}
	if len(a.Post.Asked) != 100 {
		t.Errorf("%d addresses were invited", len(a.Post.Asked))
	}
}

func TestARefusedRotationNamesWhatTheNewTokenLacks(t *testing.T) {
	t.Parallel()
	next := nextToken()
	next.Role = githubsim.RoleMetricsViewer
	a, path := saved(t, next)
	got := a.send(http.MethodPut, path+"/token", `{"token":"`+successor+`"}`)
	if got.status != http.StatusUnprocessableEntity || strings.Contains(got.Detail, "cannot read the account's usage") ||
		!strings.HasPrefix(got.Detail, "The token does not pass: The new token cannot read seats; The new token cannot read billed AI credits.") {
		t.Errorf("got %d %s, want 422", got.status, got.Detail)
	}
	for _, c := range got.Checks {
		lost := c.ID == verify.CheckSeats || c.ID == verify.CheckBilling
		if lost != (c.Status == verify.Fail) || lost && (c.Remedy == nil || !strings.Contains(*c.Remedy, "manage_billing:copilot") || len(c.Links) == 0) {
			t.Errorf("check %+v", c)
		}
	}
}
