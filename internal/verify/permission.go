package verify

import (
	"cmp"
	"fmt"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func (v *verdict) permission() finding {
	switch {
	case v.cause == causeRules: // GitHub may say so before it tells whose token it is
		return v.againstRules()
	case !v.known(), v.cause == causeToken, v.cause == causeOtherScope, v.cause == causeRenamed, v.cause == causeOtherAccount:
		return v.blocked()
	case v.cause == causeKind:
		return fail(CodeKindUnfit, "Fine-grained tokens cannot read an enterprise",
			fmt.Sprintf("GitHub lets no fine-grained token read an enterprise's Copilot%s.", said(v.shown)), v.newToken())
	case v.cause == causePermission && v.fineGrained():
		return v.missingPermission()
	case v.cause == causePermission:
		return fail(Code(fault.Permission), "The token lacks a permission",
			fmt.Sprintf("The token lacks a permission that usage reports need%s.", said(v.shown)), v.newToken())
	case v.cause != causeNone && v.lacksScope(): // if GitHub hands out reports, the list of scopes does not matter
		return v.missingScope()
	}
	if surplus := v.held().Surplus(); len(surplus) > 0 {
		return warn(CodeSurplusScopes, "The token can do more than is needed",
			fmt.Sprintf("The token can do more than is needed: %s. Whoever gets hold of it could too.", strings.Join(surplus, ", ")),
			access.Advise("Open %s, choose this token, tick only %s, and press \"Update token\"; the token itself stays the same. "+
				"It then still reads everything that it reads now.%s", v.tokensPage(), v.held().Enough(), v.elsewhere()))
	}
	switch {
	case v.identity.Scopes != nil:
		return pass("Its scopes are " + scopeList(v.identity.Scopes) + ".")
	case v.cause != causeNone:
		return v.blocked()
	case v.onlyNotFound():
		return notJudged("Not judged: GitHub does not list the permissions of such a token, and there is no report yet that would show them.")
	}
	return pass("It may read the usage reports.")
}

// elsewhere names the scopes that this account does not need. Another connector may use the same token and need them.
func (v *verdict) elsewhere() string {
	scopes := v.held().Elsewhere()
	if len(scopes) == 0 {
		return ""
	}
	other := copilot.Enterprise
	if v.onEnterprise() {
		other = copilot.Organization
	}
	return fmt.Sprintf(" Leave %s ticked too if a connector of %s uses the same token.", access.And(scopes), other.Article())
}

func (v *verdict) missingScope() finding {
	least := v.least(access.Usage)
	return fail(CodeScopeMissing, fmt.Sprintf("The token lacks the scope %s", least),
		fmt.Sprintf("Usage reports of %s need the scope %s; the token has %s.", v.request.Account.Scope.Article(), least, scopeList(v.identity.Scopes)),
		access.Advise("Open %s, choose this token, tick %s and press \"Update token\"; the token itself stays the same.", v.tokensPage(), v.lackedScopes().List()))
}

// missingPermission covers both ways in which GitHub refuses reports to a fine-grained token: it says so, or it hides them.
func (v *verdict) missingPermission() finding {
	least := v.least(access.Usage)
	grant := access.Advise("Open %s, choose this token, and under organization permissions set %s; an owner may have to approve "+
		"the change. The resource owner must be %s.", v.tokensPage(), access.Needed(v.request.Account.Scope, v.kind, v.request.Billing).List(), v.request.Account.Slug)
	if !fault.Is(v.shown, fault.NotFound) {
		return fail(Code(fault.Permission), fmt.Sprintf("The token lacks the permission %s", least),
			fmt.Sprintf("The fine-grained token lacks the permission %s%s.", least, said(v.shown)), grant)
	}
	return fail(CodePermissionUnclear, fmt.Sprintf("The token lacks the permission %s, or waits for approval, or there is no Copilot", least),
		fmt.Sprintf("GitHub shows this fine-grained token nothing of the Copilot of %s. It lacks the permission %s, was made with another resource "+
			"owner, or waits for an owner's approval; or there is no Copilot Business or Enterprise.", v.name(), least),
		access.Advise("An owner approves the pending request at %s. If there is none: %s",
			v.page("Tokens that wait for approval", "/settings/personal-access-token-requests"), grant))
}

// againstRules returns the finding that the owners of the account, or of its enterprise, do not allow such a token.
func (v *verdict) againstRules() finding {
	rule := v.rule(v.shown)
	if fault.Is(v.shown, fault.TokenLifetime) {
		title := fmt.Sprintf("The token lives longer than the %s allows", cmp.Or(rule.OwnedBy, "account"))
		detail := fmt.Sprintf("%s lets in no %s token that lives longer than its rule allows%s.", v.ruler(rule), v.kindName(), said(v.shown))
		if rule.MaxDays > 0 {
			detail = fmt.Sprintf("%s lets in no %s token that lives longer than %s, and this one does%s.", v.ruler(rule), v.kindName(), days(rule.MaxDays), said(v.shown))
		}
		return fail(Code(fault.TokenLifetime), title, detail, v.rulesRemedy(v.shown))
	}
	return fail(Code(fault.TokenRules), "The owners forbid this kind of token",
		fmt.Sprintf("%s forbids this kind of token%s.", v.ruler(rule), said(v.shown)), v.rulesRemedy(v.shown))
}
