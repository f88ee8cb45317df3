// Package kms is a vault on AWS: it keeps tokens encrypted by AWS KMS in a DynamoDB table of their own. A token has about a
// hundred bytes. KMS itself encrypts up to 4,096 bytes, so there are no data keys. Start reading at Vault.
//
// The table must not have point-in-time recovery: a backup would keep tokens that Delete and Put have removed. If the table is
// lost, people paste their tokens again. KMS binds each ciphertext to its stack, tenant and connector. It does not decrypt a
// ciphertext that somebody has moved to another connector's item.
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

// Place is where a stack keeps its tokens.
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

// New returns a vault that keeps tokens in a place.
func New(keys *kms.Client, table *dynamodb.Client, place Place) *Vault {
	return &Vault{keys: keys, table: table, place: place}
}

// The attributes of an item.
const (
	connectorAttribute = "connector" // TENANT/ID
	sealedAttribute    = "sealed"    // what KMS made of the token
)

// Put stores the token and replaces the previous one. After an error the vault may hold either; Put may be repeated.
// It needs kms:Encrypt and dynamodb:PutItem. Neither can read a token.
func (v *Vault) Put(ctx context.Context, tenant, id string, token credential.Token) error {
	return v.put(ctx, tenant, id, token, nil)
}

// Add stores the token if there is none. It leaves an existing token unchanged. It needs the same rights as Put.
func (v *Vault) Add(ctx context.Context, tenant, id string, token credential.Token) error {
	return v.put(ctx, tenant, id, token, aws.String("attribute_not_exists("+connectorAttribute+")"))
}

// put stores the token if the condition holds. A condition that does not hold is no error.
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

// Delete removes the token at once and for ever. It succeeds if there is no token. It needs dynamodb:DeleteItem.
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

// binding returns the encryption context. It is not secret: CloudTrail shows it for each use of the key.
func (v *Vault) binding(tenant, id string) map[string]string {
	return map[string]string{"stack": v.place.Stack, "tenant": tenant, "connector": id}
}

func key(tenant, id string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{connectorAttribute: &types.AttributeValueMemberS{Value: tenant + "/" + id}}
}
