package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// fixed is the time of these tests.
var fixed = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func (s *started) poll(body string) pollSummary {
	s.t.Helper()
	return poll(s.t, s.base, body)
}

func poll(t *testing.T, base, body string) (summary pollSummary) {
	t.Helper()
	status, answer := ask(t, http.MethodPost, base+"/local/schedules/poll", body)
	if err := json.Unmarshal(answer, &summary); err != nil || status != http.StatusOK {
		t.Fatalf("the poll got %d %s", status, answer)
	}
	return summary
}

// world is the app without the program around it. A test can change its clock and its GitHub.
type world struct {
	*testworld.Clock
	base    string
	hurried string // the address of a second server, whose time-outs are shorter than a poll
	gitHub  *githubsim.Server
}

func newWorld(t *testing.T, accounts ...githubsim.Account) *world {
	t.Helper()
	w := &world{Clock: testworld.NewClock(fixed)}
	var service *github.Service
	w.gitHub, service, _ = testworld.GitHub(t, w.Now, accounts...)
	log := slog.New(slog.DiscardHandler)
	kept, err := openData(t.Context(), t.TempDir(), w.Now, log)
	if err != nil {
		t.Fatal(err)
	}
	app := newApp(kept, service, money.Agreed{}, 0, w.Now, log)
	t.Cleanup(func() {
		app.close()
		_ = kept.close()
	})
	server, hurried := httptest.NewServer(app.handler()), httptest.NewUnstartedServer(app.handler())
	t.Cleanup(server.Close)
	hurried.Config.ReadTimeout, hurried.Config.WriteTimeout = 100*time.Millisecond, 100*time.Millisecond
	hurried.Start()
	t.Cleanup(hurried.Close)
	w.base, w.hurried = server.URL, hurried.URL
	return w
}

func account(slug string) githubsim.Account {
	return githubsim.Account{
		Kind: githubsim.Organization, Slug: slug, Plan: githubsim.PlanBusiness, Seats: 20, FirstDay: "2026-11-01",
		Tokens: []githubsim.Token{{Value: "ghp_" + slug, Login: slug + "-owner", Scopes: []string{"read:org"}, ExpiresAt: fixed.AddDate(0, 0, 60)}},
	}
}

func (w *world) save(t *testing.T, tenant, slug string) {
	t.Helper()
	form := `{"token":"ghp_` + slug + `","scope":"organization","slug":"` + slug + `"}`
	if status, body := ask(t, http.MethodPost, w.base+"/v1/tenants/"+tenant+"/connectors", form); status != http.StatusCreated {
		t.Fatalf("Save got %d %s", status, body)
	}
}

func TestThePollsTimeIsShownInWholeSeconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Advance(123456789)
	for _, schedule := range []string{"poll", "remind"} {
		for _, body := range []string{"", `{"time":"2026-11-22T09:00:00.123456789Z"}`} {
			status, answer := ask(t, http.MethodPost, w.base+"/local/schedules/"+schedule, body)
			if status != http.StatusOK || bytes.Contains(answer, []byte(".123")) {
				t.Errorf("%s %q got %d %s", schedule, body, status, answer)
			}
		}
	}
}

func TestAPollAnswersAtItsEndWithItsResult(t *testing.T) {
	w := newWorld(t, account("well"), account("revoked"), account("late"))
	w.save(t, "acme", "well")
	w.save(t, "acme", "revoked")
	w.save(t, "other", "late")
	if got := poll(t, w.base, ""); got.Connectors != 3 || got.OK != 3 || len(got.Attention) != 0 || !got.ScheduledFor.Equal(fixed) {
		t.Fatalf("got %+v, want three connectors ok", got)
	}

	w.Advance(24 * time.Hour)
	w.gitHub.SetLatency(20 * time.Millisecond) // a poll then takes longer than the time-outs of that server
	w.gitHub.Change(githubsim.Organization, "revoked", func(a *githubsim.Account) { a.Tokens[0].Revoked = true })
	w.gitHub.Change(githubsim.Organization, "late", func(a *githubsim.Account) { a.PolicyOff = true })
	got := poll(t, w.hurried, `{"time":"2026-11-23T06:00:00Z"}`)
	if got.Connectors != 3 || got.OK != 1 || got.Partial+got.Failed != 2 || got.NotPolled != 0 || got.TasksFailed != 0 {
		t.Errorf("got %+v, want one of three connectors ok", got)
	}
	for _, a := range got.Attention {
		want := map[string]string{"revoked": "has refused the token", "late": `The policy "Copilot usage metrics"`}[a.Slug]
		if want == "" || !strings.Contains(a.Reason, want) || a.ID == "" || a.Tenant == "" {
			t.Errorf("the connector that needs attention is %+v", a)
		}
	}
}

