package lambdatest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/lambdatest"
	"cloudmonitor.ai/copilot-connector/internal/vault"
	encrypted "cloudmonitor.ai/copilot-connector/internal/vault/kms"
)

// The function that moves tokens is killed after each step that changes something. Every token stays in one of the vaults, and the next
// run completes the move.
func TestEveryTokenMovesWhereverTheFunctionIsKilled(t *testing.T) {
	w := newWorld(t)
	bootstrap := lambdatest.Build(t, "MoveFunction")
	tables, keys := dynamodb.NewFromConfig(w.cloud), kms.NewFromConfig(w.cloud)
	key, err := keys.CreateKey(t.Context(), &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	place := encrypted.Place{Table: "moved-" + connector.NewID(), Key: *key.KeyMetadata.Arn, Stack: "moved"}
	if _, err := tables.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &place.Table, BillingMode: types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("connector"), KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("connector"), AttributeType: types.ScalarAttributeTypeS}},
	}); err != nil {
		t.Fatal(err)
	}
	w.settings = append(w.settings, "TOKEN_VAULT=Kms", "FORMER_TOKEN_VAULT=SecretsManager", "TOKEN_TABLE="+place.Table, "TOKEN_KEY_ARN="+place.Key, "STACK_NAME="+place.Stack)
	to := encrypted.New(keys, tables, place)
	moving := vault.Moving{Present: to, Former: w.tokens}
	event := []byte(`{"moveTokensTo":"Kms"}`)
	save := func(n int) connector.Ref {
		t.Helper()
		c := &connector.Connector{
			Ref: connector.Ref{Tenant: "acme", ID: connector.NewID()}, Provider: connector.GitHubCopilot, Phase: connector.Live, CreatedAt: time.Now(),
			Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: fmt.Sprintf("octo-%d", n)},
		}
		if holder, err := w.store.Create(t.Context(), c); err != nil || holder != nil {
			t.Fatal(holder, err)
		}
		if err := w.tokens.Put(t.Context(), c.Tenant, c.ID, credential.NewToken(canary)); err != nil {
			t.Fatal(err)
		}
		return c.Ref
	}
	for n, step := range []string{"Encrypt 1", "PutItem 1", "DeleteSecret 1"} {
		ref := save(n)
		s := &steps{killAt: step, killed: make(chan struct{})}
		cloud := s.before(t, onward(t, *w.cloud.BaseEndpoint), func(r *http.Request) string {
			_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
			return operation
		})
		s.victim = w.start(bootstrap, cloud, "")
		s.victim.Begin(event)
		await(t, s.killed)
		if token, err := moving.Get(t.Context(), ref.Tenant, ref.ID); err != nil || token.Reveal() != canary {
			t.Errorf("after %s the token is lost: %v", step, err)
		}
		moved := decode[vault.Moved](t, w.start(bootstrap, "", "").Invoke(event))
		if _, err := w.tokens.Get(t.Context(), ref.Tenant, ref.ID); !moved.Complete || err == nil {
			t.Errorf("after %s the next run answers %+v, and the former vault %v", step, moved, err)
		}
		if token, err := to.Get(t.Context(), ref.Tenant, ref.ID); err != nil || token.Reveal() != canary {
			t.Errorf("after %s and another run the token is lost: %v", step, err)
		}
	}
}
