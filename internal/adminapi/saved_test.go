package adminapi_test

import (
	"path"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// beginning is the store of a saved account whose days are read, and the connector's path. Most tests start from it.
type beginning struct {
	testworld.Beginning[string]
	account func() githubsim.Account
}

var (
	octoSaved = &beginning{account: octo}
	busySaved = &beginning{account: busy}
)

// saved serves the API with octo saved and its days read, and returns the connector's path. The simulated GitHub also knows the
// tokens in more.
func saved(t *testing.T, more ...githubsim.Token) (a *app, connector string) {
	t.Helper()
	return octoSaved.serve(t, more...)
}

// serve serves the API from this beginning.
func (b *beginning) serve(t *testing.T, more ...githubsim.Token) (a *app, connector string) {
	t.Helper()
	a, connector = b.prepare(t, more...)
	a.serve()
	return a, connector
}

// prepare is serve without the serving, so that a test can change the API before. Each test gets a copy of the store.
func (b *beginning) prepare(t *testing.T, more ...githubsim.Token) (a *app, connector string) {
	t.Helper()
	folder, connector := b.Copy(t, func() (string, string) {
		a := start(t, b.account())
		path := a.saved()
		return a.Folder, path
	})
	account := b.account()
	account.Tokens = append(account.Tokens, more...)
	a = prepareIn(t, folder, account)
	if err := a.Parts.Vault.Put(t.Context(), path.Base(tenant), path.Base(connector), credential.NewToken(canary)); err != nil {
		t.Fatal(err)
	}
	return a, connector
}

// busy returns octo with activity on every day.
func busy() githubsim.Account {
	account := octo()
	account.Seats = 60
	return account
}
