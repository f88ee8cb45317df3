// Package secretsmanager is a vault on AWS: it keeps each token as a secret in AWS Secrets Manager. Each method names the IAM
// actions that it needs. Start reading at Vault.
package secretsmanager

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/smithy-go"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/vault"
)

// Vault keeps each token in a secret of its own, whose SecretString is the bare token.
type Vault struct {
	// KMSKey encrypts the secrets that Put creates; empty: AWS's own key. With a customer's key Put needs
	// kms:GenerateDataKey and kms:Decrypt for it, and Get needs kms:Decrypt.
	KMSKey string

	client *secretsmanager.Client
	prefix string
}

// New returns a vault. The name of a secret is PREFIXTENANT/ID, with a prefix such as copilot-connector/prod/.
func New(client *secretsmanager.Client, prefix string) *Vault {
	return &Vault{client: client, prefix: prefix}
}

// The labels with which Secrets Manager marks the versions of a secret.
const (
	current  = "AWSCURRENT"
	previous = "AWSPREVIOUS"
)

// Put stores the token and replaces the previous one. After a success the previous token has no label any more. After an error
// either token may be current, and the other may still have a label; the next successful Put removes all labels but its own.
//
// It needs secretsmanager:CreateSecret, PutSecretValue, DescribeSecret and UpdateSecretVersionStage. None of them can read a
// value. AWS keeps a version without labels for some time, and it can be read by its version id: policies must allow
// GetSecretValue only with the condition that secretsmanager:VersionStage is AWSCURRENT.
func (v *Vault) Put(ctx context.Context, tenant, id string, token credential.Token) error {
	if err := vault.CheckName(vault.OpPut, tenant, id); err != nil {
		return err
	}
	if err := token.Check(); err != nil {
		return err
	}
	name, value := v.name(tenant, id), token.Reveal()
	version := newVersion()
	created, err := v.create(ctx, name, value, version)
	if err != nil || created {
		return err
	}
	_, err = v.client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: &name, SecretString: &value, ClientRequestToken: &version,
	})
	if err != nil {
		return vault.Failed(vault.OpPut, awserror.Told(err))
	}
	return v.dropPrevious(ctx, name, version)
}

// newVersion returns a new random id for a version. With an id a repeated call is harmless, because AWS ignores a second call
// with the same id and value. So if CreateSecret succeeds but its answer is lost, PutSecretValue finds the version. Each Put
// needs a new id, because AWS does not make a version current a second time. AWS requires 32 to 64 characters.
func newVersion() string { return rand.Text() + rand.Text() }

// create creates the secret. It returns false if a secret of that name exists already.
func (v *Vault) create(ctx context.Context, name, value, version string) (created bool, err error) {
	_, err = v.client.CreateSecret(ctx, &secretsmanager.CreateSecretInput{
		Name:               &name,
		SecretString:       &value,
		ClientRequestToken: &version,
		KmsKeyId:           optional(v.KMSKey),
	})
	if err == nil {
		return true, nil
	}
	if _, exists := errors.AsType[*types.ResourceExistsException](err); exists {
		return false, nil
	}
	return false, vault.Failed(vault.OpPut, awserror.Told(err))
}

// Add stores the token if there is none. It leaves an existing token unchanged. It needs secretsmanager:CreateSecret.
func (v *Vault) Add(ctx context.Context, tenant, id string, token credential.Token) error {
	if err := vault.CheckName(vault.OpPut, tenant, id); err != nil {
		return err
	}
	if err := token.Check(); err != nil {
		return err
	}
	_, err := v.create(ctx, v.name(tenant, id), token.Reveal(), newVersion())
	return err
}

// Get returns the token. It needs secretsmanager:GetSecretValue. It names AWSCURRENT, so that a policy can require that label.
func (v *Vault) Get(ctx context.Context, tenant, id string) (credential.Token, error) {
	if err := vault.CheckName(vault.OpGet, tenant, id); err != nil {
		return credential.Token{}, err
	}
	secret, err := v.client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{
		SecretId: aws.String(v.name(tenant, id)), VersionStage: aws.String(current),
	})
	switch {
	case hasCode(err, "ResourceNotFoundException"), awaitsDeletion(err):
		return credential.Token{}, vault.Absent()
	case err != nil:
		return credential.Token{}, vault.Failed(vault.OpGet, awserror.Told(err))
	}
	return vault.Parse(aws.ToString(secret.SecretString))
}

// awaitsDeletion reports whether the error means that somebody outside this program has deleted the secret with a recovery
// window. AWS uses the same error code for other states of a secret, so only its text tells them apart.
func awaitsDeletion(err error) bool {
	invalid, ok := errors.AsType[*types.InvalidRequestException](err)
	return ok && strings.Contains(invalid.ErrorMessage(), "delet")
}

// Delete removes the token at once and for ever. It succeeds if there is no token. AWS finishes in the background: a Get
// immediately afterwards may still find the token, and the id must not be used again.
// It needs secretsmanager:DeleteSecret.
func (v *Vault) Delete(ctx context.Context, tenant, id string) error {
	if err := vault.CheckName(vault.OpDelete, tenant, id); err != nil {
		return err
	}
	_, err := v.client.DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{
		SecretId: aws.String(v.name(tenant, id)), ForceDeleteWithoutRecovery: aws.Bool(true),
	})
	if err != nil && !hasCode(err, "ResourceNotFoundException") {
		return vault.Failed(vault.OpDelete, awserror.Told(err))
	}
	return nil
}

func (v *Vault) name(tenant, id string) string { return v.prefix + tenant + "/" + id }

func hasCode(err error, codes ...string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && slices.Contains(codes, api.ErrorCode())
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
