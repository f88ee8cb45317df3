package vault_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/vault"
	"cloudmonitor.ai/copilot-connector/internal/vault/vaulttest"
)

// inMemory is a vault. hook, if set, is called before each step and may refuse it.
type inMemory struct {
	hook func(step string) error

	mu     sync.Mutex
	tokens map[string]credential.Token
}

func (m *inMemory) do(step, tenant, id string, change func(name string) error) error {
	if m.hook != nil {
		if err := m.hook(step); err != nil {
			return err
		}
	}
	op := map[string]string{"get": vault.OpGet, "delete": vault.OpDelete}[step]
	if op == "" {
		op = vault.OpPut
	}
	if err := vault.CheckName(op, tenant, id); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tokens == nil {
		m.tokens = map[string]credential.Token{}
	}
	return change(tenant + "/" + id)
}

func (m *inMemory) Put(_ context.Context, tenant, id string, token credential.Token) error {
	return m.do("put", tenant, id, func(name string) error {
		if err := token.Check(); err != nil {
			return err
		}
		m.tokens[name] = token
		return nil
	})
}

func (m *inMemory) Add(_ context.Context, tenant, id string, token credential.Token) error {
	return m.do("add", tenant, id, func(name string) error {
		if _, there := m.tokens[name]; !there {
			m.tokens[name] = token
		}
		return nil
	})
}

func (m *inMemory) Get(_ context.Context, tenant, id string) (token credential.Token, err error) {
	err = m.do("get", tenant, id, func(name string) error {
		var there bool
		if token, there = m.tokens[name]; !there {
			return vault.Absent()
		}
		return nil
	})
	return token, err
}

func (m *inMemory) Delete(_ context.Context, tenant, id string) error {
	return m.do("delete", tenant, id, func(name string) error {
		delete(m.tokens, name)
		return nil
	})
}

func TestTwoVaultsWorkAsOneWhileTokensMove(t *testing.T) {
	vaulttest.Run(t, vault.Moving{Present: &inMemory{}, Former: &inMemory{}})
}

