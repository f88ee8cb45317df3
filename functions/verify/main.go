// Command verify is the Lambda behind POST /v1/tenants/{tenant}/verify. It stores nothing and reads no stored token.
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
	settings, err := platform.ReadVerifySettings()
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
	api := assembly.Parts{GitHub: service.WithStackApp(awsworld.New(time.Now).StackApp(settings.StackAppSettings)), Agreed: agreed, Now: time.Now, Log: log}.VerifyAPI()
	api.Admits = lambda.Admits(settings.TenantClaim)
	return lambda.HTTPHandler(api.Handler()), nil
}