func TestTheTimeOfAPollDecidesItsDays(t *testing.T) {
	w := newWorld(t, account("well"))
	w.save(t, "acme", "well")
	poll(t, w.base, "")
	w.Advance(3 * 24 * time.Hour)
	for _, test := range []struct{ body, newest string }{
		{`{"time":"2026-11-24T06:00:00Z"}`, "2026-11-23"},
		{`{"time":"2026-11-25T08:00:00+02:00"}`, "2026-11-24"},
	} {
		if got := poll(t, w.base, test.body); got.OK != 1 {
			t.Errorf("the poll for %s returned %+v", test.body, got)
		}
		_, list := ask(t, http.MethodGet, w.base+"/v1/tenants/acme/connectors", "")
		id := strings.Split(string(list), `"`)[5]
		_, usage := ask(t, http.MethodGet, w.base+"/v1/tenants/acme/connectors/"+id+"/usage?from=2026-11-20", "")
		var days struct {
			Days []struct {
				Date     string
				Revision int
			}
		}
		if err := json.Unmarshal(usage, &days); err != nil {
			t.Fatal(err)
		}
		newest := ""
		for _, day := range days.Days {
			if day.Revision > 0 {
				newest = day.Date
			}
		}
		if newest != test.newest {
			t.Errorf("after %s the newest day read is %s", test.body, newest)
		}
	}
}

func TestAPollForAnInvalidTimeIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{
		`x`, `[]`, `{"time":"tomorrow"}`, `{"time":1}`, `{"when":"2026-11-22T06:00:00Z"}`, `{}{}`, `{"time":null}`,
		`{"TIME":"2026-11-22T06:00:00Z"}`, `{"time":"2026-11-22T06:00:00Z","time":"2026-11-22T06:00:00Z"}`, `{"time":"10000-01-01T06:00:00Z"}`, `{"time":"` + strings.Repeat(" ", 2000) + `"}`, `{"time":""}`,
	} {
		status, answer := ask(t, http.MethodPost, w.base+"/local/schedules/poll", body)
		if status != http.StatusBadRequest || !strings.Contains(string(answer), `"code":"invalid_input"`) {
			t.Errorf("%.60s got %d %s", body, status, answer)
		}
	}
	for _, schedule := range []string{"poll", "remind"} {
		for _, at := range []string{"2026-11-29T09:00:01Z", "2036-11-22T06:00:00Z", "9999-12-31T23:59:59Z"} {
			status, answer := ask(t, http.MethodPost, w.base+"/local/schedules/"+schedule, `{"time":"`+at+`"}`)
			if status != http.StatusBadRequest || !strings.Contains(string(answer), at+" is more than 7 days ahead of the clock") {
				t.Errorf("%s for %s got %d %s", schedule, at, status, answer)
			}
		}
	}
	for _, schedule := range []string{"poll", "remind"} {
		for _, at := range []string{"0001-01-01T00:00:00Z", "1969-12-31T06:00:00Z", "2025-11-22T08:59:59Z"} {
			status, answer := ask(t, http.MethodPost, w.base+"/local/schedules/"+schedule, `{"time":"`+at+`"}`)
			if status != http.StatusBadRequest || !strings.Contains(string(answer), at+" is more than a year behind the clock") || !strings.Contains(string(answer), `"field":"time"`) {
				t.Errorf("%s for %s got %d %s", schedule, at, status, answer)
			}
		}
	}
	if got := poll(t, w.base, `{"time":"2026-11-29T09:00:00Z"}`); got.Connectors != 0 {
		t.Errorf("a poll for seven days ahead got %+v", got)
	}
	for _, body := range []string{``, `{}`, ` {"time":"2026-11-22T06:00:00Z"} `} {
		if got := poll(t, w.base, body); got.Connectors != 0 {
			t.Errorf("%q got %+v", body, got)
		}
	}
}
