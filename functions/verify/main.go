// Command verify is the Lambda behind POST /v1/tenants/{tenant}/verify. It stores nothing and reads no stored token.
package main

import (
	"fmt"
	"log/slog"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

func main() { lambda.Main(run) }

func run(log *slog.Logger) (any, error) {
	settings, err := platform.ReadVerifySettings()
	if err != nil {
		return nil, err
	}
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
	api := adminapi.API{Verifier: verifier, Admits: lambda.Admits(settings.TenantClaim), Now: time.Now, Log: log}
	return lambda.HTTPHandler(api.Handler()), nil
}
