package testworld

import (
	"context"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/github/apptoken"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// WithStackApp returns the service of a deployment that has the App which stands for CloudMonitor's own in the simulated GitHub.
func WithStackApp(tb testing.TB, service *github.Service, now func() time.Time) *github.Service {
	tb.Helper()
	cast := githubsim.CastStackApp()
	own, err := credential.NewApp(cast.ClientID, cast.PrivateKey)
	if err != nil {
		tb.Fatal(err)
	}
	app, _ := own.App()
	secrets := service.HeldSecrets(apptoken.KeyOf(app, now), func(context.Context) (credential.Token, error) {
		return credential.NewToken(cast.ClientSecret), nil
	})
	return service.WithStackApp(&github.StackApp{ClientID: cast.ClientID, Slug: cast.Slug, Secrets: secrets})
}
