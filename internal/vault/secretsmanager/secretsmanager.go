// Package secretsmanager keeps tokens in AWS Secrets Manager.
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
	// KMSKey encrypts secrets that Put creates; empty: AWS's own key. With a key of the customer's, Put needs
	// kms:GenerateDataKey and kms:Decrypt for it, and Get kms:Decrypt.
	KMSKey string

	client *secretsmanager.Client
	prefix string
}

// New names a secret by the prefix, such as copilot-connector/prod/, the tenant, a slash and the id.
func New(client *secretsmanager.Client, prefix string) *Vault {
	return &Vault{client: client, prefix: prefix}
}

// The labels by which Secrets Manager finds the versions of a secret.
const (
	current  = "AWSCURRENT"
	previous = "AWSPREVIOUS"
)

// Put stores the token in place of the one before, which no label leads to any more once Put has succeeded. After an
// error either token may be current and the other one still be labelled; the next Put that succeeds leaves only its own.
//
// It needs secretsmanager:CreateSecret, PutSecretValue, DescribeSecret and UpdateSecretVersionStage, none of which
// reads a value. AWS keeps a version without labels for a while, readable by its version id alone: allow GetSecretValue
// only where secretsmanager:VersionStage is AWSCURRENT.
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

// newVersion makes the id of a version. It makes repetitions harmless: a version that is there already with the same value
// is left alone, so a creation whose answer was lost is found by the put. It is a new one each time, because a version
// that was current once would not become so again. AWS asks for 32 to 64 characters.
func newVersion() string { return rand.Text() + rand.Text() }

// create reports whether there was no secret of the name.
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

// Add stores the token where there is none, and leaves one that is there. It needs secretsmanager:CreateSecret.
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

// Get returns the token. It needs secretsmanager:GetSecretValue and names AWSCURRENT, so that a policy may ask for it.
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

// awaitsDeletion knows a secret that somebody deleted outside of this program, with days to recover it. Only AWS's
// words tell it from other requests that do not suit a secret's state.
func awaitsDeletion(err error) bool {
	invalid, ok := errors.AsType[*types.InvalidRequestException](err)
	return ok && strings.Contains(invalid.ErrorMessage(), "delet")
}

// Delete removes the token at once and for good; one that is not there is a success. AWS finishes in the background,
// so that a Get right afterwards may still find it, and the id must not be used again.
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
