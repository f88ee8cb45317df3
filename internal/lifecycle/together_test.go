package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// passing is a verifier that accepts every token with one result.
type passing verify.Result

func (p passing) Verify(context.Context, verify.Request) verify.Result { return verify.Result(p) }

// rotates replaces the credential of a connector. The calls may fail.
func (w *world) rotates(ctx context.Context, f *faults, ref connector.Ref, to credential.Token) error {
	life, result := w.through(f), installed("octo-demo")
	if to.IsSecret() {
		result = w.result
		result.Credential.Fingerprint = to.Fingerprint()
	}
	life.Verifier = passing(result)
	_, err := life.Rotate(ctx, ref, to, "ada")
	return err
}

// polledStore and polledVault are what a poll changes before it asks GitHub.
type polledStore struct {
	collect.Store
	faultyStore
}

func (s polledStore) Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error) {
	return s.faultyStore.Connector(ctx, ref)
}

func (s polledStore) Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error) {
	return s.faultyStore.Change(ctx, ref, change)
}

func (s polledStore) Retire(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error) {
	return s.faultyStore.Retire(ctx, ref, change)
}

func (s polledStore) Remove(ctx context.Context, c *connector.Connector) error {
	return s.faultyStore.Remove(ctx, c)
}

type polledVault struct{ faultyVault }

var errAsks = errors.New("the poll asks GitHub")

func (polledVault) Get(context.Context, string, string) (credential.Token, error) { panic(errAsks) }

// polls runs a poll until it would ask GitHub. The calls may fail.
func (w *world) polls(ctx context.Context, f *faults, ref connector.Ref) (err error) {
	defer func() {
		if r := recover(); r != nil && r != errAsks { //nolint:errorlint // it is the very value
			panic(r)
		}
	}()
	c := w.Parts.Collector()
	c.Connect = func(string, credential.Token) collect.GitHub { panic(errAsks) }
	c.Store, c.Vault, c.Queue = polledStore{w.store, faultyStore{w.store, f}}, polledVault{faultyVault{w.Parts.Vault, f}}, noLater{}
	return c.Run(ctx, connector.Task{Tenant: ref.Tenant, Connector: ref.ID, ScheduledFor: w.Now(), Reason: connector.ReasonDaily})
}

// startsWith saves a connector with a credential. If it is an installation, the connector has an old note that a secret may be left.
func (w *world) startsWith(t *testing.T, from credential.Token, slug string) connector.Ref {
	t.Helper()
	life, wanted, result := w.through(&faults{}), requestWith(from, slug), installed(slug)
	wanted.NotifyEmails = nil
	if from.IsSecret() {
		result = w.result
	}
	life.Verifier = passing(result)
	c, err := life.Save(t.Context(), wanted)
	if err == nil && !from.IsSecret() {
		c, err = w.store.Change(t.Context(), c.Ref, func(c *connector.Connector) error { c.StraySecret = w.Now().Add(-time.Hour); return nil })
	}
	if err != nil {
		t.Fatal(err)
	}
	return c.Ref
}

