// Command collect is the Lambda that the queue of tasks calls. It brings one connector up to date.
package main

import (
	"log/slog"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/awsworld"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
	"cloudmonitor.ai/copilot-connector/internal/queue"
)

// pause is how long the backfill of a new connector rests between two fortnights: some 60 calls to GitHub, of the 5,000
// an hour that a person's tokens share.
const pause = 45 * time.Second

func main() { lambda.Main(handler) }

func handler(log *slog.Logger) (any, error) {
	settings, err := platform.ReadCollectSettings()
	if err != nil {
		return nil, err
	}
	service, err := github.NewService(settings.GitHubAPIURL, time.Now)
	if err != nil {
		return nil, err
	}
	aws := awsworld.New(time.Now)
	collector := assembly.Parts{
		GitHub: service.WithStackApp(aws.StackApp(settings.StackAppSettings)),
		Store:  aws.Store(settings.Table),
		Vault:  aws.Vault(settings.TokenSettings),
		Queue:  aws.Queue(settings.QueueURL),
		Post:   aws.Post(settings.MailSettings),
		Now:    time.Now,
		Log:    log,

		KeepPeopleDays: settings.KeepPeopleDays,
	}.Collector()
	collector.Pause = pause
	return lambda.QueueHandler(log, queue.Decode, collector.Run), nil
}
