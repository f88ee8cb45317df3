package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/github"
	"cloudmonitor.ai/copilot-connector/internal/github/apptoken"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/platform"
)

// stackApp is this program's own GitHub App, with its secrets.
type stackApp struct {
	clientID, slug, privateKey, clientSecret string
	pages                                    string // the address of the simulated GitHub's pages; empty: github.com
}

// readStackApp returns the App in the settings. Without settings it returns the App of the simulated GitHub at simulatedURL, or nil.
func readStackApp(settings platform.AppSettings, simulatedURL string) (*stackApp, error) {
	if settings.ClientID == "" {
		if simulatedURL == "" {
			return nil, nil
		}
		cast := githubsim.CastStackApp()
		return &stackApp{cast.ClientID, cast.Slug, cast.PrivateKey, cast.ClientSecret, simulatedURL + "/"}, nil
	}
	key, keyErr := readSecretFile("GITHUB_APP_PRIVATE_KEY_FILE", settings.KeyFile)
	secret, secretErr := readSecretFile("GITHUB_APP_CLIENT_SECRET_FILE", settings.SecretFile)
	if err := errors.Join(keyErr, secretErr); err != nil {
		return nil, err
	}
	return &stackApp{clientID: settings.ClientID, slug: settings.Slug, privateKey: key, clientSecret: secret}, nil
}

// maxSecretFile bounds a file with a secret. A key of 4,096 bits has some 3,300 bytes.
const maxSecretFile = 16 << 10

// readSecretFile reads a file that only its owner can read. The error names the setting and nothing of the content.
func readSecretFile(setting, path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %w", setting, err)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s: %s is no file", setting, path)
	case info.Mode().Perm()&0o177 != 0:
		return "", fmt.Errorf("%s: others can read %s, or change or run it (mode %04o). Only its owner may read it: chmod 600 %[2]s", setting, path, info.Mode().Perm())
	case info.Size() == 0 || info.Size() > maxSecretFile:
		return "", fmt.Errorf("%s: %s has %d bytes, and no secret of an App has so many", setting, path, info.Size())
	}
	text, err := os.ReadFile(path) //nolint:gosec // the path comes from the settings
	if err != nil {
		return "", fmt.Errorf("%s: %w", setting, err)
	}
	return string(text), nil
}

// service returns a Service that reads installations of the App too. nil stands for no App.
func (a *stackApp) service(service *github.Service, now func() time.Time) (*github.Service, error) {
	if a == nil {
		return service, nil
	}
	own, err := credential.NewApp(a.clientID, a.privateKey)
	if err != nil {
		return nil, fmt.Errorf("GITHUB_APP_CLIENT_ID and GITHUB_APP_PRIVATE_KEY_FILE: what they give %w", err)
	}
	app, _ := own.App()
	secret := credential.NewToken(a.clientSecret)
	if secret.Reveal() == "" {
		return nil, errors.New("GITHUB_APP_CLIENT_SECRET_FILE: the file is empty")
	}
	secrets := service.HeldSecrets(apptoken.KeyOf(app, now), func(context.Context) (credential.Token, error) { return secret, nil })
	return service.WithStackApp(&github.StackApp{ClientID: app.ClientID, Slug: a.slug, Pages: a.pages, Secrets: secrets}), nil
}
