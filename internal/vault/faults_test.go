package vault_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// at is a fault of the nth call of an action, and of each further one when it lasts.
func at(action string, nth int, lasts bool, what fault) func(string, int) fault {
	return func(a string, n int) fault {
		if a == action && (n == nth || lasts && n > nth) {
			return what
		}
		return fault{}
	}
}

func TestTroubleThatPassesIsNotSeen(t *testing.T) {
	for _, action := range []string{"CreateSecret", "PutSecretValue", "DescribeSecret", "UpdateSecretVersionStage", "GetSecretValue", "DeleteSecret"} {
		for name, what := range map[string]fault{"down": down, "throttled": throttled, "its answer lost": lost} {
			t.Run(action+" is "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					for nth := range 3 {
						fake := &fakeSecrets{fault: at(action, nth+1, false, what)}
						v, id := fake.vault(), connector.NewID()
						must(t, v.Put(t.Context(), "acme", id, connector.NewToken(other)))
						must(t, v.Put(t.Context(), "acme", id, connector.NewToken(canary)))
						holds(t, v, "acme", id, canary)
						if diff := cmp.Diff([]string{canary}, fake.readable()); diff != "" {
							t.Errorf("readable by a label: %s", diff)
						}
						if versions := len(fake.secrets[prefix+"acme/"+id].values); versions != 2 {
							t.Errorf("%d versions of two tokens", versions)
						}
						must(t, v.Delete(t.Context(), "acme", id))
						holds(t, v, "acme", id, "")
					}
				})
			})
		}
	}
}

func TestACreationWhoseAnswerWasLostIsFoundEvenWhenItIsNotRecognised(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := &fakeSecrets{fault: func(action string, nth int) fault {
			switch {
			case action == "CreateSecret" && nth == 1:
				return lost
			case action == "CreateSecret":
				return fault{status: 400, body: `{"__type":"ResourceExistsException"}`}
			}
			return fault{}
		}}
		v, id := fake.vault(), connector.NewID()
		must(t, v.Put(t.Context(), "acme", id, connector.NewToken(canary)))
		holds(t, v, "acme", id, canary)
		if versions := len(fake.secrets[prefix+"acme/"+id].values); versions != 1 {
			t.Errorf("%d versions of one token", versions)
		}
	})
}

func TestACrashBeforeTheOldTokenIsDroppedIsHealedByTheNextPut(t *testing.T) {
	for _, next := range []string{canary, "ghp_third"} {
		for _, action := range []string{"DescribeSecret", "UpdateSecretVersionStage"} {
			t.Run(action, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					fake := &fakeSecrets{}
					v, id := fake.vault(), connector.NewID()
					must(t, v.Put(t.Context(), "acme", id, connector.NewToken(other)))
					fake.fault = at(action, 1, true, down)
					if err := v.Put(t.Context(), "acme", id, connector.NewToken(canary)); !connector.Is(err, connector.CodeVault) {
						t.Errorf("the old token is still readable, but: %v", err)
					}
					holds(t, v, "acme", id, canary)
					fake.fault = nil
					must(t, v.Put(t.Context(), "acme", id, connector.NewToken(next)))
					if diff := cmp.Diff([]string{next}, fake.readable()); diff != "" {
						t.Errorf("readable by a label: %s", diff)
					}
				})
			})
		}
	}
}

func TestAnOutdatedDescriptionIsNotBelieved(t *testing.T) {
	for name, c := range map[string]struct {
		lasts bool
		code  connector.Code
	}{
		"for a moment": {false, ""},
		"for good":     {true, connector.CodeVault},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := &fakeSecrets{fault: at("DescribeSecret", 1, c.lasts, fault{stale: true})}
				v, id := fake.vault(), connector.NewID()
				must(t, v.Put(t.Context(), "acme", id, connector.NewToken(other)))
				err := v.Put(t.Context(), "acme", id, connector.NewToken(canary))
				if connector.CodeOf(err) != c.code || (len(fake.readable()) == 1) != (err == nil) {
					t.Errorf("got %v while %d tokens are readable", err, len(fake.readable()))
				}
			})
		})
	}
}

func TestAMissingTokenIsToldFromAVaultThatIsDown(t *testing.T) {
	refusal := func(code, message string) fault {
		return fault{status: 400, body: fmt.Sprintf(`{"__type":%q,"message":%q}`, code, message)}
	}
	for name, c := range map[string]struct {
		what fault
		code connector.Code
	}{
		"no secret":              {refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret."), connector.CodeNoToken},
		"scheduled for deletion": {refusal("InvalidRequestException", "You can't perform this operation on the secret because it was marked for deletion."), connector.CodeNoToken},
		"another state":          {refusal("InvalidRequestException", "You can't perform this operation on the secret."), connector.CodeVault},
		"not allowed":            {denied, connector.CodeVault},
		"key not usable":         {refusal("DecryptionFailure", ""), connector.CodeVault},
		"throttled":              {throttled, connector.CodeVault},
		"down":                   {down, connector.CodeVault},
		"not JSON":               {fault{status: 503, body: "<html>"}, connector.CodeVault},
		"a lost connection":      {fault{status: 502}, connector.CodeVault},
		"binary":                 {fault{status: 200, body: `{"SecretBinary":"aGk="}`}, connector.CodeVault},
		"not a token":            {fault{status: 200, body: `{"SecretString":"{\"token\":\"x\"}"}`}, connector.CodeVault},
		"empty":                  {fault{status: 200, body: `{"SecretString":""}`}, connector.CodeVault},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := (&fakeSecrets{fault: at("GetSecretValue", 1, true, c.what)}).vault()
				if token, err := v.Get(t.Context(), "acme", connector.NewID()); connector.CodeOf(err) != c.code || token.Reveal() != "" {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestASecretScheduledForDeletionTakesNoToken(t *testing.T) {
	scheduled := fault{status: 400, body: `{"__type":"InvalidRequestException","message":"a secret with this name is already scheduled for deletion"}`}
	fake := &fakeSecrets{fault: at("CreateSecret", 1, true, scheduled)}
	err := fake.vault().Put(t.Context(), "acme", connector.NewID(), connector.NewToken(canary))
	if !connector.Is(err, connector.CodeVault) || err.Error() != "store the token: vault_failed: InvalidRequestException" {
		t.Errorf("got %v", err)
	}
}

func TestDeletingWhatAWSDoesNotKnowSucceeds(t *testing.T) {
	fake := &fakeSecrets{fault: at("DeleteSecret", 1, true, fault{status: 400, body: `{"__type":"ResourceNotFoundException"}`})}
	must(t, fake.vault().Delete(t.Context(), "acme", connector.NewID()))
}

func TestATokenThatCouldNotBeDeletedIsAnError(t *testing.T) {
	fake := &fakeSecrets{fault: at("DeleteSecret", 1, true, denied)}
	err := fake.vault().Delete(t.Context(), "acme", connector.NewID())
	if !connector.Is(err, connector.CodeVault) || err.Error() != "delete the token: vault_failed: AccessDeniedException" {
		t.Errorf("got %v", err)
	}
}

func TestWaitingForTheVaultEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := &fakeSecrets{}
		v, id := fake.vault(), connector.NewID()
		must(t, v.Put(t.Context(), "acme", id, connector.NewToken(other)))
		fake.fault = at("DescribeSecret", 1, true, fault{stale: true})
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		err := v.Put(ctx, "acme", id, connector.NewToken(canary))
		_, errGet := v.Get(ctx, "acme", id)
		for _, err := range []error{err, errGet} {
			if !connector.Is(err, connector.CodeVault) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		}
	})
}
