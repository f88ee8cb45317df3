package vault_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/vault"
)

// tokens is what each vault does.
type tokens interface {
	Put(ctx context.Context, tenant, id string, token credential.Token) error
	Get(ctx context.Context, tenant, id string) (credential.Token, error)
	Delete(ctx context.Context, tenant, id string) error
}

const (
	canary = "ghp_canaryCANARYcanaryCANARYcanaryCANARY01"
	other  = "ghp_otherOTHERotherOTHERotherOTHERother02"
)

func newFiles(t *testing.T, dir string) *vault.Files {
	t.Helper()
	files, err := vault.NewFiles(dir)
	must(t, err)
	t.Cleanup(func() {
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	return files
}

// holds asserts what a Get returns; empty: nothing is there.
func holds(t *testing.T, v tokens, tenant, id, want string) {
	t.Helper()
	token, err := v.Get(t.Context(), tenant, id)
	if want == "" && !fault.Is(err, fault.NoToken) || want != "" && err != nil {
		t.Errorf("got %v", err)
	}
	if token.Reveal() != want {
		t.Errorf("got another token than the one expected")
	}
}

func TestEveryVault(t *testing.T) {
	for name, open := range map[string]func(*testing.T) tokens{
		"files":                  func(t *testing.T) tokens { return newFiles(t, t.TempDir()+"/vault") },
		"a fake Secrets Manager": func(*testing.T) tokens { return (&fakeSecrets{}).vault() },
		"moto's Secrets Manager": func(t *testing.T) tokens { return vault.NewSecretsManager(moto(t), prefix) },
	} {
		t.Run(name, func(t *testing.T) {
			v := open(t)
			t.Run("has nothing that was not put", func(t *testing.T) {
				holds(t, v, "acme", connector.NewID(), "")
			})
			t.Run("returns what was put", func(t *testing.T) {
				id := connector.NewID()
				must(t, v.Put(t.Context(), "acme", id, credential.NewToken(canary)))
				holds(t, v, "acme", id, canary)
			})
			t.Run("replaces what was put, there and back", func(t *testing.T) {
				id := connector.NewID()
				for _, value := range []string{canary, other, canary, canary} {
					must(t, v.Put(t.Context(), "acme", id, credential.NewToken(value)))
					holds(t, v, "acme", id, value)
				}
			})
			t.Run("keeps tenants and connectors apart", func(t *testing.T) {
				one, two := connector.NewID(), connector.NewID()
				must(t, v.Put(t.Context(), "acme", one, credential.NewToken(canary)))
				must(t, v.Put(t.Context(), "acme-2", one, credential.NewToken(other)))
				holds(t, v, "acme", one, canary)
				holds(t, v, "acme-2", one, other)
				holds(t, v, "acme", two, "")
				must(t, v.Delete(t.Context(), "acme-2", one))
				holds(t, v, "acme", one, canary)
			})
			t.Run("has nothing that was deleted, however often", func(t *testing.T) {
				id := connector.NewID()
				must(t, v.Delete(t.Context(), "acme", id))
				must(t, v.Put(t.Context(), "acme", id, credential.NewToken(canary)))
				for range 2 {
					must(t, v.Delete(t.Context(), "acme", id))
					holds(t, v, "acme", id, "")
				}
			})
			t.Run("takes many at once, and of two for the same connector one", func(t *testing.T) {
				id := connector.NewID()
				var putting sync.WaitGroup
				for i := range 8 {
					putting.Go(func() {
						own, value := connector.NewID(), canary
						if i%2 == 0 {
							value = other
						}
						if err := v.Put(t.Context(), "acme", own, credential.NewToken(value)); err != nil {
							t.Error(err)
						}
						holds(t, v, "acme", own, value)
						if i < 2 {
							if err := v.Put(t.Context(), "acme", id, credential.NewToken(value)); err != nil {
								t.Error(err)
							}
						}
					})
				}
				putting.Wait()
				if token, err := v.Get(t.Context(), "acme", id); err != nil || token.Reveal() != canary && token.Reveal() != other {
					t.Errorf("neither is there: %v", err)
				}
			})
			t.Run("refuses what cannot be a token", func(t *testing.T) {
				id := connector.NewID()
				for _, given := range []string{"", "hunter2", "sk-" + canary, canary + "\n" + canary} {
					if err := v.Put(t.Context(), "acme", id, credential.NewToken(given)); !fault.Is(err, fault.NotPAT) {
						t.Errorf("got %v", err)
					}
				}
				holds(t, v, "acme", id, "")
			})
			t.Run("refuses what names no connector", func(t *testing.T) {
				id := connector.NewID()
				for _, ref := range [][2]string{
					{"", id}, {"acme", ""}, {"..", id}, {"acme", ".."}, {"acme/../other", id}, {"acme", "../" + id}, {"ACME", id}, {"acme", id + "~"}, {"acme", strings.ToUpper(id)},
				} {
					_, errGet := v.Get(t.Context(), ref[0], ref[1])
					for _, err := range []error{
						v.Put(t.Context(), ref[0], ref[1], credential.NewToken(canary)), errGet, v.Delete(t.Context(), ref[0], ref[1]),
					} {
						if !fault.Is(err, fault.Internal) {
							t.Errorf("%q: got %v", ref, err)
						}
					}
				}
			})
		})
	}
}
