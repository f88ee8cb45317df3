package github

import (
	"cmp"
	"context"
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github/apptoken"
)

// StackApp is the deployment's own GitHub App, which customers install. Only AppSecrets uses its key and its client secret.
type StackApp struct {
	ClientID string
	Slug     string
	Pages    string // the address of GitHub's pages, ending with a slash; empty: https://github.com/
	Secrets  AppSecrets
}

// AppSecrets uses the secrets of the stack's App. It returns neither of them.
type AppSecrets interface {
	apptoken.Signer

	// UserToken exchanges the code that GitHub gave to an installer's browser for a token of that person. A code is good for one
	// exchange. The caller must drop the token after the proof.
	UserToken(ctx context.Context, code string) (string, error)
}

// WithStackApp returns a Service that also reads installations of the stack's App. nil means that there is no such App.
func (s *Service) WithStackApp(app *StackApp) *Service {
	with := *s
	with.stackApp = app
	return &with
}

// InstallURL returns the page on which customers install the stack's App. ok is false if there is no such App.
func (s *Service) InstallURL() (address string, ok bool) {
	if s.stackApp == nil {
		return "", false
	}
	return cmp.Or(s.stackApp.Pages, "https://"+copilot.GitHubCom+"/") + "apps/" + s.stackApp.Slug + "/installations/new", true
}

// session returns the session of a GitHub App: of the customer's own, or of an installation of the stack's.
func (s *Service) session(host string, token credential.Token, call apptoken.Call) *apptoken.Session {
	id := token.Installation()
	if id == 0 {
		app, _ := token.App()
		return apptoken.New(app, call, s.now)
	}
	app := s.stackApp
	switch {
	case app == nil:
		app = &StackApp{Secrets: noApp{errNoApp}}
	case host != copilot.GitHubCom: // a JWT of the App must not be sent to any other host
		app = &StackApp{ClientID: app.ClientID, Slug: app.Slug, Secrets: noApp{&fault.Error{Code: fault.Elsewhere, Op: opUse, Err: errors.New("the App is on github.com")}}}
	}
	bound := apptoken.Bound{ID: id, ClientID: app.ClientID, Slug: app.Slug}
	if code, needed := token.Proof(); needed {
		bound.Prove = func(ctx context.Context) (string, error) { return app.Secrets.UserToken(ctx, code) }
	}
	return apptoken.NewBound(app.Secrets, bound, call, s.now)
}

// noApp is a Signer for an App that cannot be used.
type noApp struct{ why error }

func (n noApp) JWT(context.Context) (apptoken.JWT, error) { return apptoken.JWT{}, n.why }

func (n noApp) UserToken(context.Context, string) (string, error) { return "", n.why }

const opUse = "use the stack's GitHub App"

// errNoApp is the error if connectors use the App of a deployment that has no App any more.
var errNoApp error = &fault.Error{Code: fault.Internal, Op: opUse, Err: errors.New("the deployment has none")}
