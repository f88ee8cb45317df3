package adminapi_test

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

// stuck is a table that has connectors, but answers no question about days.
type stuck struct{ store.Table }

func (stuck) Query(ctx context.Context, _ store.Range) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		<-ctx.Done()
		yield(store.Item{}, &fault.Error{Code: fault.OutOfTime, Op: "read", Err: ctx.Err()})
	}
}

func (stuck) GetAll(ctx context.Context, _ []store.Key) ([]store.Item, error) {
	<-ctx.Done()
	return nil, &fault.Error{Code: fault.OutOfTime, Op: "read", Err: ctx.Err()}
}

func TestNoAnswerTakesLongerThanTheGatewayWaits(t *testing.T) {
	t.Parallel()
	w := assembled.New(t, t.TempDir(), noon)
	c := &connector.Connector{
		Ref: connector.Ref{Tenant: "acme", ID: connector.NewID()}, Provider: connector.GitHubCopilot, Phase: connector.Live, CreatedAt: noon, UpdatedAt: noon,
		Account:  copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo"},
		Progress: connector.Progress{Capabilities: access.Capabilities{Usage: access.OK, Users: access.OK, Seats: access.OK}},
	}
	if _, err := w.Parts.Store.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	w.Parts.Store.Table = stuck{w.Parts.Store.Table}
	api := w.Parts.API()
	fewer, parts := "Ask for 11 days at a time, as from="+calendar.LastDays(28, noon).From.String(), "Ask for the table in parts: with part=1"
	const oneDay = "from=2026-11-01&to=2026-11-01"
	for query, advice := range map[string]string{
		"/usage": fewer, "/usage?compare=previous": fewer, "/usage?team=core": fewer, "/usage?by=week": "Ask for 33 days at a time", "/teams": fewer, "/seats/history": fewer,
		"/users": fewer, "/users?sort=creditsUsed": fewer, "/users?team=core": fewer, "/users?userId=1": fewer,
		"/export?kind=usage&format=csv": parts, "/export?kind=users&format=json": parts, "/export?kind=users&format=csv&sort=login": parts,
		"/export?kind=seats&format=csv": parts, "/export?kind=cost&format=csv": parts, "/export?kind=cost&format=focus": parts,
		"/repositories": "Ask for the export of the kind repositories", "/export?kind=repositories&format=csv": parts,
		// Nothing less can be asked for.
		"/seats": "", "/cost": "", "/usage?" + oneDay: "", "/users?" + oneDay: "", "/export?kind=users&format=csv&part=1": "",
	} {
		answerIsInTime := func(t *testing.T) {
			began := time.Now()
			answer := httptest.NewRecorder()
			api.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/tenants/acme/connectors/"+c.ID+query, nil))
			took := time.Since(began)
			var problem edge.Problem
			if err := json.Unmarshal(answer.Body.Bytes(), &problem); err != nil || took == 0 || took > 25*time.Second {
				t.Errorf("%s: after %s: %v, %s", query, took, err, answer.Body)
			}
			status, code := http.StatusBadRequest, "too_long"
			if advice == "" {
				status, code = http.StatusInternalServerError, "internal"
			}
			if answer.Code != status || problem.Code != code || !strings.Contains(problem.Detail, advice) {
				t.Errorf("%s: got %d %s, want %d %s with %q", query, answer.Code, answer.Body, status, code, advice)
			}
		}
		t.Run(query, func(t *testing.T) { synctest.Test(t, answerIsInTime) })
	}
}
