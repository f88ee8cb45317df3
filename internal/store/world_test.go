package store_test

import (
	"flag"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

var begins = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)

const today = calendar.Date(20779) // the day of begins

// world is a store over a table, with a clock.
type world struct {
	*store.Store
	clock *testworld.Clock
	table store.Table

	mu      sync.Mutex
	actions []string // requests that DynamoDB got
}

// A property test takes fewer rounds with the race detector, which makes it many times slower.
func init() {
	if testworld.Raced {
		_ = flag.Set("rapid.checks", "10")
	}
}

// onEachTable runs test with a new bbolt file and with a new table of DynamoDB Local. With the race detector it uses only the file,
// because the tests of package dynamo run with it too.
func onEachTable(t *testing.T, test func(t *testing.T, w *world)) {
	t.Run("bbolt", func(t *testing.T) {
		t.Parallel()
		test(t, boltWorld(t))
	})
	if testworld.Raced {
		return
	}
	t.Run("DynamoDB", func(t *testing.T) {
		t.Parallel()
		test(t, dynamoWorld(t))
	})
}

func boltWorld(t testing.TB) *world {
	t.Helper()
	w := &world{clock: testworld.NewClock(begins)}
	return w.over(testworld.Store(t, t.TempDir(), w.clock.Now).Table)
}

func dynamoWorld(t testing.TB) *world {
	t.Helper()
	w := &world{clock: testworld.NewClock(begins)}
	client := awstest.DynamoDB(t)
	name := awstest.CreateTable(t, client)
	options := client.Options()
	send := options.HTTPClient
	options.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
		w.mu.Lock()
		w.actions = append(w.actions, r.Header.Get("X-Amz-Target"))
		w.mu.Unlock()
		return send.Do(r)
	})
	return w.over(dynamo.New(dynamodb.New(options), name, w.clock.Now))
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

func (w *world) over(table store.Table) *world {
	w.table = table
	w.Store = &store.Store{Table: table, Now: w.clock.Now}
	return w
}

// through returns the same store over a table that p watches.
func (w *world) through(p *probe) *store.Store {
	p.table = w.table
	return &store.Store{Table: p, Now: w.clock.Now}
}

func newRef() connector.Ref { return connector.Ref{Tenant: "acme", ID: connector.NewID()} }

// newConnector returns a connector that is not saved yet.
func newConnector(tenant, slug string) *connector.Connector {
	return &connector.Connector{
		Ref:      connector.Ref{Tenant: tenant, ID: connector.NewID()},
		Provider: connector.GitHubCopilot,
		Account:  copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: slug},
		Progress: connector.Progress{
			Plan:           copilot.PlanBusiness,
			Status:         connector.StatusBackfilling,
			Capabilities:   access.Capabilities{Usage: "ok", Users: "ok", Seats: "ok", Billing: "denied"},
			Granted:        access.Capabilities{Usage: "ok", Users: "ok", Seats: "ok", Billing: "denied"},
			FirstDay:       new(today - 300),
			LatestFinalDay: new(today - 5),
			LookedThrough:  new(today - 1),
			Backfill:       &connector.Backfill{Next: today - 60, Last: today - 345},
			LastPoll:       &connector.Poll{At: begins, ScheduledFor: begins, Outcome: connector.OutcomeOK, DaysUpdated: 4, Detail: "28 days looked at."},
		},
		Phase:    connector.Saving,
		Settings: connector.Settings{IdleAfterDays: 30, NotifyEmails: []string{"ops@example.com"}},
		Credential: connector.Credential{
			Kind: credential.ClassicPAT, Login: "octo-owner", Scopes: []string{"manage_billing:copilot", "read:org"},
			ExpiresAt: new(begins.AddDate(0, 0, 80)), Fingerprint: "sha256:1a2b3c4d5e6f", RotatedAt: begins,
		},
		CreatedAt: begins,
		UpdatedAt: begins,
	}
}

// create stores a new live connector.
func (w *world) create(t testing.TB, tenant, slug string) *connector.Connector {
	t.Helper()
	c := newConnector(tenant, slug)
	c.Phase = connector.Live
	if holder, err := w.Create(t.Context(), c); err != nil || holder != nil {
		t.Fatalf("creating %s for %s: holder %v, %v", slug, tenant, holder, err)
	}
	return c
}

// items returns all items of a partition that have not expired.
func (w *world) items(t testing.TB, partition string) []store.Item {
	t.Helper()
	var items []store.Item
	for item, err := range w.table.Query(t.Context(), store.Range{Partition: partition}) {
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, item)
	}
	return items
}

// gathered returns the sort keys of a connector's data items.
func (w *world) gathered(t testing.TB, ref connector.Ref) []string {
	t.Helper()
	keys := []string{}
	for _, item := range w.items(t, "connector#"+ref.Tenant+"/"+ref.ID) {
		keys = append(keys, item.Sort)
	}
	return keys
}

func slugOf(n int) string { return fmt.Sprintf("org-%04d", n) }
