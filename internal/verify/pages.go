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
func (e *evidence) tokensPage() access.Link {
	return access.ListPage(e.kind, e.request.Account.Host)
}

// page returns a link to one of the account's own pages on GitHub.
func (e *evidence) page(title, path string) access.Link {
	kind := "organizations"
	if e.onEnterprise() {
		kind = "enterprises"
	}
	account := e.request.Account
	if account.Slug == "" || account.Scope == "" { // an installation that does not say whose it is
		return access.Link{Title: title, URL: fmt.Sprintf("https://%s/settings/installations", account.Host)}
	}
	return access.Link{Title: title, URL: fmt.Sprintf("https://%s/%s/%s%s", account.Host, kind, account.Slug, path)}
}

// policiesPage is the page on which owners set what personal access tokens may do.
func (e *evidence) policiesPage() access.Link {
	if e.onEnterprise() {
		return e.page("The enterprise's policies", "/policies")
	}
	return e.page("The organization's rules for tokens", "/settings/personal-access-tokens")
}

// accountsPage is the page that lists the accounts to which the person belongs.
func (e *evidence) accountsPage() access.Link {
	kind := e.request.Account.Scope
	return access.Link{Title: fmt.Sprintf("The %ss that you belong to", kind), URL: fmt.Sprintf("https://%s/settings/%ss", e.request.Account.Host, kind)}
}
