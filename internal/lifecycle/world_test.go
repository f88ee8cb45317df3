package lifecycle_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

var begins = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

const secret = "ghp_CanarySingsInTheCoalMine0123456789ab"

// world holds a tenant's connectors and tokens. Verify returns the result that the test sets.
type world struct {
	*assembled.World
	store  *store.Store
	result verify.Result
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: assembled.On(t, t.TempDir(), testworld.NewClock(begins), nil)}
	w.store = w.Parts.Store
	w.result = verify.Result{
		OK: true, Account: verify.Account{Plan: copilot.PlanBusiness},
		Credential: verify.Credential{
			Kind: credential.ClassicPAT, Login: new("octo-owner"), Scopes: []string{"read:org"}, ExpiresAt: new(begins.AddDate(0, 0, 80)),
			Fingerprint: credential.NewToken(secret).Fingerprint(),
		},
		Capabilities: access.Capabilities{Usage: "ok", Users: "ok", Seats: "ok", Billing: "denied"},
	}
	t.Cleanup(func() {
		for _, c := range []credential.Token{apps()[0], apps()[1], aToken} {
			if strings.Contains(w.Log.String(), part(c)) {
				t.Error("a secret is in the log")
			}
		}
	})
	return w
}

func (w *world) Verify(context.Context, verify.Request) verify.Result {
	result := w.result
	result.VerifiedAt = w.Now()
	return result
}

// noLater is a queue that never takes a task for later: no clean-up may need that.
type noLater struct{}

func (noLater) SendLater(context.Context, connector.Task, time.Duration) error { return errInjected }

// through returns a lifecycle whose calls may fail.
func (w *world) through(f *faults) lifecycle.Lifecycle {
	life := w.Parts.Lifecycle()
	life.Verifier, life.Store, life.Vault = w, faultyStore{life.Store, f}, faultyVault{life.Vault, f}
	life.Queue, life.Recipients = faultyQueue{life.Queue, f}, faultyRecipients{life.Recipients, f}
	return life
}

func request(slug string) lifecycle.Request { return requestWith(aToken, slug) }

func requestWith(c credential.Token, slug string) lifecycle.Request {
	wanted := assembled.Request(copilot.Organization, slug, c)
	wanted.IdleAfterDays, wanted.NotifyEmails, wanted.Actor = 45, []string{"ops@example.com"}, "ada"
	return wanted
}

// stored returns all connectors, in any phase.
func (w *world) stored(t *testing.T) (list []*connector.Connector) {
	t.Helper()
	all, err := w.store.Due(t.Context(), connector.Ref{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, due := range all {
		c, err := w.store.Connector(t.Context(), due.Ref)
		if err != nil || c == nil {
			t.Fatalf("the due connector %v is %v, %v", due.Ref, c, err)
		}
		list = append(list, c)
	}
	return list
}

// mustBeSafe checks that there is no token without a connector, and no live connector without a token.
func (w *world) mustBeSafe(t *testing.T, when string) {
	t.Helper()
	tokens, err := os.ReadDir(filepath.Join(w.Folder, assembled.TokensFolder))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, c := range w.stored(t) {
		known["acme."+c.ID] = true
		if _, err := w.Parts.Vault.Get(t.Context(), c.Tenant, c.ID); c.Phase == connector.Live && err != nil {
			t.Errorf("%s a live connector has no token: %v", when, err)
		}
	}
	for _, token := range tokens {
		if !known[token.Name()] {
			t.Errorf("%s there is a token without a connector", when)
		}
	}
}

// clean runs the next poll of each connector that is not live, which removes it, and returns the live ones.
func (w *world) clean(t *testing.T) (left []*connector.Connector) {
	t.Helper()
	w.Advance(11 * time.Minute)
	cleaner := w.Parts.Collector()
	cleaner.Queue = noLater{}
	for _, c := range w.stored(t) {
		if c.Phase == connector.Live {
			left = append(left, c)
			continue
		}
		task := connector.Task{Tenant: c.Tenant, Connector: c.ID, ScheduledFor: w.Now(), Reason: connector.ReasonDaily}
		if err := cleaner.Run(t.Context(), task); err != nil {
			t.Errorf("removing a connector that is %s: %v", c.Phase, err)
		}
	}
	w.mustBeSafe(t, "after the clean-up")
	if now := w.stored(t); len(now) != len(left) || len(w.Post.Subscribed) > len(left) {
		t.Errorf("%d connectors are left, %d of them live, and recipients of %d", len(now), len(left), len(w.Post.Subscribed))
	}
	return left
}

func live(list []*connector.Connector) (ids []string) {
	for _, c := range list {
		if c.Phase == connector.Live {
			ids = append(ids, c.ID)
		}
	}
	return slices.Sorted(slices.Values(ids))
}
