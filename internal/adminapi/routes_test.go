package adminapi_test

import (
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// nobody is an id that no connector has.
const nobody = "/aaaaaaaaaaaaaaaaaaaa"

func TestUnknownPathsAndMethodsAreRefused(t *testing.T) {
	t.Parallel()
	connectors := tenant + "/connectors"
	for _, test := range []struct {
		method, path string
		status       int
		code, allow  string
	}{
		{"POST", "/", 404, "not_found", ""},
		{"POST", tenant, 404, "not_found", ""},
		{"POST", tenant + "/verify/", 404, "not_found", ""},
		{"POST", "/v1//tenants/acme/verify", 404, "not_found", ""},
		{"POST", "/v1/tenants/../verify", 404, "not_found", ""},
		{"POST", "/v2/tenants/acme/verify", 404, "not_found", ""},
		{"GET", connectors + "/", 404, "not_found", ""},
		{"GET", connectors + nobody + "/", 404, "not_found", ""},
		{"GET", connectors + nobody + "/tokens", 404, "not_found", ""},
		{"GET", connectors + nobody + "/usage/2026-11-20", 404, "not_found", ""},
		{"GET", connectors + "/..%2F..%2Fx/usage", 404, "not_found", ""},

		{"GET", tenant + "/verify", 405, "method_not_allowed", "POST"},
		{"DELETE", tenant + "/verify", 405, "method_not_allowed", "POST"},
		{"PUT", connectors, 405, "method_not_allowed", "GET, POST"},
		{"POST", connectors + nobody, 405, "method_not_allowed", "DELETE, GET, PATCH"},
		{"POST", connectors + nobody + "/token", 405, "method_not_allowed", "PUT"},
		{"DELETE", connectors + nobody + "/audit", 405, "method_not_allowed", "GET"},
		{"GET", connectors + nobody + "/poll", 405, "method_not_allowed", "POST"},
		{"POST", connectors + nobody + "/usage", 405, "method_not_allowed", "GET"},
		{"DELETE", connectors + nobody + "/users", 405, "method_not_allowed", "GET"},
		{"POST", connectors + nobody + "/seats", 405, "method_not_allowed", "GET"},
		{"PUT", connectors + nobody + "/cost", 405, "method_not_allowed", "GET"},
		{"POST", connectors + nobody + "/export", 405, "method_not_allowed", "GET"},

		{"POST", "/v1/tenants/Acme/verify", 400, "invalid_input", ""},
		{"POST", "/v1/tenants/-acme/verify", 400, "invalid_input", ""},
		{"POST", "/v1/tenants/a%2Fb/verify", 404, "not_found", ""},
		{"POST", "/v1/tenants/%61cme/verify", 404, "not_found", ""},
		{"GET", connectors + nobody + "/us%65rs", 404, "not_found", ""},
		{"POST", "/v1/tenants/" + strings.Repeat("a", 64) + "/verify", 400, "invalid_input", ""},
		{"POST", "/v1/tenants/Acme/connectors", 400, "invalid_input", ""},
		{"GET", "/v1/tenants/acme%23/connectors", 404, "not_found", ""},
		{"GET", connectors + "/1", 400, "invalid_input", ""},
		{"GET", connectors + strings.ToUpper(nobody), 400, "invalid_input", ""},
		{"GET", connectors + nobody + "%23", 404, "not_found", ""},
		{"POST", connectors + nobody + "a/poll", 400, "invalid_input", ""},
		{"GET", "/v1/tenants/Acme/connectors/1/users", 400, "invalid_input", ""},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			got := start(t).send(test.method, test.path, "")
			if got.status != test.status || got.Code != test.code || got.header.Get("Allow") != test.allow {
				t.Errorf("got %d, Allow %q: %s, want %d, %q, %s", got.status, got.header.Get("Allow"), got.body, test.status, test.allow, test.code)
			}
		})
	}
}

func TestNoTenantReachesTheDataOfAnother(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	stranger := strings.Replace(path, "/acme/", "/acme-2/", 1)
	for _, test := range []struct{ method, path, body string }{
		{"GET", "", ""},
		{"POST", "/poll", ""},
		{"GET", "/usage", ""},
		{"GET", "/usage?from=2026-11-01&to=2026-11-21", ""},
		{"GET", "/users", ""},
		{"GET", "/users?userId=1", ""},
		{"GET", "/seats", ""},
		{"GET", "/cost", ""},
		{"GET", "/export?kind=users&format=csv", ""},
		{"GET", "/audit", ""},
		{"PATCH", "", `{"idleAfterDays":7}`},
		{"PUT", "/token", `{"token":"` + canary + `"}`},
		{"DELETE", "", ""},
	} {
		theirs := a.send(test.method, stranger+test.path, test.body)
		absent := a.send(test.method, tenant+"/connectors"+nobody+test.path, test.body)
		if theirs.status != http.StatusNotFound || string(theirs.body) != string(absent.body) {
			t.Errorf("%s %s got %d %s, and an unknown id got %s, want 404", test.method, test.path, theirs.status, theirs.body, absent.body)
		}
		if own := a.send(test.method, path+test.path, test.body); own.status >= 300 {
			t.Errorf("%s %s got %d %s in its own tenant", test.method, test.path, own.status, own.body)
		}
	}
	list := a.send(http.MethodGet, "/v1/tenants/acme-2/connectors", "")
	if want := `{"connectors":[],"next":null}` + "\n"; string(list.body) != want {
		t.Errorf("the other tenant's list is %s", list.body)
	}
	if got := a.send(http.MethodPost, "/v1/tenants/acme-2/connectors", octoForm()); got.status != http.StatusCreated {
		t.Errorf("the account cannot be saved in the other tenant as well: %d %s, want 201", got.status, got.body)
	}
	a.drain()
}

func TestACallerWithoutRightsForATenantFindsNothingThere(t *testing.T) {
	t.Parallel()
	a := prepare(t, octo())
	a.api.Admits = func(r *http.Request, tenant string) bool { return r.Header.Get("Tenant") == tenant }
	a.serve()
	for _, test := range []struct{ method, path, body string }{
		{"POST", "/verify", octoForm()},
		{"POST", "/connectors", octoForm()},
		{"GET", "/connectors", ""},
		{"GET", "/connectors" + nobody, ""},
		{"DELETE", "/connectors" + nobody, ""},
	} {
		got := a.send(test.method, tenant+test.path, test.body)
		if got.status != http.StatusNotFound || got.Detail != "There is nothing at this path." {
			t.Errorf("%s %s got %d %s, want 404", test.method, test.path, got.status, got.body)
		}
	}
}

func TestAPanicIsAnsweredWithoutItsText(t *testing.T) {
	t.Parallel()
	a := prepare(t)
	a.api.Verifier = verify.Verifier{
		Now:     a.Now,
		Connect: func(_ string, token credential.Token) verify.GitHub { panic(token.Reveal()) },
	}
	a.serve()
	got := a.verify(form(canary, "organization", "octo-demo"))
	if got.status != http.StatusInternalServerError || got.Code != "internal" {
		t.Errorf("got %d %s, want 500 internal", got.status, got.body)
	}
	if !strings.Contains(a.Log.String(), "adminapi_test") {
		t.Errorf("the log has no stack trace: %s", a.Log.String())
	}
}