// mustAgree checks that the vault holds the secret that the connector uses, or that a poll looks for a secret that it does not use.
func (w *world) mustAgree(t *testing.T, ref connector.Ref, when string) *connector.Connector {
	t.Helper()
	c, err := w.store.Connector(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	held, err := w.Parts.Vault.Get(t.Context(), ref.Tenant, ref.ID)
	if err != nil && !fault.Is(err, fault.NoToken) {
		t.Fatal(err)
	}
	switch endless := c.Credential.Endless(); {
	case !endless && err != nil:
		t.Errorf("%s: the connector uses a secret, and the vault is empty", when)
	case endless && err == nil && c.StraySecret.IsZero():
		t.Errorf("%s: the vault holds a secret that nobody knows of", when)
	case !endless && held.Fingerprint() != c.Credential.Fingerprint && when != killed:
		t.Errorf("%s: the vault holds another secret than the connector tells", when)
	}
	return c
}

const killed = "one of them was killed"

// Two of a rotation to a secret, a rotation to an installation and a poll run at the same time. The first is interrupted after each of its
// calls, or killed there. The second is interrupted after each of its calls too, until the first has ended.
func TestRotationsAndPollsAtTheSameTimeLoseNoSecretAndLeaveNone(t *testing.T) {
	t.Parallel()
	type action struct {
		name string
		run  func(w *world, f *faults, ref connector.Ref) error
	}
	actions := []action{
		{"to a token", func(w *world, f *faults, ref connector.Ref) error { return w.rotates(t.Context(), f, ref, another) }},
		{"to a third token", func(w *world, f *faults, ref connector.Ref) error {
			return w.rotates(t.Context(), f, ref, credential.NewToken(secret+"third"))
		}},
		{"to an installation", func(w *world, f *faults, ref connector.Ref) error {
			return w.rotates(t.Context(), f, ref, credential.NewInstallation(7, "code"))
		}},
		{"poll", func(w *world, f *faults, ref connector.Ref) error { return w.polls(t.Context(), f, ref) }},
	}
	for _, from := range []credential.Token{aToken, credential.Proved(7)} {
		for _, first := range actions {
			for _, second := range actions {
				if third := actions[1].name; first.name == second.name || first.name == third || second.name == third && first.name != actions[0].name {
					continue // a third token is only there to meet another one
				}
				t.Run(fmt.Sprintf("from %s, %s and %s", from.Kind(), first.name, second.name), func(t *testing.T) {
					t.Parallel()
					w, n := newWorld(t), 0
					// try runs both. It reports whether the first made i calls, and the second j.
					try := func(i, j int, kill bool) (reached, paused bool) {
						n++
						ref := w.startsWith(t, from, fmt.Sprintf("octo-%d", n))
						when := fmt.Sprintf("the second begins after call %d and pauses after its call %d", i, j)
						f, g := &faults{}, &faults{}
						if kill {
							when, f.at, f.failure = killed, i, ends
						}
						pause, resume, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
						g.each = func(string) {
							if len(g.calls) == j {
								paused = true
								close(pause)
								<-resume
							}
						}
						f.each = func(string) {
							if len(f.calls) != i {
								return
							}
							reached = true
							go func() { ended <- second.run(w, g, ref) }()
							select {
							case <-pause:
							case err := <-ended:
								ended <- err
							}
						}
						err := first.run(w, f, ref)
						if !reached {
							return false, false
						}
						close(resume)
						errs := []error{err, <-ended}
						for _, err := range errs {
							if err != nil && !kill && !fault.Is(err, fault.Conflict) {
								t.Errorf("%s: %v", when, err)
							}
						}
						if errs[0] != nil && errs[1] != nil && !kill {
							t.Errorf("%s: both fail: %v", when, errs)
						}
						w.mustAgree(t, ref, when)
						w.Advance(3 * time.Minute)
						if err := w.polls(t.Context(), &faults{}, ref); err != nil {
							t.Errorf("%s: the next poll: %v", when, err)
						}
						if c := w.mustAgree(t, ref, when); c.Credential.Endless() && (!c.StraySecret.IsZero() || w.inVault(t, ref)) {
							t.Errorf("%s: the next poll leaves a secret", when)
						}
						if err := w.rotates(t.Context(), &faults{}, ref, aToken); err != nil {
							t.Errorf("%s: the next rotation: %v", when, err)
						}
						w.mustAgree(t, ref, "in the end")
						return true, paused
					}
					for i := 1; ; i++ {
						if reached, _ := try(i, math.MaxInt, true); !reached {
							break
						}
						for j := 1; ; j++ {
							if _, paused := try(i, j, false); !paused {
								break
							}
						}
					}
				})
			}
		}
	}
}

// Without its connector nobody would find a secret that a dying rotation puts into the vault.
func TestAPurgeWaitsForARotationThatMayPutASecret(t *testing.T) {
	t.Parallel()
	w, ref := saved(t)
	f := &faults{at: 3, failure: ends}
	f.each = func(string) {
		if len(f.calls) != 2 { // it is about to put the secret
			return
		}
		if _, err := w.through(&faults{}).Delete(t.Context(), ref, "ada"); err != nil {
			t.Error(err)
		}
		if err := w.polls(t.Context(), &faults{}, ref); !errors.Is(err, errInjected) {
			t.Errorf("the purge does not wait: %v", err)
		}
	}
	if err := w.rotates(t.Context(), f, ref, another); !errors.Is(err, errInjected) || f.calls[2] != "Put" || !w.inVault(t, ref) {
		t.Errorf("%v, after %v", err, f.calls)
	}
	if left := w.clean(t); len(left) > 0 {
		t.Errorf("connectors left: %v", left)
	}
}
