package lifecycle_test

import (
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// installed is what Verify finds out about an installation of the stack's App.
func installed(slug string) verify.Result {
	return verify.Result{
		OK: true, AccountID: "77",
		Account: verify.Account{Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: slug}, Plan: copilot.PlanBusiness},
		Credential: verify.Credential{
			Kind: credential.GitHubAppInstallation, Installation: &credential.Installation{ID: 7, Slug: "app"}, Fingerprint: credential.Proved(7).Fingerprint(),
		},
		Capabilities: access.Capabilities{Usage: "ok", Users: "ok", Seats: "ok", Billing: "denied"},
	}
}

// inVault reports whether the vault holds a secret of the connector.
func (w *world) inVault(t *testing.T, ref connector.Ref) bool {
	t.Helper()
	_, err := w.Parts.Vault.Get(t.Context(), ref.Tenant, ref.ID)
	if err != nil && !fault.Is(err, fault.NoToken) {
		t.Fatal(err)
	}
	return err == nil
}

func TestASavedInstallationTellsItsAccountAndAsksNoVault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.result = installed("Octo-Demo")
	f := &faults{}
	wanted := request("")
	wanted.Account.Scope, wanted.Token = "", credential.NewInstallation(7, "code")
	saved, err := w.through(f).Save(t.Context(), wanted)
	if err != nil || saved.Slug != "Octo-Demo" || saved.Scope != copilot.Organization || saved.AccountID != "77" || saved.Credential.App.ID != 7 {
		t.Fatalf("%+v, %v", saved, err)
	}
	for _, call := range f.calls {
		if call == "Put" || call == "Holder" {
			t.Errorf("%s was called", call)
		}
	}
	if w.inVault(t, saved.Ref) {
		t.Error("the vault holds a secret")
	}
}

// A secret in use is never lost, and one that is not used any more is noted until it is gone.
func TestWhereverARotationToOrFromAnInstallationFailsNothingIsLost(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]credential.Token{"to an installation": credential.NewInstallation(7, "code"), "to a token": credential.NewToken(secret)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFault(t, func(t *testing.T, w *world, f *faults) {
				token, ofApp, first := w.result, installed("octo-demo"), request("octo-demo")
				next := ofApp
				if to.IsSecret() {
					w.result, next, first.Token = ofApp, token, credential.NewInstallation(7, "code")
				}
				c, err := w.through(&faults{}).Save(t.Context(), first)
				if err != nil {
					t.Fatal(err)
				}
				w.result = next
				rotated, err := w.through(f).Rotate(t.Context(), c.Ref, to, "ada")
				if (rotated == nil) == (err == nil) {
					t.Errorf("%v, %v", rotated, err)
				}
				now, readErr := w.store.Connector(t.Context(), c.Ref)
				if readErr != nil {
					t.Fatal(readErr)
				}
				switch holds := w.inVault(t, c.Ref); {
				case !now.Credential.Endless() && !holds:
					t.Errorf("after %v the secret in use is lost", f.calls)
				case now.Credential.Endless() && holds && now.StraySecret.IsZero():
					t.Errorf("after %v a secret is left that nobody knows of", f.calls)
				case now.Credential.Endless() && !to.IsSecret() && now.StraySecret.IsZero():
					t.Errorf("after %v no poll looks for a secret that a move of the tokens has copied meanwhile", f.calls)
				case err == nil && now.Credential.Kind != to.Kind():
					t.Errorf("after %v the connector has %s", f.calls, now.Credential.Kind)
				}
			})
		})
	}
}
