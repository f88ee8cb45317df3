package verify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
)

// The pages that remedies link to, besides those of package access.
var (
	statusPage  = access.Link{Title: "Whether GitHub has trouble", URL: "https://www.githubstatus.com"}
	supportPage = access.Link{Title: "GitHub Support", URL: "https://support.github.com"}
)

// tokensPage is the page of GitHub that lists the person's tokens of this kind.
func (v *verdict) tokensPage() access.Link {
	return access.ListPage(v.kind, v.request.Account.Host)
}

// page returns a link to one of the account's own pages on GitHub.
func (v *verdict) page(title, path string) access.Link {
	kind := "organizations"
	if v.onEnterprise() {
		kind = "enterprises"
	}
	account := v.request.Account
	if account.Slug == "" || account.Scope == "" { // an installation that does not say whose it is
		return access.Link{Title: title, URL: fmt.Sprintf("https://%s/settings/installations", account.Host)}
	}
	return access.Link{Title: title, URL: fmt.Sprintf("https://%s/%s/%s%s", account.Host, kind, account.Slug, path)}
}

// policiesPage is the page on which owners set what personal access tokens may do.
func (v *verdict) policiesPage() access.Link {
	if v.onEnterprise() {
		return v.page("The enterprise's policies", "/policies")
	}
	return v.page("The organization's rules for tokens", "/settings/personal-access-tokens")
}

// accountsPage is the page that lists the accounts to which the person belongs.
func (v *verdict) accountsPage() access.Link {
	kind := v.request.Account.Scope
	return access.Link{Title: fmt.Sprintf("The %ss that you belong to", kind), URL: fmt.Sprintf("https://%s/settings/%ss", v.request.Account.Host, kind)}
}

// settings returns a page of the App's settings. If the App is not known, it returns the list of the account's Apps.
func (v *verdict) settings(path string) access.Link {
	settings := access.AppSettings(v.request.Account, v.identity.App)
	if v.installation().Settings != "" {
		settings.URL += path
	}
	return settings
}

// installed returns the page on which an owner of the account manages the installation.
func (v *verdict) installed() access.Link {
	if id := v.installation().ID; id != 0 {
		return v.page("The installation", fmt.Sprintf("/settings/installations/%d", id))
	}
	return v.page("The installed GitHub Apps", "/settings/installations")
}

// installPage returns the page on which an owner installs the stack's App. GitHub sends the owner back from there with a code.
func (v *verdict) installPage() access.Link {
	return access.Link{
		Title: "Install the App", URL: fmt.Sprintf("https://%s/apps/%s/installations/new", v.request.Account.Host, v.installation().Slug),
	}
}
