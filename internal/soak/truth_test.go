package soak_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// mustBeAtRest fails the test if a connector is not ok, or if any work is left.
func (w *world) mustBeAtRest() {
	w.t.Helper()
	if len(w.Queue.Waiting()) > 0 {
		w.t.Errorf("tasks are left: %+v", w.Queue.Waiting())
	}
	for i := range w.accounts {
		if c := w.connector(i); c.Status != connector.StatusActive || c.Backfill != nil || len(c.Retries) > 0 {
			w.t.Errorf("%s is %s: %q; backfill %v, unread %v", w.accounts[i].Slug, c.Status, c.StatusReason, c.Backfill, c.Retries)
		}
	}
}

func (w *world) connector(i int) *connector.Connector {
	w.t.Helper()
	c, err := w.Parts.Store.Connector(w.t.Context(), w.refs[i])
	if err != nil || c == nil {
		w.t.Fatalf("the connector is %v, %v", c, err)
	}
	return c
}

func (w *world) usage(i int, span calendar.Range) usage.Usage {
	w.t.Helper()
	shown, err := w.Parts.Usage().Usage(w.t.Context(), w.connector(i), span)
	if err != nil {
		w.t.Fatal(err)
	}
	return shown
}

// mustShowAs compares everything that is shown of days and people with another world. It ignores when and how often a day was
// read.
func (w *world) mustShowAs(other *world, i int, span calendar.Range) {
	w.t.Helper()
	if diff := cmp.Diff(other.numbers(i, span), w.numbers(i, span)); diff != "" {
		w.t.Errorf("%s differs from a connector without trouble (-without +with):\n%s", w.accounts[i].Slug, diff)
	}
}

func (w *world) numbers(i int, span calendar.Range) string {
	w.t.Helper()
	shown := w.usage(i, span)
	for n := range shown.Days {
		shown.Days[n].Revision, shown.Days[n].FetchedAt = min(shown.Days[n].Revision, 1), nil
	}
	users, err := w.Parts.Usage().Users(w.t.Context(), w.connector(i), span, "")
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := json.MarshalIndent(map[string]any{"usage": shown, "users": users}, "", " ")
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// mustShowAsGitHubTells reads GitHub's own report of each day, without using our code, and compares the day with it. A day
// without a report must be missing, unless the report may still come.
func (w *world) mustShowAsGitHubTells(i int, span calendar.Range) {
	w.t.Helper()
	for _, day := range w.usage(i, span).Days {
		report, ok := w.report(i, day.Date.String())
		switch {
		case !ok && day.State != metrics.Missing && day.State != metrics.Pending, ok && day.ActiveUsers == nil:
			w.t.Errorf("%s on %s: GitHub has a report: %v; shown is %s", w.accounts[i].Slug, day.Date, ok, day.State)
		case ok && *day.ActiveUsers != report.Active:
			w.t.Errorf("%s on %s: %d people were active, GitHub says %d", w.accounts[i].Slug, day.Date, *day.ActiveUsers, report.Active)
		}
		if !ok || day.Completions == nil {
			continue
		}
		for _, feature := range report.Features {
			if feature.Name == "code_completion" && (*day.Completions.Suggested != feature.Generated || *day.Completions.Accepted != feature.Accepted) {
				w.t.Errorf("%s on %s: completions are %d of %d, GitHub says %d of %d", w.accounts[i].Slug, day.Date,
					*day.Completions.Accepted, *day.Completions.Suggested, feature.Accepted, feature.Generated)
			}
		}
	}
}

// aggregate is the part of GitHub's report of a day that is compared.
type aggregate struct {
	Active   int64 `json:"daily_active_users"`
	Features []struct {
		Name      string `json:"feature"`
		Generated int64  `json:"code_generation_activity_count"`
		Accepted  int64  `json:"code_acceptance_activity_count"`
	} `json:"totals_by_feature"`
}

func (w *world) report(i int, date string) (report aggregate, ok bool) {
	account := w.accounts[i]
	path, kind := "/orgs/", "organization"
	if c := w.connector(i); c.Scope == "enterprise" {
		path, kind = "/enterprises/", "enterprise"
	}
	var envelope struct {
		Links []string `json:"download_links"`
	}
	body := get(w.t, w.URL+path+account.Slug+"/copilot/metrics/reports/"+kind+"-1-day?day="+date, account.Tokens[0].Value)
	if json.Unmarshal(body, &envelope) != nil || len(envelope.Links) != 1 {
		return aggregate{}, false
	}
	if err := json.Unmarshal(get(w.t, envelope.Links[0], ""), &report); err != nil {
		w.t.Fatal(err)
	}
	return report, true
}

func get(t *testing.T, url, token string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
