package vault_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/vault"
)

// moto stands for AWS here, asked over real HTTP.
func moto(t *testing.T) *secretsmanager.Client {
	t.Helper()
	return secretsmanager.NewFromConfig(awstest.Moto(t))
}

func TestMotoKeepsTheTokenBeforeFromItsLabel(t *testing.T) {
	client, id := moto(t), connector.NewID()
	v, name := vault.NewSecretsManager(client, prefix), prefix+"acme/"+id
	for _, value := range []string{other, canary} {
		must(t, v.Put(t.Context(), "acme", id, credential.NewToken(value)))
	}
	_, err := client.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: &name, VersionStage: aws.String("AWSPREVIOUS")})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); !missing {
		t.Errorf("got %v", err)
	}
}

func TestASecretThatWasDeletedElsewhereCountsAsMissingAndCanBeRemoved(t *testing.T) {
	client, id := moto(t), connector.NewID()
	v, name := vault.NewSecretsManager(client, prefix), prefix+"acme/"+id
	must(t, v.Put(t.Context(), "acme", id, credential.NewToken(canary)))
	_, err := client.DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: &name, RecoveryWindowInDays: aws.Int64(7)})
	must(t, err)
	holds(t, v, "acme", id, "")
	must(t, v.Delete(t.Context(), "acme", id))
	_, err = client.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: &name})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); !missing {
		t.Errorf("got %v", err)
	}
}
