// Package awsworld makes what the use cases stand on out of AWS's services, for the functions.
//
// Each part is made by a function of its own: the linker leaves out of a release what its function does not call, and
// the test of rights in package lambdatest reads off a release which operations of AWS a function can ask for.
package awsworld

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"cloudmonitor.ai/copilot-connector/internal/awsclient"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/notify/sns"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/queue/sqs"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	"cloudmonitor.ai/copilot-connector/internal/vault"
	"cloudmonitor.ai/copilot-connector/internal/vault/kms"
	"cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
)

// World is AWS in one region, asked in the name of one role.
type World struct {
	config aws.Config
	now    func() time.Time
}

// New asks in the name that Lambda's environment says.
func New(now func() time.Time) World {
	return World{config: awsclient.Config(platform.ReadAWSSettings()), now: now}
}

// Store keeps what we remember in a table of DynamoDB.
func (w World) Store(table string) *store.Store {
	return &store.Store{Table: dynamo.New(dynamodb.NewFromConfig(w.config), table, w.now), Now: w.now}
}

// Vault keeps tokens where the settings say, or in two places while they move.
func (w World) Vault(settings platform.TokenSettings) vault.Vault {
	present := w.oneVault(settings.Vault, settings)
	if settings.Former == platform.NoTokenVault {
		return present
	}
	return vault.Moving{Present: present, Former: w.oneVault(settings.Former, settings)}
}

// oneVault is one of the two vaults that a stack may have.
func (w World) oneVault(kind platform.TokenVault, settings platform.TokenSettings) oneVault {
	if kind == platform.KMS {
		return kms.New(awskms.NewFromConfig(w.config), dynamodb.NewFromConfig(w.config),
			kms.Place{Table: settings.TokenTable, Key: settings.TokenKey, Stack: settings.Stack})
	}
	secrets := secretsmanager.New(awssecrets.NewFromConfig(w.config), settings.SecretPrefix)
	secrets.KMSKey = settings.SecretKey
	return secrets
}

type oneVault interface {
	vault.Vault
	Add(ctx context.Context, tenant, id string, token credential.Token) error
}

// Mover moves tokens from the former vault to the present one.
func (w World) Mover(settings platform.MoveSettings, log *slog.Logger) vault.Mover {
	return vault.Mover{
		Store: w.Store(settings.Table), Log: log,
		From: w.oneVault(settings.Former, settings.TokenSettings), To: w.oneVault(settings.Vault, settings.TokenSettings),
	}
}

// Queue sends tasks to the queue of SQS at a URL.
func (w World) Queue(url string) *sqs.Queue { return sqs.New(awssqs.NewFromConfig(w.config), url) }

// Post sends mail by SNS.
func (w World) Post(topics platform.MailSettings) *sns.Post {
	return sns.New(awssns.NewFromConfig(w.config), topics.OperationsTopic, topics.TopicPrefix)
}
