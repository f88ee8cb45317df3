package verify

import (
	"cmp"
	"fmt"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func (v *verdict) account() finding {
	switch v.cause {
	case causeOtherScope:
		return v.wrongScope()
	case causeNoAccount:
		return v.noAccount()
	case causeRenamed:
		return v.renamed()
	case causeOtherAccount:
		return v.otherHasName()
	case causeNoCopilot:
		return fail(CodeNoCopilot, "There is no Copilot Business or Enterprise",
			fmt.Sprintf("%s has no Copilot Business or Enterprise.", capital(v.name())), v.subscribe())
	case causeHidden:
		return fail(CodeHidden, "GitHub shows nothing of the account's Copilot",
			fmt.Sprintf("GitHub shows this token nothing of the Copilot of %s: there is none, or @%s is not an %s.", v.name(), v.identity.Login, v.giver()),
			access.Advise("%s If there is no Copilot yet: %s", v.ownersToken(), v.subscribe()))
	case causeRole:
		return v.missingRole()
	case causeAppKey, causeClock, causeCode, causeAppSuspended, causeWaiting, causeNotInstalled, causeNotInstallers, causeNotOwner, causeElsewhere: // of a GitHub App: see appAccount
		return v.blocked()
	case causeNotPAT, causeToken, causeSuspended, causeUnreachable, causeRateLimited, causeKind, causeSSO:
		return v.blocked()
	case causeNone, causeRules, causeScope, causePermission, causePolicy, causeAddress, causeUnexplained: // the account is not to blame
	}
	switch {
	case fault.Is(v.planErr, fault.Payment):
		return warn(Code(fault.Payment), "GitHub has trouble with the account's payment",
			fmt.Sprintf("GitHub has trouble with the payment of %s%s.", v.name(), said(v.planErr)), v.payRemedy())
	case v.cause == causeNone:
		return pass(fmt.Sprintf("%s exists, and @%s may read it.", capital(v.name()), v.identity.Login))
	case v.role == credential.RoleOwner, v.privileged():
		return pass(fmt.Sprintf("%s exists, and @%s is an %s.", capital(v.name()), v.identity.Login, v.giver()))
	}
	return notJudged(fmt.Sprintf("Not judged: mend the failed check first. Then it shows whether %s may read %s.", v.owner(), v.name()))
}

func (v *verdict) noAccount() finding {
	host, slug := v.request.Account.Host, v.request.Account.Slug
	if v.onEnterprise() {
		return fail(Code(fault.NotFound), "GitHub shows no enterprise of this name with Copilot",
			fmt.Sprintf("GitHub knows no enterprise %q, or @%s is not an %s of it, or it has no Copilot.", slug, v.identity.Login, v.giver()),
			access.Advise("Take the slug from the enterprise's address, %s/enterprises/SLUG; %s lists yours. %s %s", host, v.accountsPage(), v.ownersToken(), v.subscribe()))
	}
	return fail(Code(fault.NotFound), "GitHub shows no organization of this name",
		fmt.Sprintf("GitHub knows no organization %q, or hides it from this token.", slug),
		access.Advise("Take the name from the organization's address, %s/NAME, and check that the token's owner @%s belongs to it: %s lists what the person "+
			"belongs to. A personal account has no Copilot that can be reported.", host, v.identity.Login, v.accountsPage()))
}

// renamed returns the finding that the account has another name at GitHub now. It contains the name if GitHub gives it.
func (v *verdict) renamed() finding {
	title := fmt.Sprintf("The %s has another name now", v.request.Account.Scope)
	if now := cmp.Or(v.newName, v.organization.Slug); now != "" && !strings.EqualFold(now, v.request.Account.Slug) {
		return fail(Code(fault.Renamed), title,
			fmt.Sprintf("GitHub says that %s has another name now: %q.", v.name(), now),
			access.Advise("Save a new connector for the name %q. Anybody can take the old name now.", now))
	}
	return fail(Code(fault.Renamed), title, fmt.Sprintf("GitHub says that %s has moved%s.", v.name(), why(v.shown)),
		access.Advise("Take the new name from %s, which lists what the person belongs to, and save a new connector for it. "+
			"Anybody can take the old name now.", v.accountsPage()))
}

// otherHasName returns the finding that the name leads to another account than before.
func (v *verdict) otherHasName() finding {
	scope := v.request.Account.Scope
	remedy := access.Advise("If it was renamed, take the new name from %s, which lists what the person belongs to, and save a connector for it. "+
		"Nothing of the other one is stored.", v.accountsPage())
	if v.newName != "" {
		remedy = access.Advise("It is called %q now: save a connector for that name. Nothing of the other one is stored.", v.newName)
	}
	return fail(Code(fault.OtherAccount), fmt.Sprintf("Another %s has the name", scope),
		fmt.Sprintf("The name of %s belongs to another %s now%s.", v.name(), scope, why(v.shown)), remedy)
}

// wrongScope returns the finding that the account has the other scope. Its advice is also true for an enterprise that has the name of
// one of its organizations, which is common.
func (v *verdict) wrongScope() finding {
	slug := v.request.Account.Slug
	if v.onEnterprise() {
		return fail(CodeWrongScope, "The name is that of an organization",
			fmt.Sprintf("%q is an organization. GitHub shows this token no enterprise of that name.", slug),
			access.Advise("Choose organization as the scope. If you mean an enterprise of the same name: %s", v.newToken()))
	}
	return fail(CodeWrongScope, "The name is that of an enterprise",
		fmt.Sprintf("%q is an enterprise; there is no organization of that name.", slug), access.Advise("Choose enterprise as the scope."))
}

func (v *verdict) missingRole() finding {
	who := v.owner()
	switch v.role {
	case credential.RoleMember:
		return fail(CodeNotOwner, "The token's owner is a member, not an owner",
			fmt.Sprintf("%s is a member of %s, not an owner%s.", who, v.name(), said(v.shown)), v.ownersToken())
	case credential.RoleInvited:
		invitation := access.Link{
			Title: "The invitation", URL: fmt.Sprintf("https://%s/orgs/%s/invitation", v.request.Account.Host, v.request.Account.Slug),
		}
		return fail(CodeInvited, "The token's owner has not accepted the invitation yet",
			fmt.Sprintf("%s was invited to %s and has not accepted yet.", who, v.name()),
			access.Advise("%s accepts the invitation at %s, and must be an owner then. Or: %s", who, invitation, v.ownersToken()))
	case credential.RoleNone:
		return fail(CodeNotMember, "The token's owner does not belong to the account",
			fmt.Sprintf("%s does not belong to %s.", who, v.name()), v.ownersToken())
	default:
		return fail(Code(fault.NotPrivileged), "The token's owner may not read usage reports",
			fmt.Sprintf("%s may not read the usage reports of %s%s.", who, v.name(), said(v.shown)), v.ownersToken())
	}
}
