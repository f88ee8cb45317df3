package adminapi_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

// connectorAnswer has the fields of a connector that tests look at.
type connectorAnswer struct {
	ID, Tenant, Slug, Plan, Status string
	StatusReason                   *string
	IdleAfterDays                  int
	NotifyEmails                   []string
	Credential                     struct {
		ExpiresAt    time.Time
		ExpirySource string
		DaysLeft     int
		Fingerprint  string
		RotatedAt    time.Time
	}
	Capabilities             map[string]string
	FirstDay, LatestFinalDay *calendar.Date
	LastPoll                 *struct {
		Outcome     string
		DaysUpdated int
	}
	DaysRead, DaysExpected *int
	NextMail               *struct {
		Date, Kind string
		DaysLeft   int
	}
}

type listAnswer struct {
	Connectors []connectorAnswer
	Next       *string
}

func (a *app) show(path string) connectorAnswer {
	a.t.Helper()
	got := a.send(http.MethodGet, path, "")
	if got.status != http.StatusOK {
		a.t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	return decode[connectorAnswer](a.t, got)
}

func (a *app) list(query string) listAnswer {
	a.t.Helper()
	got := a.send(http.MethodGet, tenant+"/connectors"+query, "")
	if got.status != http.StatusOK {
		a.t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	return decode[listAnswer](a.t, got)
}

func TestASavedConnectorFillsItselfAndCanBeRead(t *testing.T) {
	t.Parallel()
	a := prepare(t, octo())
	a.lifecycle.Backfill = poll.NewBackfill
	a.serve()
	got := a.save(`{"token":"` + canary + `","scope":"organization","slug":"octo","notifyEmails":["a@example.com"],"idleAfterDays":14}`)
	c := decode[connectorAnswer](t, got)
	switch {
	case got.status != http.StatusCreated || got.header.Get("Location") != tenant+"/connectors/"+c.ID:
		t.Fatalf("got %d, Location %q: %s", got.status, got.header.Get("Location"), got.body)
	case c.Status != "backfilling" || c.LastPoll != nil || c.Tenant != "acme" || c.Slug != "octo" || c.Plan != "business":
		t.Errorf("saved is %s", got.body)
	case c.IdleAfterDays != 14 || len(c.NotifyEmails) != 1 || c.NotifyEmails[0] != "a@example.com":
		t.Errorf("saved is %s", got.body)
	case c.Credential.ExpirySource != "github" || c.Credential.DaysLeft != 60 || c.Capabilities["usage"] != "ok" || c.Capabilities["billing"] != "ok":
		t.Errorf("saved is %s", got.body)
	case c.DaysRead == nil || *c.DaysRead != 0 || *c.DaysExpected != 345:
		t.Errorf("days read of the saved connector: %s", got.body)
	case c.NextMail == nil || c.NextMail.Date != "2027-01-07" || c.NextMail.Kind != "expires" || c.NextMail.DaysLeft != 14: // the token expires on 21 January at noon
		t.Errorf("its next mail is %+v", c.NextMail)
	}

	a.drain()
	c = a.show(got.header.Get("Location"))
	switch {
	case c.Status != "active" || c.StatusReason != nil:
		t.Errorf("the connector is %+v", c)
	case c.LastPoll == nil || c.LastPoll.Outcome != "ok" || c.LastPoll.DaysUpdated != 28:
		t.Errorf("its last poll is %+v", c.LastPoll)
	case c.FirstDay.String() != "2026-10-08" || c.LatestFinalDay.String() != "2026-11-17":
		t.Errorf("its days are from %s, final to %s", c.FirstDay, c.LatestFinalDay)
	case c.DaysRead != nil || c.DaysExpected != nil:
		t.Errorf("%d of %d days are shown as read, want all", *c.DaysRead, *c.DaysExpected)
	}
	if list := a.list(""); len(list.Connectors) != 1 || list.Connectors[0].ID != c.ID || list.Next != nil {
		t.Errorf("the list is %+v", list)
	}
	a.checkOnlyTheVaultHasTheToken(c.ID)
}

// checkOnlyTheVaultHasTheToken reads every file that was written, and fails the test if another one has the token.
func (a *app) checkOnlyTheVaultHasTheToken(id string) {
	a.t.Helper()
	err := filepath.WalkDir(a.Folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // of the test's own directory
		if holds := strings.Contains(string(text), canary); holds != (entry.Name() == "acme."+id) {
			a.t.Errorf("the token is in %s: %v", path, holds)
		}
		return err
	})
	if err != nil {
		a.t.Error(err)
	}
}

func TestAnExpiryDateIsNotShownWhenTheTokenStillWorks(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Tokens[0].NamesNow = true
	got := start(t, account).save(octoForm())
	shown, _ := decode[map[string]any](t, got)["credential"].(map[string]any)
	if got.status != http.StatusCreated || shown["expiresAt"] != nil || shown["daysLeft"] != nil || shown["expirySource"] != "policy" {
		t.Errorf("got %d %s, want 201", got.status, got.body)
	}
}

func TestATokenWithoutExpiryMustBeReplacedAfter90Days(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Tokens[0].ExpiresAt = time.Time{}
	got := decode[connectorAnswer](t, start(t, account).save(octoForm())).Credential
	if got.ExpirySource != "policy" || !got.ExpiresAt.Equal(noon.AddDate(0, 0, 90)) || got.DaysLeft != 90 {
		t.Errorf("got %+v", got)
	}
}

func TestATenantHasOneConnectorForAnAccount(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	a.github.ResetCalls()
	for _, slug := range []string{"octo", "OCTO", "oCtO"} {
		got := a.save(form(canary, "organization", slug))
		if got.status != http.StatusConflict || got.Code != "connector_exists" || tenant+"/connectors/"+got.ExistingID != path {
			t.Errorf("%s got %d %s, want 409 connector_exists", slug, got.status, got.body)
		}
	}
	if calls := a.github.Calls(); len(calls) != 0 {
		t.Errorf("GitHub was called %d times for an account that is already connected, want 0", len(calls))
	}
	if list := a.list(""); len(list.Connectors) != 1 {
		t.Errorf("there are %d connectors", len(list.Connectors))
	}
}

func TestOfParallelSavesOfOneAccountOneWins(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	answers := make([]answer, 8)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			var err error
			if answers[i], err = a.try(http.MethodPost, tenant+"/connectors", form(canary, "organization", []string{"octo", "Octo"}[i%2])); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	a.drain()
	created, ids := 0, map[string]bool{}
	for _, got := range answers {
		switch got.status {
		case http.StatusCreated:
			created++
			ids[decode[connectorAnswer](t, got).ID] = true
		case http.StatusConflict:
			ids[got.ExistingID] = true
		default:
			t.Errorf("got %d %s", got.status, got.body)
		}
	}
	if created != 1 || len(ids) != 1 {
		t.Errorf("%d were created, and the answers name %d connectors", created, len(ids))
	}
	files, err := os.ReadDir(filepath.Join(a.Folder, assembled.TokensFolder))
	if err != nil || len(files) != 1 || len(a.list("").Connectors) != 1 {
		t.Errorf("the vault holds %d tokens, the tenant has %d connectors (%v)", len(files), len(a.list("").Connectors), err)
	}
}

func TestARequestedPollReadsNewData(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	for range 3 { // the button may be pressed again at once
		a.Advance(2 * time.Second)
		a.github.Restate(githubsim.Organization, "octo", "2026-11-20")
		if got := a.send(http.MethodPost, path+"/poll", ""); got.status != http.StatusAccepted || "/"+decode[connectorAnswer](t, got).ID != path[strings.LastIndex(path, "/"):] {
			t.Fatalf("got %d %s, want 202", got.status, got.body)
		}
		a.drain()
		if last := a.show(path).LastPoll; last.Outcome != "ok" || last.DaysUpdated != 1 {
			t.Errorf("the last poll is %+v", last)
		}
	}
}

func TestManyConnectorsAreListedInPages(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	const many = 205
	for range many {
		c := connector.Connector{
			Ref:      connector.Ref{Tenant: "acme", ID: connector.NewID()},
			Provider: connector.GitHubCopilot,
			Account:  copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: connector.NewID()},
			Progress: connector.Progress{
				Plan:         copilot.PlanBusiness,
				Status:       connector.StatusActive,
				Capabilities: access.Capabilities{Usage: "ok", Users: "ok", Seats: "unknown", Billing: "denied"},
			},
			Phase:      connector.Live,
			Settings:   connector.Settings{IdleAfterDays: 30},
			Credential: connector.Credential{Kind: credential.ClassicPAT, Fingerprint: "sha256:0123456789ab", RotatedAt: noon},
			CreatedAt:  noon,
			UpdatedAt:  noon,
		}
		if _, err := a.store.Create(context.Background(), &c); err != nil {
			t.Fatal(err)
		}
	}
	met, query := map[string]bool{}, ""
	for {
		list := a.list(query)
		for _, c := range list.Connectors {
			met[c.ID] = true
		}
		if list.Next == nil {
			break
		}
		query = "?next=" + *list.Next
	}
	if len(met) != many {
		t.Errorf("the list has %d connectors, want %d", len(met), many)
	}
	for _, next := range []string{"x", "0123456789abcdef", "%00", "acme/aaaaaaaaaaaaaaaaaaaa"} {
		got := a.send(http.MethodGet, tenant+"/connectors?next="+next, "")
		if got.status != http.StatusBadRequest || len(got.Errors) != 1 || got.Errors[0].Field != "next" {
			t.Errorf("next=%s got %d %s, want 400", next, got.status, got.body)
		}
	}
}
