package deployed_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	"cloudmonitor.ai/copilot-connector/internal/vault"
	encrypted "cloudmonitor.ai/copilot-connector/internal/vault/kms"
	secrets "cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
	"cloudmonitor.ai/copilot-connector/internal/vault/vaulttest"
)

// TestTokensMoveToTheOtherVault saves a connector in a stack whose tokens move, and puts its token into the old vault. Then the
// stack polls once before it has moved the token and once after that.
func TestTokensMoveToTheOtherVault(t *testing.T) {
	t.Parallel()
	for name, parameters := range map[string]map[string]string{
		"to-kms":     {"TokenVault": "Kms", "MoveTokensFrom": "SecretsManager"},
		"to-secrets": {"TokenVault": "SecretsManager", "MoveTokensFrom": "Kms"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := deploy(t, name, parameters)
			w := newWorld(t, s, time.Now().Add(90*24*time.Hour))
			answer := w.request("ConnectorsFunction", "save.json")
			if answer.StatusCode != 201 {
				t.Fatalf("Save answered %d %s", answer.StatusCode, answer.Body)
			}
			var saved struct{ ID string }
			decode(t, []byte(answer.Body), &saved)
			_, event := w.task()

			former, present := w.vaults(name)
			vaulttest.Holds(t, present, "acme", saved.ID, w.token)
			vaulttest.Holds(t, former, "acme", saved.ID, "")
			if err := former.Put(t.Context(), "acme", saved.ID, credential.NewToken(w.token)); err != nil {
				t.Fatal(err)
			}
			if err := present.Delete(t.Context(), "acme", saved.ID); err != nil {
				t.Fatal(err)
			}

			w.collects(event, saved.ID)
			var moved vault.Moved
			decode(t, w.start("MoveFunction").Invoke([]byte(`{"moveTokensTo":"`+parameters["TokenVault"]+`"}`)), &moved)
			if diff := cmp.Diff(vault.Moved{Connectors: 1, Moved: 1, Complete: true}, moved); diff != "" {
				t.Errorf("the move answers (-want +got):\n%s", diff)
			}
			vaulttest.Holds(t, former, "acme", saved.ID, "")
			vaulttest.Holds(t, present, "acme", saved.ID, w.token)
			w.collects(event, saved.ID)
		})
	}
}

func TestTheTableOfTokensHoldsNoReadableToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, deploy(t, "encrypted", map[string]string{"TokenVault": "Kms"}), time.Now().Add(90*24*time.Hour))
	if answer := w.request("ConnectorsFunction", "save.json"); answer.StatusCode != 201 {
		t.Fatalf("Save answered %d %s", answer.StatusCode, answer.Body)
	}
	stored, err := dynamodb.NewFromConfig(w.cloud).Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(w.created["TokenTable"])})
	if err != nil || len(stored.Items) != 1 {
		t.Fatalf("the table has %v, %v", stored, err)
	}
	if item := encode(t, stored.Items[0]); bytes.Contains(item, []byte(w.token)) {
		t.Errorf("the item contains a readable token: %s", item)
	}
	for _, function := range []string{"VerifyFunction", "ConnectorsFunction", "PollFunction", "RemindFunction"} {
		for _, statement := range w.allowedTo(function) {
			for _, action := range statement.Action {
				if action == "kms:Decrypt" || strings.HasSuffix(action, "GetSecretValue") {
					t.Errorf("the role of %s allows %s", function, action)
				}
			}
		}
	}
}

// vaults are the two vaults of a stack that moves its tokens.
func (w world) vaults(stack string) (former, present vault.Vault) {
	w.t.Helper()
	key := w.configuration("ConnectorsFunction").Environment.Variables
	table := encrypted.New(kms.NewFromConfig(w.cloud), dynamodb.NewFromConfig(w.cloud),
		encrypted.Place{Table: w.created["TokenTable"], Key: key["TOKEN_KEY_ARN"], Stack: stack})
	secret := secrets.New(secretsmanager.NewFromConfig(w.cloud), key["SECRET_PREFIX"])
	if key["TOKEN_VAULT"] == "Kms" {
		return secret, table
	}
	return table, secret
}

// collects hands collect a task. To do it, collect must find the token.
func (w world) collects(event []byte, id string) {
	w.t.Helper()
	var response events.SQSEventResponse
	decode(w.t, w.start("CollectFunction").Invoke(event), &response)
	stored := &store.Store{Table: dynamo.New(dynamodb.NewFromConfig(w.cloud), w.created["Table"], time.Now), Now: time.Now}
	c, err := stored.Connector(w.t.Context(), connector.Ref{Tenant: "acme", ID: id})
	if err != nil || len(response.BatchItemFailures) > 0 || c.LastPoll == nil || c.LastPoll.Outcome != connector.OutcomeOK {
		w.t.Errorf("collect answers %v, and the connector is %+v, %v", response, c, err)
	}
}
