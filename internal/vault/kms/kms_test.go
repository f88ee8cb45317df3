package kms_test

import (
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/vault"
	"cloudmonitor.ai/copilot-connector/internal/vault/kms"
	"cloudmonitor.ai/copilot-connector/internal/vault/vaulttest"
)

// ofMoto returns a vault with a key and a table in moto.
func ofMoto(t *testing.T) *kms.Vault {
	t.Helper()
	config := awstest.Moto(t)
	keys, table := awskms.NewFromConfig(config), dynamodb.NewFromConfig(config)
	key, err := keys.CreateKey(t.Context(), &awskms.CreateKeyInput{})
	must(t, err)
	name := "tokens-" + connector.NewID()
	_, err = table.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("connector"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("connector"), KeyType: types.KeyTypeHash}},
	})
	must(t, err)
	return kms.New(keys, table, kms.Place{Table: name, Key: *key.KeyMetadata.KeyId, Stack: "copilot-test"})
}

func TestAnEncryptedTableIsAVault(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]vault.Vault{"a fake's": (&fakeAWS{}).vault(), "moto's": ofMoto(t)} {
		t.Run(name, func(t *testing.T) { vaulttest.Run(t, v) })
	}
}

func TestEachMethodUsesOnlyTheActionsItNames(t *testing.T) {
	t.Parallel()
	fake := &fakeAWS{}
	v, id := fake.vault(), connector.NewID()
	for _, step := range []struct {
		name string
		do   func() error
		uses []string
	}{
		{"put", func() error { return v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)) }, []string{"Encrypt", "PutItem"}},
		{"add", func() error { return v.Add(t.Context(), "acme", id, credential.NewToken(vaulttest.Other)) }, []string{"Encrypt", "PutItem"}},
		{"get", func() error { _, err := v.Get(t.Context(), "acme", id); return err }, []string{"GetItem", "Decrypt"}},
		{"delete", func() error { return v.Delete(t.Context(), "acme", id) }, []string{"DeleteItem"}},
	} {
		fake.asked = nil
		must(t, step.do())
		if diff := cmp.Diff(step.uses, fake.asked); diff != "" {
			t.Errorf("actions of %s (-want +got):\n%s", step.name, diff)
		}
	}
}

func TestATokenIsBoundToItsStackTenantAndConnector(t *testing.T) {
	t.Parallel()
	fake := &fakeAWS{}
	v, id, other := fake.vault(), connector.NewID(), connector.NewID()
	must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
	moved := fake.items["acme/"+id]
	for name, take := range map[string]func() (credential.Token, error){
		"another connector": func() (credential.Token, error) {
			fake.items["acme/"+other] = moved
			return v.Get(t.Context(), "acme", other)
		},
		"another tenant": func() (credential.Token, error) {
			fake.items["zeta/"+id] = moved
			return v.Get(t.Context(), "zeta", id)
		},
	} {
		if token, err := take(); !fault.Is(err, fault.Vault) || token.Reveal() != "" {
			t.Errorf("%s can read the token: %v", name, err)
		}
	}
	vaulttest.Holds(t, v, "acme", id, vaulttest.Canary)
}

func TestTransientTroubleIsRetried(t *testing.T) {
	for _, action := range []string{"Encrypt", "PutItem", "GetItem", "Decrypt", "DeleteItem"} {
		for name, what := range map[string]failure{"down": down, "throttled": throttled, "its answer lost": lost} {
			t.Run(action+" is "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					fake := &fakeAWS{failure: func(a string, nth int) failure {
						if a == action && nth == 1 {
							return what
						}
						return failure{}
					}}
					v, id := fake.vault(), connector.NewID()
					must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Other)))
					must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
					vaulttest.Holds(t, v, "acme", id, vaulttest.Canary)
					must(t, v.Delete(t.Context(), "acme", id))
					vaulttest.Holds(t, v, "acme", id, "")
				})
			})
		}
	}
}

func TestAddDoesNotReplaceAToken(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]*kms.Vault{"a fake's": (&fakeAWS{}).vault(), "moto's": ofMoto(t)} {
		t.Run(name, func(t *testing.T) {
			id := connector.NewID()
			for range 2 {
				must(t, v.Add(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
				must(t, v.Add(t.Context(), "acme", id, credential.NewToken(vaulttest.Other)))
				vaulttest.Holds(t, v, "acme", id, vaulttest.Canary)
			}
		})
	}
}

func TestAMissingTokenAndAFailingVaultHaveDifferentCodes(t *testing.T) {
	for name, c := range map[string]struct {
		action string
		what   failure
	}{
		"table not allowed":  {"GetItem", denied},
		"no such table":      {"GetItem", failure{status: 400, body: `{"__type":"ResourceNotFoundException"}`}},
		"table down":         {"GetItem", down},
		"no JSON":            {"GetItem", failure{status: 503, body: "<html>"}},
		"no ciphertext":      {"GetItem", failure{status: 200, body: `{"Item":{"sealed":{"S":"` + vaulttest.Canary + `"}}}`}},
		"key not allowed":    {"Decrypt", denied},
		"key disabled":       {"Decrypt", failure{status: 400, body: `{"__type":"DisabledException"}`}},
		"another ciphertext": {"Decrypt", failure{status: 400, body: `{"__type":"InvalidCiphertextException"}`}},
		"not a token":        {"Decrypt", failure{status: 200, body: `{"Plaintext":"aHVudGVyMg=="}`}},
		"empty":              {"Decrypt", failure{status: 200, body: `{}`}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := &fakeAWS{failure: func(action string, _ int) failure {
					if action == c.action {
						return c.what
					}
					return failure{}
				}}
				v, id := fake.vault(), connector.NewID()
				must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
				if token, err := v.Get(t.Context(), "acme", id); !fault.Is(err, fault.Vault) || token.Reveal() != "" {
					t.Errorf("Get returned %v, want code vault_failed and no token", err)
				}
			})
		})
	}
}

func TestNoPrintedTextContainsATokenOrAName(t *testing.T) {
	echo := failure{status: 400, body: `{"__type":"` + vaulttest.Canary + `","message":"` + vaulttest.Canary + ` arn:aws:kms:eu-west-1:` + account + `"}`}
	var printed vaulttest.Printed
	synctest.Test(t, func(t *testing.T) {
		for _, trouble := range []failure{down, denied, throttled, echo, {status: 200, body: vaulttest.Canary}} {
			for _, broken := range []string{"Encrypt", "PutItem", "GetItem", "Decrypt", "DeleteItem"} {
				fake := &fakeAWS{failure: func(action string, nth int) failure {
					if action == broken && nth > 1 {
						return trouble
					}
					return failure{}
				}}
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
	printed.LacksAll(t, vaulttest.Canary, "arn:aws:iam", "may not")
}