func TestATokenOfTheFormerVaultIsReadReplacedAndDeleted(t *testing.T) {
	former, present := &inMemory{}, &inMemory{}
	moving := vault.Moving{Present: present, Former: former}
	replaced, deleted := connector.NewID(), connector.NewID()
	for _, id := range []string{replaced, deleted} {
		must(t, former.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
		vaulttest.Holds(t, moving, "acme", id, vaulttest.Canary)
	}
	must(t, moving.Put(t.Context(), "acme", replaced, credential.NewToken(vaulttest.Other)))
	must(t, moving.Delete(t.Context(), "acme", deleted))
	vaulttest.Holds(t, moving, "acme", replaced, vaulttest.Other)
	vaulttest.Holds(t, moving, "acme", deleted, "")
	if len(former.tokens) != 0 {
		t.Errorf("the former vault still holds %d tokens", len(former.tokens))
	}
}

func TestAVaultThatIsDownHidesNoToken(t *testing.T) {
	refused := &fault.Error{Code: fault.Vault, Op: vault.OpGet, Err: errors.New("down")}
	down := &inMemory{hook: func(string) error { return refused }}
	for name, moving := range map[string]vault.Moving{
		"present": {Present: down, Former: &inMemory{}}, "former": {Present: &inMemory{}, Former: down},
	} {
		if _, err := moving.Get(t.Context(), "acme", connector.NewID()); !fault.Is(err, fault.Vault) {
			t.Errorf("the %s vault is down, and the token counts as: %v", name, err)
		}
	}
}

// stack is the part of a stack that a mover uses.
type stack struct {
	mu         sync.Mutex
	connectors map[connector.Ref]connector.Phase
	order      []connector.Ref
	secrets    map[connector.Ref]credential.Token // what the vault held in the beginning
}

func (s *stack) Due(_ context.Context, after connector.Ref, limit int) ([]connector.Due, error) {
	start := 0
	for i, ref := range s.order {
		if ref == after {
			start = i + 1
		}
	}
	var due []connector.Due
	for _, ref := range s.order[start:min(start+limit, len(s.order))] {
		due = append(due, connector.Due{Ref: ref})
	}
	return due, nil
}

func (s *stack) Connector(_ context.Context, ref connector.Ref) (*connector.Connector, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	phase, there := s.connectors[ref]
	if !there {
		return nil, nil
	}
	return &connector.Connector{Ref: ref, Phase: phase}, nil
}

// newStack returns a stack with so many connectors, whose secrets are in the vault tokens: the keys of Apps among them.
func newStack(t *testing.T, connectors int, tokens *inMemory) *stack {
	t.Helper()
	s := &stack{connectors: map[connector.Ref]connector.Phase{}, secrets: map[connector.Ref]credential.Token{}}
	for n := range connectors {
		ref := connector.Ref{Tenant: "acme", ID: connector.NewID()}
		s.connectors[ref], s.order = connector.Live, append(s.order, ref)
		s.secrets[ref] = credential.NewToken(vaulttest.Canary)
		if n%100 == 50 {
			s.secrets[ref] = vaulttest.LongestApp(t)
		}
		must(t, tokens.Put(t.Context(), ref.Tenant, ref.ID, s.secrets[ref]))
	}
	return s
}

func TestEveryTokenMovesWhicheverStepFails(t *testing.T) {
	const connectors = 2345 // more than two pages of the list
	var log strings.Builder
	from, to := &inMemory{}, &inMemory{}
	s := newStack(t, connectors, from)
	var calls, failures int
	flaky := func(string) error { // in the first two runs each third step fails
		calls++
		if calls%3 == 0 && failures < 2*connectors {
			failures++
			return &fault.Error{Code: fault.Vault, Op: vault.OpPut, Err: errors.New("down")}
		}
		return nil
	}
	var mu sync.Mutex
	locked := func(step string) error {
		mu.Lock()
		defer mu.Unlock()
		return flaky(step)
	}
	from.hook, to.hook = locked, locked
	mover := vault.Mover{Store: s, From: from, To: to, Log: slog.New(slog.NewTextHandler(&log, nil))}
	runs := 0
	for done := false; !done; runs++ {
		moved, err := mover.Move(t.Context())
		if err != nil || moved.Connectors != connectors || runs > 50 {
			t.Fatalf("run %d: %+v, %v", runs, moved, err)
		}
		done = moved.Complete
		for _, ref := range s.order { // whatever fails, each token is in one of the vaults
			name := ref.Tenant + "/" + ref.ID
			if secret := s.secrets[ref].Reveal(); from.tokens[name].Reveal() != secret && to.tokens[name].Reveal() != secret {
				t.Fatalf("run %d: a token is lost", runs)
			}
		}
	}
	if runs < 2 || len(from.tokens) != 0 || len(to.tokens) != connectors {
		t.Errorf("after %d runs the old vault has %d tokens and the new one %d", runs, len(from.tokens), len(to.tokens))
	}
	if again, err := mover.Move(t.Context()); err != nil || again.Moved != 0 || !again.Complete {
		t.Errorf("a further run moves %+v, %v", again, err)
	}
	key := s.secrets[s.order[50]].Reveal()
	if strings.Contains(log.String(), key[len(key)/2:][:16]) || strings.Contains(log.String(), vaulttest.Canary) || !strings.Contains(log.String(), "connector="+s.order[0].ID[:4]) && !strings.Contains(log.String(), "token not moved") {
		t.Error("the log contains a token, or names no connector")
	}
}

func TestARotationAndADeletionDuringTheMoveWin(t *testing.T) {
	for name, c := range map[string]struct {
		during func(moving vault.Moving, s *stack, ref connector.Ref)
		want   string
	}{
		"rotation": {func(moving vault.Moving, _ *stack, ref connector.Ref) {
			must(t, moving.Put(t.Context(), ref.Tenant, ref.ID, credential.NewToken(vaulttest.Other)))
		}, vaulttest.Other},
		"deletion": {func(moving vault.Moving, s *stack, ref connector.Ref) {
			s.mu.Lock()
			s.connectors[ref] = connector.Deleting
			s.mu.Unlock()
			must(t, moving.Delete(t.Context(), ref.Tenant, ref.ID))
		}, ""},
		"purge": {func(moving vault.Moving, s *stack, ref connector.Ref) {
			must(t, moving.Delete(t.Context(), ref.Tenant, ref.ID))
			s.mu.Lock()
			delete(s.connectors, ref)
			s.mu.Unlock()
		}, ""},
	} {
		for _, step := range []string{"add", "delete"} { // the mover's step before which it happens
			t.Run(name+" before "+step, func(t *testing.T) {
				from, to := &inMemory{}, &inMemory{}
				s := newStack(t, 1, from)
				ref, moving := s.order[0], vault.Moving{Present: to, Former: from}
				happened := false
				hook := func(at string) error {
					if at == step && !happened {
						happened = true
						c.during(moving, s, ref)
					}
					return nil
				}
				from.hook, to.hook = hook, hook
				moved, err := vault.Mover{Store: s, From: from, To: to, Log: slog.New(slog.DiscardHandler)}.Move(t.Context())
				if err != nil || moved.Failed != 0 || !happened {
					t.Fatalf("the move returned %+v, %v, want no failure", moved, err)
				}
				vaulttest.Holds(t, moving, ref.Tenant, ref.ID, c.want)
				if len(from.tokens) != 0 || (len(to.tokens) == 0) != (c.want == "") {
					t.Errorf("%d tokens in the former vault, %d in the present one", len(from.tokens), len(to.tokens))
				}
			})
		}
	}
}

func TestAMoveThatRunsOutOfTimeTellsItsProgress(t *testing.T) {
	from, to := &inMemory{}, &inMemory{}
	s := newStack(t, 100, from)
	ctx, cancel := context.WithCancel(t.Context())
	to.hook = func(string) error {
		cancel()
		return nil
	}
	moved, err := vault.Mover{Store: s, From: from, To: to, Log: slog.New(slog.DiscardHandler)}.Move(ctx)
	if err != nil || moved.Complete || moved.Connectors == 0 || moved.Connectors == 100 {
		t.Errorf("the move returned %+v, %v, want part of the connectors", moved, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
