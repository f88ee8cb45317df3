package secretsmanager_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/vault"
	"cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
	"cloudmonitor.ai/copilot-connector/internal/vault/vaulttest"
)

func TestSecretsManagerIsAVault(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]vault.Vault{
		"a fake": (&fakeSecrets{}).vault(),
		"moto's": secretsmanager.New(moto(t), prefix),
	} {
		t.Run(name, func(t *testing.T) { vaulttest.Run(t, v) })
	}
}

func TestEachMethodUsesOnlyTheActionsItNames(t *testing.T) {
	fake := &fakeSecrets{}
	v, id := fake.vault(), connector.NewID()
	put := func(value string) error { return v.Put(t.Context(), "acme", id, credential.NewToken(value)) }
	for _, step := range []struct {
		name string
		do   func() error
		uses []string
	}{
		{"create", func() error { return put(vaulttest.Canary) }, []string{"CreateSecret"}},
		{"replace", func() error { return put(vaulttest.Other) }, []string{"CreateSecret", "PutSecretValue", "DescribeSecret", "UpdateSecretVersionStage"}},
		{"get", func() error { _, err := v.Get(t.Context(), "acme", id); return err }, []string{"GetSecretValue"}},
		{"delete", func() error { return v.Delete(t.Context(), "acme", id) }, []string{"DeleteSecret"}},
	} {
		fake.asked = nil
		must(t, step.do())
		if diff := cmp.Diff(step.uses, fake.actions()); diff != "" {
			t.Errorf("actions of %s (-want +got):\n%s", step.name, diff)
		}
	}
}

func TestASecretHasTheConfiguredNameAndKey(t *testing.T) {
	fake := &fakeSecrets{}
	v, id := fake.vault(), connector.NewID()
	v.KMSKey = "alias/ours"
	must(t, v.Put(t.Context(), "acme", id, credential.NewToken(" "+vaulttest.Canary+"\n")))
	got := fake.asked[0]
	if got.Name != prefix+"acme/"+id || got.SecretString != vaulttest.Canary || got.KMSKeyID != "alias/ours" || len(got.ClientRequestToken) < 32 {
		t.Errorf("the request to create the secret is %+v", got)
	}
	must(t, v.Delete(t.Context(), "acme", id))
	if !fake.asked[1].ForceDeleteWithoutRecovery {
		t.Error("the deleted secret can be recovered")
	}
}

func TestThePreviousTokenCannotBeRead(t *testing.T) {
	fake := &fakeSecrets{}
	v, id := fake.vault(), connector.NewID()
	for _, value := range []string{vaulttest.Canary, vaulttest.Other, vaulttest.Canary} {
		must(t, v.Put(t.Context(), "acme", id, credential.NewToken(value)))
		if diff := cmp.Diff([]string{value}, fake.readable()); diff != "" {
			t.Errorf("readable by a label: %s", diff)
		}
	}
}
