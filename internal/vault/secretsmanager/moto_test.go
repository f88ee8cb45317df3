package secretsmanager_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssecretsmanager "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
	"cloudmonitor.ai/copilot-connector/internal/vault/vaulttest"
)

// moto returns a client of moto, which stands for AWS, over real HTTP.
func moto(t *testing.T) *awssecretsmanager.Client {
	t.Helper()
	return awssecretsmanager.NewFromConfig(awstest.Moto(t))
}

func TestThePreviousTokenHasNoLabelInMoto(t *testing.T) {
	client, id := moto(t), connector.NewID()
	v, name := secretsmanager.New(client, prefix), prefix+"acme/"+id
	for _, value := range []string{vaulttest.Other, vaulttest.Canary} {
		must(t, v.Put(t.Context(), "acme", id, credential.NewToken(value)))
	}
	_, err := client.GetSecretValue(t.Context(), &awssecretsmanager.GetSecretValueInput{SecretId: &name, VersionStage: aws.String("AWSPREVIOUS")})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); !missing {
		t.Errorf("reading AWSPREVIOUS returned %v, want ResourceNotFoundException", err)
	}
}

func TestASecretDeletedByOthersCountsAsMissingAndCanBeRemoved(t *testing.T) {
	client, id := moto(t), connector.NewID()
	v, name := secretsmanager.New(client, prefix), prefix+"acme/"+id
	must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
	_, err := client.DeleteSecret(t.Context(), &awssecretsmanager.DeleteSecretInput{SecretId: &name, RecoveryWindowInDays: aws.Int64(7)})
	must(t, err)
	vaulttest.Holds(t, v, "acme", id, "")
	must(t, v.Delete(t.Context(), "acme", id))
	_, err = client.DescribeSecret(t.Context(), &awssecretsmanager.DescribeSecretInput{SecretId: &name})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); !missing {
		t.Errorf("got %v, want ResourceNotFoundException", err)
	}
}
