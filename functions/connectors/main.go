// Command connectors is the Lambda behind /v1/tenants/{tenant}/connectors: it saves connectors and reads what they have
// gathered. It can store a token and cannot read one.
package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/awsclient"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	mail "cloudmonitor.ai/copilot-connector/internal/notify/sns"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
	tasks "cloudmonitor.ai/copilot-connector/internal/queue/sqs"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	"cloudmonitor.ai/copilot-connector/internal/usage"
	secrets "cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

func main() { lambda.Main(run) }

func run(log *slog.Logger) (any, error) {
	settings, err := platform.ReadConnectorsSettings()
	if err != nil {
		return nil, err
	}
	aws := awsclient.Config(platform.ReadAWSSettings())
	service, err := github.NewService(settings.GitHubAPIURL, time.Now)
	if err != nil {
		return nil, err
	}
	agreed, err := cost.ParseAgreed([]byte(settings.Prices))
	if err != nil {
		return nil, fmt.Errorf("PRICES: %w", err)
	}
	verifier := verify.Verifier{
		Agreed:  agreed,
		Connect: func(host string, token credential.Token) verify.GitHub { return service.Connect(host, token) },
		Now:     time.Now,
	}
	stored := &store.Store{Table: dynamo.New(dynamodb.NewFromConfig(aws), settings.Table, time.Now), Now: time.Now}
	secrets := secrets.New(secretsmanager.NewFromConfig(aws), settings.SecretPrefix)
	secrets.KMSKey = settings.SecretKey
	recipients := mail.New(sns.NewFromConfig(aws), settings.OperationsTopic, settings.TopicPrefix)
	reader := usage.Reader{Store: stored, Now: time.Now}
	api := adminapi.API{
		Verifier: verifier,
		Connectors: &adminapi.Connectors{
			Lifecycle: lifecycle.Lifecycle{
				Verifier: verifier, Store: stored, Vault: secrets, Queue: tasks.New(sqs.NewFromConfig(aws), settings.QueueURL),
				Recipients: recipients, Now: time.Now, Log: log, Backfill: collect.NewBackfill,
			},
			Store:      stored,
			Recipients: recipients,
			Usage:      reader,
			Spend:      spend.Reader{Store: stored, Days: reader, Agreed: agreed, Now: time.Now},
		},
		Actor:  lambda.Caller,
		Admits: lambda.Admits(settings.TenantClaim),
		Now:    time.Now,
		Log:    log,

		MaxExport: adminapi.LambdaExport,
	}
	return lambda.HTTPHandler(api.Handler()), nil
}
