// Command mint is the Lambda that alone may use the secrets of the stack's own GitHub App. It signs JWTs with the App's key, and
// exchanges the code of whoever installs the App. Other functions call it. A stack without such an App does not have it.
package main

import (
	"log/slog"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/awsworld"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/mint"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
)

func main() { lambda.Main(handler) }

func handler(log *slog.Logger) (any, error) {
	settings, err := platform.ReadMintSettings()
	if err != nil {
		return nil, err
	}
	service, err := github.NewService(settings.GitHubAPIURL, time.Now)
	if err != nil {
		return nil, err
	}
	key, clientSecret := awsworld.New(time.Now).AppSecrets(settings)
	return lambda.CallHandler(log, mint.Serve(service.HeldSecrets(key, clientSecret))), nil
}
