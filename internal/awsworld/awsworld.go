// Package awsworld creates the parts of package assembly on AWS, for the functions: store, vault, queue and mail. It must not
// know use cases. Start reading at World.
//
// Each part has a constructor of its own, so that the linker leaves out of a function everything that the function does not
// use. The test of rights in package lambdatest reads from a built function which AWS operations it can call.
package awsworld

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"cloudmonitor.ai/copilot-connector/internal/awsclient"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/github/apptoken"
	"cloudmonitor.ai/copilot-connector/internal/mint"
	"cloudmonitor.ai/copilot-connector/internal/mint/awsmint"
	"cloudmonitor.ai/copilot-connector/internal/notify/sns"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/queue/sqs"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	"cloudmonitor.ai/copilot-connector/internal/vault"
	"cloudmonitor.ai/copilot-connector/internal/vault/kms"
	"cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
)

// World is AWS in one region, called with one role.
type World struct {
	config aws.Config
	now    func() time.Time
}

// New returns the world of the region and the role in Lambda's environment.
func New(now func() time.Time) World {
	return World{config: awsclient.Config(platform.ReadAWSSettings()), now: now}
}

// Store returns the store on a DynamoDB table.
func (w World) Store(table string) *store.Store {
	return &store.Store{Table: dynamo.New(dynamodb.NewFromConfig(w.config), table, w.now), Now: w.now}
}

// Vault returns the vault that the settings name. During a move it returns a vault.Moving of both.
func (w World) Vault(settings platform.TokenSettings) vault.Vault {
	present := w.oneVault(settings.Vault, settings)
	if settings.Former == platform.NoTokenVault {
		return present
	}
	return vault.Moving{Present: present, Former: w.oneVault(settings.Former, settings)}
}

// oneVault returns the vault of the given kind.
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

// Mover returns the mover of tokens from the former vault to the present one.
func (w World) Mover(settings platform.MoveSettings, log *slog.Logger) vault.Mover {
	return vault.Mover{
		Store: w.Store(settings.Table), Log: log,
		From: w.oneVault(settings.Former, settings.TokenSettings), To: w.oneVault(settings.Vault, settings.TokenSettings),
	}
}

// StackApp returns the stack's own GitHub App, whose secrets another function uses, or nil if there is none.
func (w World) StackApp(settings platform.StackAppSettings) *github.StackApp {
	if settings.ClientID == "" {
		return nil
	}
	invoke := awsmint.Invoke(awslambda.NewFromConfig(w.config), settings.MintFunction)
	return &github.StackApp{ClientID: settings.ClientID, Slug: settings.Slug, Secrets: mint.NewClient(invoke, w.now)}
}

// AppSecrets returns the secrets of the stack's own GitHub App: its key, and its client secret.
func (w World) AppSecrets(settings platform.MintSettings) (apptoken.Key, func(context.Context) (credential.Token, error)) {
	secret := awsmint.Secret{Client: awssecrets.NewFromConfig(w.config), ARN: settings.SecretARN}
	if settings.KeyARN == "" {
		return secret.Key(settings.ClientID, w.now), secret.ClientSecret
	}
	return awsmint.KMSKey(awskms.NewFromConfig(w.config), settings.ClientID, settings.KeyARN, w.now), secret.ClientSecret
}

// Queue returns the queue that sends tasks to the SQS queue at a URL.
func (w World) Queue(url string) *sqs.Queue { return sqs.New(awssqs.NewFromConfig(w.config), url) }

// Post returns the sender of mail through SNS.
func (w World) Post(topics platform.MailSettings) *sns.Post {
	return sns.New(awssns.NewFromConfig(w.config), topics.OperationsTopic, topics.TopicPrefix)
}
