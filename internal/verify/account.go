package verify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func (v *verdict) account() finding {
	host, slug := v.request.Account.Host, v.request.Account.Slug
	switch v.cause {
	case causeOtherScope:
		return v.wrongScope()
	case causeNoAccount:
		if v.onEnterprise() {
			return fail(fmt.Sprintf("GitHub knows no enterprise %q, or @%s is neither owner nor billing manager of it, or it has no Copilot.", slug, v.identity.Login),
				fmt.Sprintf("Take the slug from the enterprise's address, https://%s/enterprises/SLUG. %s %s", host, v.ownersToken(), v.subscribe()))
		}
		return fail(fmt.Sprintf("GitHub knows no organization %q, or hides it from this token.", slug),
			fmt.Sprintf("Take the name from the organization's address, https://%s/NAME, and check that the token's owner @%s belongs to it. "+
				"A personal account has no Copilot that can be reported.", host, v.identity.Login))
	case causeNoCopilot:
		return fail(fmt.Sprintf("%s has no Copilot Business or Enterprise.", capital(v.name())), v.subscribe())
	case causeHidden:
		return fail(fmt.Sprintf("GitHub shows this token nothing of the Copilot of %s: there is none, or @%s is not an owner.", v.name(), v.identity.Login),
			v.ownersToken()+" If there is no Copilot yet: "+v.subscribe())
	case causeRole:
		return v.missingRole()
	case causeNotPAT, causeToken, causeUnreachable, causeRateLimited, causeKind, causeSSO:
		return v.blocked()
	}
	switch {
	case fault.Is(v.planErr, fault.Payment):
		return warn(fmt.Sprintf("GitHub has trouble with the payment of %s%s.", v.name(), said(v.planErr)),
			"An owner looks at the organization's Billing & licensing page; GitHub may stop Copilot until it is settled.")
	case v.cause == causeNone:
		return pass(fmt.Sprintf("%s is there, and @%s may read it.", capital(v.name()), v.identity.Login))
	case v.role == credential.RoleOwner, v.planErr == nil, v.seatsSeen(): // shown to them only
		return pass(fmt.Sprintf("%s is there, and @%s is an owner or billing manager.", capital(v.name()), v.identity.Login))
	}
	return skip(fmt.Sprintf("Not judged: whether @%s may read %s shows once what failed is mended.", v.identity.Login, v.name()), "")
}

// wrongScope leaves room for an enterprise that has the name of one of its organizations, which is common.
func (v *verdict) wrongScope() finding {
	slug := v.request.Account.Slug
	if v.onEnterprise() {
		return fail(fmt.Sprintf("%q is an organization. GitHub shows this token no enterprise of that name.", slug),
			"Choose organization as the scope. If you mean an enterprise of the same name: "+v.newToken())
	}
	return fail(fmt.Sprintf("%q is an enterprise; there is no organization of that name.", slug), "Choose enterprise as the scope.")
}

func (v *verdict) missingRole() finding {
	host, slug, who := v.request.Account.Host, v.request.Account.Slug, "@"+v.identity.Login
	switch v.role {
	case credential.RoleMember:
		return fail(fmt.Sprintf("%s is a member of %s, not an owner%s.", who, v.name(), said(v.shown)), v.ownersToken())
	case credential.RoleInvited:
		return fail(fmt.Sprintf("%s was invited to %s and has not accepted yet.", who, v.name()),
			fmt.Sprintf("%s accepts the invitation at https://%s/orgs/%s/invitation, and must be an owner then. Or: %s", who, host, slug, v.ownersToken()))
	case credential.RoleNone:
		return fail(fmt.Sprintf("%s does not belong to %s.", who, v.name()), v.ownersToken())
	}
	return fail(fmt.Sprintf("%s may not read the usage reports of %s%s.", who, v.name(), said(v.shown)), v.ownersToken())
}

func (v *verdict) subscribe() string {
	page := fmt.Sprintf("https://%s/organizations/%s/settings/copilot", v.request.Account.Host, v.request.Account.Slug)
	if v.onEnterprise() {
		page = fmt.Sprintf("https://%s/enterprises/%s (Billing & licensing)", v.request.Account.Host, v.request.Account.Slug)
	}
	return "An owner subscribes and assigns seats at " + page + ". Copilot Free, Pro and other personal plans are not reported by GitHub."
}
