package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// credential returns what opens the account: a secret out of the vault, or the installation of the stack's App, which needs none.
func (c Collector) credential(ctx context.Context, conn *connector.Connector) (credential.Token, error) {
	if app := conn.Credential.App; conn.Credential.Kind == credential.GitHubAppInstallation && app != nil {
		return credential.Proved(app.ID), nil
	}
	return c.Vault.Get(ctx, conn.Tenant, conn.ID)
}

// findOwner asks for the owner of a token, or for the installation of a GitHub App on the account.
func (r *reader) findOwner(ctx context.Context) error {
	if !r.found.Token.Kind.IsApp() {
		identity, err := r.gitHub.Identity(ctx)
		if err == nil {
			r.found.Identity = &identity
		}
		return err
	}
	installation, err := r.gitHub.Open(ctx, r.found.Conn.Account, r.known())
	if installation.AccountID != "" {
		r.found.Identity = &credential.Identity{App: &installation}
	}
	if other := r.owner.see(installation.AccountID); other != nil {
		return other // also where the name differs: that is not the account under a new name
	}
	if fault.Is(err, fault.Renamed) && r.found.Conn.AccountID != "" && !r.found.Task.Followed {
		return r.follow(ctx, installation.AccountSlug, err)
	}
	return err
}

// known returns what is known of the installation. Another key of the same App, which a crashed rotation has left, opens the same one.
func (r *reader) known() credential.Installation {
	conn, token := r.found.Conn, r.found.Token
	known := credential.Installation{AccountID: conn.AccountID}
	if app := conn.Credential.App; app != nil && (token.Fingerprint == conn.Credential.Fingerprint || token.ClientID != "" && token.ClientID == app.ClientID) {
		known.ID = app.ID
	}
	return known
}

// findAccount asks for the organization's id. It ignores most errors, because the reports show the same trouble more exactly.
func (r *reader) findAccount(ctx context.Context) error {
	conn := r.found.Conn
	if conn.Scope != copilot.Organization {
		return nil // GitHub tells the id of an enterprise only in its reports
	}
	profile, err := r.gitHub.FindOrganization(ctx, conn.Slug)
	switch {
	case fault.Is(err, fault.Renamed, fault.TokenRefused, fault.RateLimited):
		return err
	case err != nil:
		return nil //nolint:nilerr // documented
	}
	return r.owner.see(profile.ID)
}
