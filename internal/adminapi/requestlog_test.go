//go:build !race

package adminapi_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// slowly is a Verify that takes a second and a half, or panics.
type slowly struct {
	now    *time.Time
	panics bool
}

func (s slowly) Verify(context.Context, verify.Request) verify.Result {
	if *s.now = s.now.Add(1500 * time.Millisecond); s.panics {
		panic(canary)
	}
	return verify.Result{}
}

// emptyStore has no connector, and fails to list them.
type emptyStore struct{ burning }

func (emptyStore) Connector(context.Context, connector.Ref) (*connector.Connector, error) {
	return nil, nil
}

func TestEachRequestIsLoggedAndCountedByItsAnswer(t *testing.T) {
	t.Parallel()
	const of = tenant + "/connectors" + nobody
	for name, tc := range map[string]struct {
		method, path, body string
		panics             bool
		want               string
	}{
		"answered":      {"POST", tenant + "/verify", octoForm(), false, `method=POST route=/v1/tenants/{tenant}/verify tenant=acme connector="" status=200 durationMs=1500 Requests=1 code=ok`},
		"refused":       {"POST", tenant + "/verify", `{}`, false, `method=POST route=/v1/tenants/{tenant}/verify tenant=acme connector="" status=400 durationMs=0 Requests=1 code=invalid_input`},
		"unknown route": {"GET", "/v1/acme", "", false, `method=GET route=/ tenant="" connector="" status=404 durationMs=0 Requests=1 code=not_found`},
		"unknown path":  {"GET", "/v1//acme", "", false, `method=GET route="" tenant="" connector="" status=404 durationMs=0 Requests=1 code=not_found`},
		"another method": {
			"BREW", tenant + "/verify", "", false,
			`method=other route=/v1/tenants/{tenant}/verify tenant=acme connector="" status=405 durationMs=0 Requests=1 code=method_not_allowed`,
		},
		"a connector": {"GET", of, "", false, `method=GET route=/v1/tenants/{tenant}/connectors/{id} tenant=acme connector=aaaaaaaaaaaaaaaaaaaa status=404 durationMs=0 Requests=1 code=not_found`},
		"an invalid connector id": {
			"GET", of + "x", "", false,
			`method=GET route=/v1/tenants/{tenant}/connectors/{id} tenant=acme connector="" status=400 durationMs=0 Requests=1 code=invalid_input`,
		},
		"a failure": {"GET", tenant + "/connectors", "", false, `method=GET route=/v1/tenants/{tenant}/connectors tenant=acme connector="" status=500 durationMs=0 Requests=1 code=internal`},
		"a panic":   {"POST", tenant + "/verify", octoForm(), true, `method=POST route=/v1/tenants/{tenant}/verify tenant=acme connector="" status=500 durationMs=1500 Requests=1 code=internal`},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			now := noon
			api := adminapi.API{
				Verifier: slowly{&now, tc.panics}, Connectors: &adminapi.Connectors{Store: emptyStore{}},
				Now: func() time.Time { return now }, Log: platform.NewLogger(&log),
			}
			api.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(tc.method, tc.path, strings.NewReader(tc.body)))
			if !strings.HasSuffix(log.String(), "msg=request "+tc.want+"\n") || strings.Count(log.String(), "msg=request ") != 1 {
				t.Errorf("logged %s", log.String())
			}
			if failed := strings.Contains(tc.want, "status=500"); failed != strings.Contains(log.String(), "level=ERROR") || strings.Contains(log.String(), canary) {
				t.Errorf("logged %s", log.String())
			}
		})
	}
}

func TestTheLogOfAFailureNamesTheTenantAndConnector(t *testing.T) {
	t.Parallel()
	a := prepare(t, octo())
	a.api.Connectors = &adminapi.Connectors{Lifecycle: burning{}, Store: burning{}, Usage: burning{}}
	a.serve()
	a.send(http.MethodGet, tenant+"/connectors"+nobody+"/usage", "")
	if !strings.Contains(a.Log.String(), `"msg":"request failed","route":"/v1/tenants/{tenant}/connectors/{id}/usage","tenant":"acme","connector":"aaaaaaaaaaaaaaaaaaaa"`) {
		t.Errorf("logged %s", a.Log.String())
	}
}

func TestAnExportIsLoggedAsAnswered(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	a.send(http.MethodGet, a.saved()+"/export?kind=usage&format=csv", "")
	if !strings.Contains(a.Log.String(), `/export","tenant":"acme"`) || strings.Contains(a.Log.String(), `"status":0`) {
		t.Errorf("logged %s", a.Log.String())
	}
}
