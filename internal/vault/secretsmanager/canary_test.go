package secretsmanager_test

import (
	"testing"
	"testing/synctest"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/vault/vaulttest"
)

func TestNoPrintedTextContainsATokenOrAName(t *testing.T) {
	echo := func(status int) failure {
		return failure{status: status, body: `{"__type":"` + vaulttest.Canary + `","message":"` + vaulttest.Canary + ` arn:aws:secretsmanager:eu-west-1:` + account + `:secret:` + prefix + `acme"}`}
	}
	var printed vaulttest.Printed
	synctest.Test(t, func(t *testing.T) {
		for _, trouble := range []failure{down, denied, throttled, echo(400), echo(500), {status: 200, body: vaulttest.Canary}, {status: 200, body: `{"SecretString":"x` + vaulttest.Canary + `"}`}} {
			for _, action := range []string{"CreateSecret", "PutSecretValue", "DescribeSecret", "UpdateSecretVersionStage", "GetSecretValue", "DeleteSecret"} {
				fake := &fakeSecrets{failure: at(action, 2, true, trouble)}
				v, id := fake.vault(), connector.NewID()
				for range 3 {
					err := v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary))
					token, errGet := v.Get(t.Context(), "acme", id)
					printed.Tell(v, *v, err, token, errGet)
				}
				printed.Tell(v.Delete(t.Context(), "acme", id))
			}
		}
	})
	printed.LacksAll(t, vaulttest.Canary, account, "arn:", "acme")
}
