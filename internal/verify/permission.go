package verify

import (
	"fmt"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// held is what GitHub says that the token holds, and what it is seen to read.
func (v *verdict) held() access.Held {
	return access.Held{Scope: v.request.Account.Scope, Kind: v.request.Token.Kind(), Grants: v.identity.Scopes, Reads: v.capabilities()}
}

// lacksScope says that GitHub named a classic token's scopes and none of them opens usage reports.
func (e *evidence) lacksScope() bool {
	return access.Held{Scope: e.request.Account.Scope, Kind: e.request.Token.Kind(), Grants: e.identity.Scopes}.Lacks(access.Usage)
}

// least names what the token's kind needs at least to read something.
func (e *evidence) least(what access.Capability) access.Grant {
	right, _ := access.For(e.request.Account.Scope, e.request.Token.Kind(), what)
	return right.Least
}

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
			fmt.Sprintf("Usage reports of %s need the scope %s; the token has %s.", v.request.Account.Scope.Article(), v.least(access.Usage), scopeList(v.identity.Scopes)),
			fmt.Sprintf("Open %s, choose this token, tick %s and press \"Update token\"; the token itself stays the same.", v.tokensPage(), v.least(access.Usage)))
	}
	if surplus := v.held().Surplus(); len(surplus) > 0 {
		return warn(
			fmt.Sprintf("The token can do more than is needed: %s. Whoever gets hold of it could too.", strings.Join(surplus, ", ")),
			fmt.Sprintf("Open %s, choose this token, have just %s ticked and press \"Update token\"; the token itself stays the same. With these it reads "+
				"all that it reads now.", v.tokensPage(), v.held().Enough()))
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
		"%s (usage) and %s (seats); an owner may have to approve the change. "+
		"The resource owner must be %s.", host, v.least(access.Usage), v.least(access.Seats), slug)
	if !fault.Is(v.shown, fault.NotFound) {
		return fail(fmt.Sprintf("The fine-grained token lacks the permission %s%s.", v.least(access.Usage), said(v.shown)), grant)
	}
	return fail(
		fmt.Sprintf("GitHub shows this fine-grained token nothing of the Copilot of %s. It lacks the permission %s, was made with another resource "+
			"owner, or waits for an owner's approval; or there is no Copilot Business or Enterprise.", v.name(), v.least(access.Usage)),
		fmt.Sprintf("An owner approves the pending request at https://%s/organizations/%s/settings/personal-access-token-requests. If there is none: %s",
			host, slug, grant))
}

func (v *verdict) tokenRulesRemedy() string {
	settings := fmt.Sprintf("https://%s/organizations/%s/settings/personal-access-tokens", v.request.Account.Host, v.request.Account.Slug)
	switch {
	case v.onEnterprise():
		return "An owner of the enterprise changes the rule under Policies → Personal access tokens. Fine-grained tokens cannot read an enterprise."
	case v.fineGrained():
		return "Make a fine-grained token that lives no longer than the rule allows, or have an owner change the rule at " + settings + "."
	}
	other := access.Wanted{Account: v.request.Account, Kind: credential.FineGrainedPAT}
	return fmt.Sprintf("%s Or an owner changes the rule at %s.", other.Instructions(), settings)
}

func scopeList(scopes []string) string {
	if len(scopes) == 0 {
		return "none"
	}
	return strings.Join(scopes, ", ")
}
