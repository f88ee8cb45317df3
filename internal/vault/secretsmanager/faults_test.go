package secretsmanager_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/vault/vaulttest"
)

// at returns a failure of the nth call of an action, and of each later call if it lasts.
func at(action string, nth int, lasts bool, what failure) func(string, int) failure {
	return func(a string, n int) failure {
		if a == action && (n == nth || lasts && n > nth) {
			return what
		}
		return failure{}
	}
}

func TestTransientTroubleIsRetried(t *testing.T) {
	for _, action := range []string{"CreateSecret", "PutSecretValue", "DescribeSecret", "UpdateSecretVersionStage", "GetSecretValue", "DeleteSecret"} {
		for name, what := range map[string]failure{"down": down, "throttled": throttled, "its answer lost": lost} {
			t.Run(action+" is "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					for nth := range 3 {
						fake := &fakeSecrets{failure: at(action, nth+1, false, what)}
						v, id := fake.vault(), connector.NewID()
						must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Other)))
						must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
						vaulttest.Holds(t, v, "acme", id, vaulttest.Canary)
						if diff := cmp.Diff([]string{vaulttest.Canary}, fake.readable()); diff != "" {
							t.Errorf("readable by a label: %s", diff)
						}
						if versions := len(fake.secrets[prefix+"acme/"+id].values); versions != 2 {
							t.Errorf("two tokens have %d versions", versions)
						}
						must(t, v.Delete(t.Context(), "acme", id))
						vaulttest.Holds(t, v, "acme", id, "")
					}
				})
			})
		}
	}
}

func TestASecretWhoseCreationAnswerWasLostIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := &fakeSecrets{failure: func(action string, nth int) failure {
			switch {
			case action == "CreateSecret" && nth == 1:
				return lost
			case action == "CreateSecret":
				return failure{status: 400, body: `{"__type":"ResourceExistsException"}`}
			}
			return failure{}
		}}
		v, id := fake.vault(), connector.NewID()
		must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
		vaulttest.Holds(t, v, "acme", id, vaulttest.Canary)
		if versions := len(fake.secrets[prefix+"acme/"+id].values); versions != 1 {
			t.Errorf("one token has %d versions", versions)
		}
	})
}

func TestTheNextPutRemovesAnOldTokenLeftByACrash(t *testing.T) {
	for _, next := range []string{vaulttest.Canary, "ghp_third"} {
		for _, action := range []string{"DescribeSecret", "UpdateSecretVersionStage"} {
			t.Run(action, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					fake := &fakeSecrets{}
					v, id := fake.vault(), connector.NewID()
					must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Other)))
					fake.failure = at(action, 1, true, down)
					if err := v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)); !fault.Is(err, fault.Vault) {
						t.Errorf("the old token is still readable, but: %v", err)
					}
					vaulttest.Holds(t, v, "acme", id, vaulttest.Canary)
					fake.failure = nil
					must(t, v.Put(t.Context(), "acme", id, credential.NewToken(next)))
					if diff := cmp.Diff([]string{next}, fake.readable()); diff != "" {
						t.Errorf("readable by a label: %s", diff)
					}
				})
			})
		}
	}
}

func TestAnOutdatedDescriptionDoesNotLeaveAnOldToken(t *testing.T) {
	for name, c := range map[string]struct {
		lasts bool
		code  fault.Code
	}{
		"for a moment": {false, ""},
		"for good":     {true, fault.Vault},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := &fakeSecrets{failure: at("DescribeSecret", 1, c.lasts, failure{stale: true})}
				v, id := fake.vault(), connector.NewID()
				must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Other)))
				err := v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary))
				if fault.CodeOf(err) != c.code || (len(fake.readable()) == 1) != (err == nil) {
					t.Errorf("Put returned %v, want code %q; %d tokens are readable, want 1 without an error", err, c.code, len(fake.readable()))
				}
			})
		})
	}
}

func TestAMissingTokenAndAFailingVaultHaveDifferentCodes(t *testing.T) {
	refusal := func(code, message string) failure {
		return failure{status: 400, body: fmt.Sprintf(`{"__type":%q,"message":%q}`, code, message)}
	}
	for name, c := range map[string]struct {
		what failure
		code fault.Code
	}{
		"no secret":              {refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret."), fault.NoToken},
		"scheduled for deletion": {refusal("InvalidRequestException", "You can't perform this operation on the secret because it was marked for deletion."), fault.NoToken},
		"another state":          {refusal("InvalidRequestException", "You can't perform this operation on the secret."), fault.Vault},
		"not allowed":            {denied, fault.Vault},
		"key not usable":         {refusal("DecryptionFailure", ""), fault.Vault},
		"throttled":              {throttled, fault.Vault},
		"down":                   {down, fault.Vault},
		"not JSON":               {failure{status: 503, body: "<html>"}, fault.Vault},
		"a lost connection":      {failure{status: 502}, fault.Vault},
		"binary":                 {failure{status: 200, body: `{"SecretBinary":"aGk="}`}, fault.Vault},
		"not a token":            {failure{status: 200, body: `{"SecretString":"{\"token\":\"x\"}"}`}, fault.Vault},
		"empty":                  {failure{status: 200, body: `{"SecretString":""}`}, fault.Vault},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := (&fakeSecrets{failure: at("GetSecretValue", 1, true, c.what)}).vault()
				if token, err := v.Get(t.Context(), "acme", connector.NewID()); fault.CodeOf(err) != c.code || token.Reveal() != "" {
					t.Errorf("Get returned %v, want code %q and no token", err, c.code)
				}
			})
		})
	}
}

func TestASecretScheduledForDeletionAcceptsNoToken(t *testing.T) {
	scheduled := failure{status: 400, body: `{"__type":"InvalidRequestException","message":"a secret with this name is already scheduled for deletion"}`}
	fake := &fakeSecrets{failure: at("CreateSecret", 1, true, scheduled)}
	err := fake.vault().Put(t.Context(), "acme", connector.NewID(), credential.NewToken(vaulttest.Canary))
	if !fault.Is(err, fault.Vault) || err.Error() != "store the token: vault_failed: InvalidRequestException" {
		t.Errorf("Put returned %v, want InvalidRequestException", err)
	}
}

func TestDeletingAnAbsentSecretSucceeds(t *testing.T) {
	fake := &fakeSecrets{failure: at("DeleteSecret", 1, true, failure{status: 400, body: `{"__type":"ResourceNotFoundException"}`})}
	must(t, fake.vault().Delete(t.Context(), "acme", connector.NewID()))
}

func TestATokenThatCouldNotBeDeletedIsAnError(t *testing.T) {
	fake := &fakeSecrets{failure: at("DeleteSecret", 1, true, denied)}
	err := fake.vault().Delete(t.Context(), "acme", connector.NewID())
	if !fault.Is(err, fault.Vault) || err.Error() != "delete the token: vault_failed: AccessDeniedException" {
		t.Errorf("Delete returned %v, want AccessDeniedException", err)
	}
}

func TestWaitingForTheVaultEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := &fakeSecrets{}
		v, id := fake.vault(), connector.NewID()
		must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Other)))
		fake.failure = at("DescribeSecret", 1, true, failure{stale: true})
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		err := v.Put(ctx, "acme", id, credential.NewToken(vaulttest.Canary))
		_, errGet := v.Get(ctx, "acme", id)
		for _, err := range []error{err, errGet} {
			if !fault.Is(err, fault.Vault) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want code vault_failed because of the deadline", err)
			}
		}
	})
}
