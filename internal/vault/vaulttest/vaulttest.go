// Package vaulttest is the contract of vaults: tests that every vault must pass. Start reading at Run.
package vaulttest

import (
	"bytes"
	_ "embed"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/vault"
)

// Canary and Other are tokens. No output may contain them.
const (
	Canary = "ghp_canaryCANARYcanaryCANARYcanaryCANARY01" //nolint:gosec // nobody's token
	Other  = "ghp_otherOTHERotherOTHERotherOTHERother02"  //nolint:gosec // nobody's token
)

// longestKey is a key of 4,096 bits, the longest that is accepted. Making one takes a second or more. It opens nothing.
//
//go:embed longest.pem
var longestKey string

// LongestApp is a GitHub App with the longest client id and key that are accepted.
func LongestApp(t *testing.T) credential.Token {
	t.Helper()
	app, err := credential.NewApp(strings.Repeat("x", 64), longestKey)
	must(t, err)
	return app
}

// Holds asserts that Get returns the token want; if want is empty, that there is no token.
func Holds(t *testing.T, v vault.Vault, tenant, id, want string) {
	t.Helper()
	token, err := v.Get(t.Context(), tenant, id)
	if want == "" && !fault.Is(err, fault.NoToken) || want != "" && err != nil {
		t.Errorf("got %v", err)
	}
	if token.Reveal() != want {
		t.Errorf("got another token than the one expected")
	}
}

// Run tests one vault. The vault may already hold tokens.
func Run(t *testing.T, v vault.Vault) {
	t.Helper()
	t.Run("has nothing that was not put", func(t *testing.T) {
		Holds(t, v, "acme", connector.NewID(), "")
	})
	t.Run("returns what was put", func(t *testing.T) {
		id := connector.NewID()
		must(t, v.Put(t.Context(), "acme", id, credential.NewToken(Canary)))
		Holds(t, v, "acme", id, Canary)
	})
	t.Run("keeps a GitHub App with the longest key", func(t *testing.T) {
		id, app := connector.NewID(), LongestApp(t)
		must(t, v.Put(t.Context(), "acme", id, app))
		Holds(t, v, "acme", id, app.Reveal())
		must(t, v.Put(t.Context(), "acme", id, credential.NewToken(Canary)))
		Holds(t, v, "acme", id, Canary)
	})
	t.Run("replaces what was put, there and back", func(t *testing.T) {
		id := connector.NewID()
		for _, value := range []string{Canary, Other, Canary, Canary} {
			must(t, v.Put(t.Context(), "acme", id, credential.NewToken(value)))
			Holds(t, v, "acme", id, value)
		}
	})
	t.Run("keeps tenants and connectors apart", func(t *testing.T) {
		one, two := connector.NewID(), connector.NewID()
		must(t, v.Put(t.Context(), "acme", one, credential.NewToken(Canary)))
		must(t, v.Put(t.Context(), "acme-2", one, credential.NewToken(Other)))
		Holds(t, v, "acme", one, Canary)
		Holds(t, v, "acme-2", one, Other)
		Holds(t, v, "acme", two, "")
		must(t, v.Delete(t.Context(), "acme-2", one))
		Holds(t, v, "acme", one, Canary)
	})
	t.Run("has nothing that was deleted, however often", func(t *testing.T) {
		id := connector.NewID()
		must(t, v.Delete(t.Context(), "acme", id))
		must(t, v.Put(t.Context(), "acme", id, credential.NewToken(Canary)))
		for range 2 {
			must(t, v.Delete(t.Context(), "acme", id))
			Holds(t, v, "acme", id, "")
		}
	})
	t.Run("takes many at once, and of two for the same connector one", func(t *testing.T) {
		id := connector.NewID()
		var putting sync.WaitGroup
		for i := range 8 {
			putting.Go(func() {
				own, value := connector.NewID(), Canary
				if i%2 == 0 {
					value = Other
				}
				if err := v.Put(t.Context(), "acme", own, credential.NewToken(value)); err != nil {
					t.Error(err)
				}
				Holds(t, v, "acme", own, value)
				if i < 2 {
					if err := v.Put(t.Context(), "acme", id, credential.NewToken(value)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		putting.Wait()
		if token, err := v.Get(t.Context(), "acme", id); err != nil || token.Reveal() != Canary && token.Reveal() != Other {
			t.Errorf("neither is there: %v", err)
		}
	})
	t.Run("refuses what cannot be a token", func(t *testing.T) {
		id := connector.NewID()
		for _, given := range []string{"", "hunter2", "sk-" + Canary, Canary + "\n" + Canary} {
			if err := v.Put(t.Context(), "acme", id, credential.NewToken(given)); !fault.Is(err, fault.NotPAT) {
				t.Errorf("got %v", err)
			}
		}
		Holds(t, v, "acme", id, "")
	})
	t.Run("refuses what names no connector", func(t *testing.T) {
		id := connector.NewID()
		for _, ref := range [][2]string{
			{"", id}, {"acme", ""}, {"..", id}, {"acme", ".."}, {"acme/../other", id}, {"acme", "../" + id}, {"ACME", id}, {"acme", id + "~"}, {"acme", strings.ToUpper(id)},
		} {
			_, errGet := v.Get(t.Context(), ref[0], ref[1])
			for _, err := range []error{
				v.Put(t.Context(), ref[0], ref[1], credential.NewToken(Canary)), errGet, v.Delete(t.Context(), ref[0], ref[1]),
			} {
				if !fault.Is(err, fault.Internal) {
					t.Errorf("%q: got %v", ref, err)
				}
			}
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Printed collects values in every form in which Go can print them.
type Printed struct{ text bytes.Buffer }

// Tell adds the values in all printed forms.
func (p *Printed) Tell(values ...any) {
	log := slog.New(slog.NewTextHandler(&p.text, nil))
	for _, value := range values {
		_, _ = fmt.Fprintf(&p.text, "%v %+v %#v %s\n", value, value, value, value)
		log.Info("told", "value", value)
	}
}

// LacksAll asserts that something was printed, and that it contains none of the secrets.
func (p *Printed) LacksAll(t *testing.T, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(p.text.String(), secret) {
			t.Errorf("%q was printed", secret)
		}
	}
	if p.text.Len() < 500 {
		t.Errorf("only %d bytes were printed", p.text.Len())
	}
}
