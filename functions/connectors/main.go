// Command connectors is the Lambda behind /v1/tenants/{tenant}/connectors: it saves connectors and reads what they have
// gathered. It can store a token and cannot read one.
package main

import (
	"fmt"
	"log/slog"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/awsworld"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
)

func main() { lambda.Main(handler) }

func handler(log *slog.Logger) (any, error) {
	settings, err := platform.ReadConnectorsSettings()
	if err != nil {
		return nil, err
	}
	service, err := github.NewService(settings.GitHubAPIURL, time.Now)
	if err != nil {
		return nil, err
	}
	agreed, err := money.ParseAgreed([]byte(settings.Prices))
	if err != nil {
		return nil, fmt.Errorf("PRICES: %w", err)
	}
	aws := awsworld.New(time.Now)
	api := assembly.Parts{
		GitHub: service.WithStackApp(aws.StackApp(settings.StackAppSettings)),
		Store:  aws.Store(settings.Table),
		Vault:  aws.Vault(settings.TokenSettings),
		Queue:  aws.Queue(settings.QueueURL),
		Post:   aws.Post(settings.MailSettings),
		Agreed: agreed,
		Now:    time.Now,
		Log:    log,

		KeepPeopleDays: settings.KeepPeopleDays,
	}.API()
	api.Actor, api.Admits = lambda.Caller, lambda.Admits(settings.TenantClaim)
	return lambda.HTTPHandler(api.Handler()), nil
}
