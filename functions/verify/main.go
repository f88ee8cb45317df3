// Command verify is the Lambda behind POST /v1/tenants/{tenant}/verify. It stores nothing and reads no stored token.
package main

import (
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

func main() {
	log := platform.NewLogger(os.Stderr)
	settings, err := platform.ReadVerifySettings()
	if err != nil {
		log.Error("verify cannot start", "error", err)
		os.Exit(1)
	}
	service, err := github.NewService(settings.GitHubAPIURL, time.Now)
	if err != nil {
		log.Error("verify cannot start", "error", err)
		os.Exit(1)
	}
	verifier := verify.Verifier{
		Connect: func(host string, token connector.Token) verify.GitHub { return service.Connect(host, token) },
		Now:     time.Now,
	}
	api := adminapi.API{Verifier: verifier, Now: time.Now, Log: log}
	lambda.StartWithOptions(platform.HTTPHandler(api.Handler()), lambda.WithEnableSIGTERM())
}
