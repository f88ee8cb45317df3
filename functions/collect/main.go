// Command collect is the Lambda that the queue of tasks calls. It brings one connector up to date.
package main

import (
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"cloudmonitor.ai/copilot-connector/internal/awsclient"
	"cloudmonitor.ai/copilot-connector/internal/collect"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/notify"
	mail "cloudmonitor.ai/copilot-connector/internal/notify/sns"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
	"cloudmonitor.ai/copilot-connector/internal/queue"
	tasks "cloudmonitor.ai/copilot-connector/internal/queue/sqs"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	secrets "cloudmonitor.ai/copilot-connector/internal/vault/secretsmanager"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// pause is how long the backfill of a new connector rests between two fortnights: some 60 calls to GitHub, of the 5,000
// an hour that a person's tokens share.
const pause = 45 * time.Second

func main() { lambda.Main(run) }

func run(log *slog.Logger) (any, error) {
	settings, err := platform.ReadCollectSettings()
	if err != nil {
		return nil, err
	}
	aws := awsclient.Config(platform.ReadAWSSettings())
	service, err := github.NewService(settings.GitHubAPIURL, time.Now)
	if err != nil {
		return nil, err
	}
	stored := &store.Store{Table: dynamo.New(dynamodb.NewFromConfig(aws), settings.Table, time.Now), Now: time.Now}
	post := mail.New(sns.NewFromConfig(aws), settings.OperationsTopic, settings.TopicPrefix)
	collector := collect.Collector{
		Connect: func(host string, token credential.Token) collect.GitHub { return service.Connect(host, token) },
		Verifier: verify.Verifier{
			Connect: func(host string, token credential.Token) verify.GitHub { return service.Connect(host, token) },
			Now:     time.Now,
		},
		Store:      stored,
		Vault:      secrets.New(secretsmanager.NewFromConfig(aws), settings.SecretPrefix),
		Queue:      tasks.New(sqs.NewFromConfig(aws), settings.QueueURL),
		Notifier:   notify.Notifier{Post: post, Store: stored},
		Recipients: post,
		Now:        time.Now,
		Log:        log,
		Pause:      pause,
	}
	return lambda.QueueHandler(log, queue.Decode, collector.Run), nil
}
