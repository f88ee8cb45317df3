package verify

import (
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// scopeNeeds says which scopes of a classic token open what is read. GitHub's REST reference, "Copilot usage
// metrics" and "Copilot user management"; the scopes that contain others: "Scopes for OAuth apps".
type scopeNeeds struct {
	ask     string   // the least scope to ask for
	opens   []string // any of them opens the usage reports
	allowed []string // useful, and asked for by older guides: not worth a warning
}

var needs = map[connector.Scope]scopeNeeds{
	connector.Organization: {
		ask:     "read:org",
		opens:   []string{"read:org", "write:org", "admin:org"},
		allowed: []string{"read:org", "manage_billing:copilot"},
	},
	connector.Enterprise: {
		ask:     "read:enterprise",
		opens:   []string{"read:enterprise", "admin:enterprise", "manage_billing:copilot", "copilot"},
		allowed: []string{"read:enterprise", "manage_billing:copilot", "manage_billing:enterprise", "read:org"},
	},
}

func (e *evidence) needs() scopeNeeds { return needs[e.request.Account.Scope] }

// lacksScope says that GitHub named a classic token's scopes and none of them opens usage reports.
func (e *evidence) lacksScope() bool {
	return e.identity.Scopes != nil && !slices.ContainsFunc(e.needs().opens, func(scope string) bool {
		return slices.Contains(e.identity.Scopes, scope)
	})
}

// surplusScopes are the scopes that give the token more than the connector can use.
func (e *evidence) surplusScopes() (surplus []string) {
	for _, scope := range e.identity.Scopes {
		if !slices.Contains(e.needs().allowed, scope) {
			surplus = append(surplus, scope)
		}
	}
	return surplus
}

// The organization permissions of fine-grained tokens, as GitHub's page calls them.
const (
	metricsPermission = "Organization Copilot metrics: read"
	seatsPermission   = "GitHub Copilot Business: read"
)

func (e *evidence) judgePermission() finding {
	switch {
	case e.otherScope:
		return skip("Not judged: see the account first.", "")
	case e.fineGrained() && e.onEnterprise() && refusedOrHidden(e.access):
		return fail(fmt.Sprintf("GitHub lets no fine-grained token read an enterprise's Copilot%s.", said(e.access)), e.newToken())
	case connector.Is(e.access, connector.CodeTokenRules):
		return fail(fmt.Sprintf("%s forbids this kind of token%s.", capital(e.account()), said(e.access)), e.tokenRulesRemedy())
	case e.fineGrained():
		return e.judgeFineGrained()
	case refusedOrHidden(e.access) && e.lacksScope():
		return fail(
			fmt.Sprintf("Usage reports of %s need the scope %s; the token has %s.", e.request.Account.Scope.Article(), e.needs().ask, scopeList(e.identity.Scopes)),
			fmt.Sprintf("Open %s, choose this token, tick %s and press \"Update token\"; the token itself stays the same.", e.tokensPage(), e.needs().ask))
	case connector.Is(e.access, connector.CodePermission):
		return fail(fmt.Sprintf("The token lacks a permission that usage reports need%s.", said(e.access)), e.newToken())
	}
	if surplus := e.surplusScopes(); len(surplus) > 0 {
		return warn(
			fmt.Sprintf("The token can do more than is needed: %s. Whoever gets hold of it could too.", strings.Join(surplus, ", ")),
			fmt.Sprintf("Open %s, choose this token and leave only %s ticked. The connector only ever reads.", e.tokensPage(), e.needs().ask))
	}
	if e.identity.Scopes == nil {
		return e.unnamedPermissions()
	}
	return pass("Its scopes are " + scopeList(e.identity.Scopes) + ".")
}

func (e *evidence) judgeFineGrained() finding {
	remedy := fmt.Sprintf("Open https://%s/settings/personal-access-tokens, choose this token, and under organization permissions set "+
		"\"Organization Copilot metrics\" (usage) and \"GitHub Copilot Business\" (seats) to read-only; an owner may have to approve the change. The resource owner must be %s.",
		e.request.Account.Host, e.request.Account.Slug)
	switch {
	case connector.Is(e.access, connector.CodePermission):
		return fail(fmt.Sprintf("The fine-grained token lacks the permission \"%s\"%s.", metricsPermission, said(e.access)), remedy)
	case e.accessHidden():
		return fail(fmt.Sprintf("GitHub shows this fine-grained token nothing of %s beyond what is public. It lacks the permission %s, was made with "+
			"another resource owner, or still waits for an owner's approval.", e.account(), metricsPermission),
			fmt.Sprintf("An owner looks for a pending request at https://%s/organizations/%s/settings/personal-access-token-requests and approves it. If there is none: ",
				e.request.Account.Host, e.request.Account.Slug)+remedy)
	}
	return e.unnamedPermissions()
}

// unnamedPermissions judges by what could be read: GitHub does not list what such a token may do.
func (e *evidence) unnamedPermissions() finding {
	if e.access != nil {
		return skip("Not judged: GitHub does not list this token's permissions, and the usage reports cannot be asked for yet.", "")
	}
	return pass("It may read the usage reports.")
}

// refusedOrHidden says that GitHub answered and gave nothing.
func refusedOrHidden(err error) bool {
	return connector.Is(err, connector.CodePermission, connector.CodeNotPrivileged, connector.CodeRefused, connector.CodeNotFound)
}

// accessHidden says that the account is there, its usage reports are 404, and nothing shows that the token's
// owner may read them.
func (e *evidence) accessHidden() bool {
	return connector.Is(e.access, connector.CodeNotFound) && e.exists() && !e.privileged() && !e.knownOutsider()
}

func (e *evidence) tokenRulesRemedy() string {
	settings := fmt.Sprintf("https://%s/organizations/%s/settings/personal-access-tokens", e.request.Account.Host, e.request.Account.Slug)
	if e.onEnterprise() {
		settings = "the enterprise's Policies → Personal access tokens"
	}
	if e.fineGrained() {
		return "Make a fine-grained token that lives no longer than the rule allows, or have an owner change the rule at " + settings + "."
	}
	if e.onEnterprise() {
		return "An owner of the enterprise allows classic tokens at " + settings + "; fine-grained ones cannot read an enterprise."
	}
	return "Make a fine-grained token with " + e.request.Account.Slug + " as resource owner and the permissions \"" + metricsPermission +
		"\" and \"" + seatsPermission + "\", or have an owner allow classic tokens at " + settings + "."
}

func scopeList(scopes []string) string {
	if len(scopes) == 0 {
		return "none"
	}
	return strings.Join(scopes, ", ")
}
