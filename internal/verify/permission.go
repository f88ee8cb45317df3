package verify

import (
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// scopeNeeds says which scopes of a classic token open what is read. GitHub's REST reference, "Copilot usage
// metrics" and "Copilot user management"; the scopes that contain others: "Scopes for OAuth apps".
type scopeNeeds struct {
	ask     string   // the least scope to ask for
	opens   []string // any of them opens the usage reports
	allowed []string // useful, and asked for by older guides: not worth a warning
}

var needs = map[copilot.Scope]scopeNeeds{
	copilot.Organization: {
		ask:     "read:org",
		opens:   []string{"read:org", "write:org", "admin:org"},
		allowed: []string{"read:org", "manage_billing:copilot"},
	},
	copilot.Enterprise: {
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

// enoughScopes are those of the token's scopes that are of use, with the least that reports need.
func (e *evidence) enoughScopes() string {
	enough := slices.DeleteFunc(slices.Clone(e.identity.Scopes), func(scope string) bool {
		return !slices.Contains(e.needs().allowed, scope)
	})
	if !slices.ContainsFunc(enough, func(scope string) bool { return slices.Contains(e.needs().opens, scope) }) {
		enough = append(enough, e.needs().ask)
	}
	return strings.Join(enough, ", ")
}

// The organization permissions of fine-grained tokens, as GitHub's page calls them.
const (
	metricsPermission = "Organization Copilot metrics: read"
	seatsPermission   = "GitHub Copilot Business: read"
)

func (v *verdict) permission() finding {
	switch {
	case !v.known(), v.cause == causeToken, v.cause == causeOtherScope:
		return v.blocked()
	case v.cause == causeKind:
		return fail(fmt.Sprintf("GitHub lets no fine-grained token read an enterprise's Copilot%s.", said(v.shown)), v.newToken())
	case v.cause == causeRules:
		return fail(fmt.Sprintf("%s forbids this kind of token%s.", capital(v.name()), said(v.shown)), v.tokenRulesRemedy())
	case v.cause == causePermission && v.fineGrained():
		return v.missingPermission()
	case v.cause == causePermission:
		return fail(fmt.Sprintf("The token lacks a permission that usage reports need%s.", said(v.shown)), v.newToken())
	case v.cause != causeNone && v.lacksScope(): // what GitHub hands out it hands out, whatever the list of scopes says
		return fail(
			fmt.Sprintf("Usage reports of %s need the scope %s; the token has %s.", v.request.Account.Scope.Article(), v.needs().ask, scopeList(v.identity.Scopes)),
			fmt.Sprintf("Open %s, choose this token, tick %s and press \"Update token\"; the token itself stays the same.", v.tokensPage(), v.needs().ask))
	}
	if surplus := v.surplusScopes(); len(surplus) > 0 {
		return warn(
			fmt.Sprintf("The token can do more than is needed: %s. Whoever gets hold of it could too.", strings.Join(surplus, ", ")),
			fmt.Sprintf("Open %s, choose this token and leave only %s ticked. The connector only ever reads.", v.tokensPage(), v.enoughScopes()))
	}
	switch {
	case v.identity.Scopes != nil:
		return pass("Its scopes are " + scopeList(v.identity.Scopes) + ".")
	case v.cause != causeNone:
		return v.blocked()
	case v.onlyNotFound():
		return skip("Not judged: GitHub lists no permissions of such a token, and no report is there yet to show that it may read them.", "")
	}
	return pass("It may read the usage reports.")
}

// missingPermission covers both ways in which GitHub keeps reports from a fine-grained token: saying so, and hiding them.
func (v *verdict) missingPermission() finding {
	host, slug := v.request.Account.Host, v.request.Account.Slug
	grant := fmt.Sprintf("Open https://%s/settings/personal-access-tokens, choose this token, and under organization permissions set "+
		"\"Organization Copilot metrics\" (usage) and \"GitHub Copilot Business\" (seats) to read-only; an owner may have to approve the change. "+
		"The resource owner must be %s.", host, slug)
	if !fault.Is(v.shown, fault.NotFound) {
		return fail(fmt.Sprintf("The fine-grained token lacks the permission \"%s\"%s.", metricsPermission, said(v.shown)), grant)
	}
	return fail(
		fmt.Sprintf("GitHub shows this fine-grained token nothing of the Copilot of %s. It lacks the permission \"%s\", was made with another resource "+
			"owner, or waits for an owner's approval; or there is no Copilot Business or Enterprise.", v.name(), metricsPermission),
		fmt.Sprintf("An owner approves the pending request at https://%s/organizations/%s/settings/personal-access-token-requests. If there is none: %s",
			host, slug, grant))
}

func (v *verdict) tokenRulesRemedy() string {
	slug := v.request.Account.Slug
	settings := fmt.Sprintf("https://%s/organizations/%s/settings/personal-access-tokens", v.request.Account.Host, slug)
	switch {
	case v.onEnterprise():
		return "An owner of the enterprise changes the rule under Policies → Personal access tokens. Fine-grained tokens cannot read an enterprise."
	case v.fineGrained():
		return "Make a fine-grained token that lives no longer than the rule allows, or have an owner change the rule at " + settings + "."
	}
	return fmt.Sprintf("Make a fine-grained token with %s as resource owner and the permissions \"%s\" and \"%s\", or have an owner change the rule at %s.",
		slug, metricsPermission, seatsPermission, settings)
}

func scopeList(scopes []string) string {
	if len(scopes) == 0 {
		return "none"
	}
	return strings.Join(scopes, ", ")
}
