package lifecycle_test

import (
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// aToken and another are personal access tokens.
var aToken, another = credential.NewToken(secret), credential.NewToken(secret + "new")

// apps returns a GitHub App with each of two keys.
var apps = sync.OnceValue(func() (apps [2]credential.Token) {
	var keys []string
	for _, s := range githubsim.AppScenarios() {
		if len(keys) == 0 || keys[0] != s.PrivateKey && len(keys) == 1 {
			keys = append(keys, s.PrivateKey)
		}
	}
	for i, key := range keys {
		app, err := credential.NewApp("Iv23liTestApp", key)
		if err != nil {
			panic(err)
		}
		apps[i] = app
	}
	return apps
})

// part returns a piece of a secret in the middle, where no two are alike. No log may have it.
func part(c credential.Token) string {
	value := c.Reveal()
	return value[len(value)/2 : len(value)/2+16]
}

// passes lets Verify accept a credential.
func (w *world) passes(c credential.Token) {
	w.result.Credential.Kind, w.result.Credential.Fingerprint = c.Kind(), c.Fingerprint()
	w.result.Credential.Installation = nil
	if c.Kind().IsApp() {
		w.result.Credential.Login, w.result.Credential.Scopes, w.result.Credential.ExpiresAt = nil, nil, nil
		w.result.Credential.Installation = &credential.Installation{ID: 70, Slug: "reader"}
	}
}

// eachCredential runs a test with a token and with a GitHub App, and each with what may replace it.
func eachCredential(t *testing.T, test func(t *testing.T, first, next credential.Token)) {
	t.Helper()
	for name, c := range map[string][2]credential.Token{
		"a token": {aToken, another}, "a key": apps(), "a token becomes an App": {aToken, apps()[0]}, "an App becomes a token": {apps()[0], aToken},
	} {
		t.Run(name, func(t *testing.T) { test(t, c[0], c[1]) })
	}
}
