// Package kms keeps tokens encrypted by AWS KMS in a DynamoDB table of their own. A token has some hundred bytes, and KMS
// encrypts up to 4,096 of them itself, so there are no data keys.
//
// The table must have no point-in-time recovery: a backup would keep what Delete and Put have removed. A token that is
// lost with the table is pasted again. KMS binds each ciphertext to its stack, tenant and connector, and does not decrypt
// it for another one, even if somebody moves it in the table.
package kms

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/vault"
)

// Place says where the tokens of a stack lie.
type Place struct {
	Table string // the DynamoDB table; its partition key is the text "connector"
	Key   string // the KMS key: its id or ARN
	Stack string // the name of the stack, to which each ciphertext is bound
}

// Vault keeps each token in an item of its own.
type Vault struct {
	keys  *kms.Client
	table *dynamodb.Client
	place Place
}

// New keeps tokens in a place.
func New(keys *kms.Client, table *dynamodb.Client, place Place) *Vault {
	return &Vault{keys: keys, table: table, place: place}
}

// The attributes of an item.
const (
	connectorAttribute = "connector" // TENANT/ID
	sealedAttribute    = "sealed"    // what KMS made of the token
)

// Put stores the token in place of the one before. After an error either may be stored; Put may be repeated.
// It needs kms:Encrypt and dynamodb:PutItem, neither of which reads a token.
func (v *Vault) Put(ctx context.Context, tenant, id string, token credential.Token) error {
	return v.put(ctx, tenant, id, token, nil)
}

// Add stores the token where there is none, and leaves one that is there. It needs the same rights as Put.
func (v *Vault) Add(ctx context.Context, tenant, id string, token credential.Token) error {
	return v.put(ctx, tenant, id, token, aws.String("attribute_not_exists("+connectorAttribute+")"))
}

// put takes a condition that fails as a success: what the caller asked for is not wanted then.
func (v *Vault) put(ctx context.Context, tenant, id string, token credential.Token, condition *string) error {
	if err := vault.CheckName(vault.OpPut, tenant, id); err != nil {
		return err
	}
	if err := token.Check(); err != nil {
		return err
	}
	sealed, err := v.keys.Encrypt(ctx, &kms.EncryptInput{
		KeyId: &v.place.Key, Plaintext: []byte(token.Reveal()), EncryptionContext: v.binding(tenant, id),
	})
	if err != nil {
		return vault.Failed(vault.OpPut, awserror.Told(err))
	}
	item := key(tenant, id)
	item[sealedAttribute] = &types.AttributeValueMemberB{Value: sealed.CiphertextBlob}
	_, err = v.table.PutItem(ctx, &dynamodb.PutItemInput{TableName: &v.place.Table, Item: item, ConditionExpression: condition})
	if _, unmet := errors.AsType[*types.ConditionalCheckFailedException](err); err != nil && !unmet {
		return vault.Failed(vault.OpPut, awserror.Told(err))
	}
	return nil
}

// Get returns the token. It needs dynamodb:GetItem and kms:Decrypt.
func (v *Vault) Get(ctx context.Context, tenant, id string) (credential.Token, error) {
	if err := vault.CheckName(vault.OpGet, tenant, id); err != nil {
		return credential.Token{}, err
	}
	found, err := v.table.GetItem(ctx, &dynamodb.GetItemInput{TableName: &v.place.Table, Key: key(tenant, id), ConsistentRead: aws.Bool(true)})
	switch {
	case err != nil:
		return credential.Token{}, vault.Failed(vault.OpGet, awserror.Told(err))
	case found.Item == nil:
		return credential.Token{}, vault.Absent()
	}
	sealed, ok := found.Item[sealedAttribute].(*types.AttributeValueMemberB)
	if !ok {
		return credential.Token{}, vault.Failed(vault.OpGet, errors.New("the item holds no ciphertext"))
	}
	opened, err := v.keys.Decrypt(ctx, &kms.DecryptInput{
		KeyId: &v.place.Key, CiphertextBlob: sealed.Value, EncryptionContext: v.binding(tenant, id),
	})
	if err != nil {
		return credential.Token{}, vault.Failed(vault.OpGet, awserror.Told(err))
	}
	return vault.Parse(string(opened.Plaintext))
}

// Delete removes the token at once and for good; one that is not there is a success. It needs dynamodb:DeleteItem.
func (v *Vault) Delete(ctx context.Context, tenant, id string) error {
	if err := vault.CheckName(vault.OpDelete, tenant, id); err != nil {
		return err
	}
	_, err := v.table.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &v.place.Table, Key: key(tenant, id)})
	if err != nil {
		return vault.Failed(vault.OpDelete, awserror.Told(err))
	}
	return nil
}

// binding is the encryption context. It is no secret: CloudTrail shows it beside each use of the key.
func (v *Vault) binding(tenant, id string) map[string]string {
	return map[string]string{"stack": v.place.Stack, "tenant": tenant, "connector": id}
}

func key(tenant, id string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{connectorAttribute: &types.AttributeValueMemberS{Value: tenant + "/" + id}}
}
