package verify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

func (e *evidence) judgeAccount() finding {
	switch {
	case e.fineGrained() && e.onEnterprise() && e.access != nil:
		return skip("Not judged: see the token's permissions first.", "")
	case connector.Is(e.access, connector.CodeSSORequired):
		return skip("Not judged: GitHub shows nothing of it before single sign-on is authorised.", "")
	case e.otherScope:
		return e.wrongScope()
	case !e.onEnterprise() && connector.Is(e.organizationErr, connector.CodeNotFound):
		return fail(fmt.Sprintf("GitHub knows no organization %q, or hides it from this token.", e.request.Account.Slug),
			fmt.Sprintf("Take the name from the organization's address, https://%s/NAME, and check that the token's owner @%s belongs to it. "+
				"A personal account has no Copilot that can be reported.", e.request.Account.Host, e.identity.Login))
	case e.noCopilot():
		return fail(fmt.Sprintf("%s has no Copilot Business or Enterprise.", capital(e.account())),
			fmt.Sprintf("An owner subscribes and assigns seats at %s. Copilot Free, Pro and other personal plans are not reported by GitHub.", e.copilotPage()))
	case refusedOrHidden(e.access) && e.lacksScope():
		return skip("Not judged: see the token's permissions first.", "")
	case e.knownOutsider() && refusedOrHidden(e.access), connector.Is(e.access, connector.CodeNotPrivileged):
		return fail(e.outsiderDetail(), e.privilegeRemedy())
	case e.onEnterprise() && connector.Is(e.access, connector.CodeNotFound) && !e.exists():
		return fail(fmt.Sprintf("GitHub knows no enterprise %q, or @%s is neither owner nor billing manager of it.", e.request.Account.Slug, e.identity.Login),
			fmt.Sprintf("Take the slug from the enterprise's address, https://%s/enterprises/SLUG. If it is right: ", e.request.Account.Host)+e.privilegeRemedy())
	case connector.Is(e.planErr, connector.CodePayment):
		return warn(fmt.Sprintf("GitHub has trouble with the payment of %s%s.", e.account(), said(e.planErr)),
			"An owner looks at the organization's Billing & licensing page; GitHub may stop Copilot until it is settled.")
	case !e.onEnterprise() && e.organizationErr != nil:
		return skip("Not judged: "+e.account()+" could not be looked up"+cause(e.organizationErr)+".", "")
	case e.access != nil && !connector.Is(e.access, connector.CodePolicyOff) && !e.privileged():
		return skip("Not judged: whether @"+e.identity.Login+" may read "+e.account()+" shows once the usage reports can be asked for.", "")
	}
	return pass(fmt.Sprintf("%s is there, and @%s may read it.", capital(e.account()), e.identity.Login))
}

// noCopilot says that somebody who would see a subscription sees none, and that no report was ever made.
func (e *evidence) noCopilot() bool {
	if e.readDayCount() > 0 || e.seated > 0 || len(e.seats) > 0 {
		return false
	}
	if e.seatsErr == nil { // an empty list, and no plan that could fill it
		return e.onEnterprise() || e.planErr == nil && e.plan == cost.UnknownPlan || connector.Is(e.planErr, connector.CodeNotFound)
	}
	hidden := connector.Is(e.planErr, connector.CodeNotFound) && connector.Is(e.seatsErr, connector.CodeNotFound)
	return hidden && e.organizationErr == nil && (e.role == connector.RoleOwner || e.role == connector.RoleUnknown && !e.fineGrained() && !e.lacksScope())
}

// privileged says that GitHub has shown that the token's owner may read reports: as an owner, or by what only
// owners and billing managers are shown.
func (e *evidence) privileged() bool {
	return e.role == connector.RoleOwner || e.seatsErr == nil || connector.Is(e.seatsErr, connector.CodeTooMany) || e.planErr == nil
}

// knownOutsider says that GitHub named the owner's role, and it is not one that reads reports by itself. To a
// fine-grained token that may not see memberships, GitHub may deny that there is one.
func (e *evidence) knownOutsider() bool {
	return e.role == connector.RoleMember || e.role == connector.RoleInvited || e.role == connector.RoleNone && !e.fineGrained()
}

func (e *evidence) outsiderDetail() string {
	who := "@" + e.identity.Login
	switch e.role {
	case connector.RoleMember:
		return fmt.Sprintf("%s is a member of %s, not an owner%s.", who, e.account(), said(e.access))
	case connector.RoleInvited:
		return fmt.Sprintf("%s was invited to %s and has not accepted yet.", who, e.account())
	case connector.RoleNone:
		return fmt.Sprintf("%s does not belong to %s.", who, e.account())
	}
	return fmt.Sprintf("%s may not read the usage reports of %s%s.", who, e.account(), said(e.access))
}

func (e *evidence) privilegeRemedy() string {
	if e.onEnterprise() {
		return "Use a token of an enterprise owner or billing manager, or of somebody with the role \"View Enterprise Copilot Metrics\"."
	}
	return fmt.Sprintf("Use a token of an owner of %s. Or an owner gives @%s the role \"View Organization Copilot Metrics\" in the organization's "+
		"settings; that opens usage, not seats.", e.request.Account.Slug, e.identity.Login)
}

// wrongScope leaves room for an enterprise that has the name of one of its organizations, which is common.
func (e *evidence) wrongScope() finding {
	slug := e.request.Account.Slug
	if e.onEnterprise() {
		return fail(fmt.Sprintf("%q is an organization. GitHub shows this token no enterprise of that name.", slug),
			"Choose organization as the scope. If an enterprise has the same name and you mean that: "+e.newToken())
	}
	return fail(fmt.Sprintf("%q is an enterprise; there is no organization of that name.", slug), "Choose enterprise as the scope.")
}

// account names the account in a sentence.
func (e *evidence) account() string {
	return fmt.Sprintf("the %s %q", e.request.Account.Scope, e.request.Account.Slug)
}

func capital(s string) string {
	return string(s[0]-'a'+'A') + s[1:]
}

func (e *evidence) copilotPage() string {
	if e.onEnterprise() {
		return fmt.Sprintf("https://%s/enterprises/%s (Billing & licensing)", e.request.Account.Host, e.request.Account.Slug)
	}
	return fmt.Sprintf("https://%s/organizations/%s/settings/copilot", e.request.Account.Host, e.request.Account.Slug)
}

// tokensPage is where the person sees tokens of this kind.
func (e *evidence) tokensPage() string {
	if e.fineGrained() {
		return fmt.Sprintf("https://%s/settings/personal-access-tokens", e.request.Account.Host)
	}
	return fmt.Sprintf("https://%s/settings/tokens", e.request.Account.Host)
}

// newToken says how to make a token that passes.
func (e *evidence) newToken() string {
	host, slug := e.request.Account.Host, e.request.Account.Slug
	if e.onEnterprise() {
		return fmt.Sprintf("An owner or billing manager of the enterprise makes a classic token at https://%s/settings/tokens/new with the scope "+
			"read:enterprise, to expire in 90 days or less, and pastes it here. Fine-grained tokens cannot read an enterprise.", host)
	}
	return fmt.Sprintf("An owner of %s makes a new token, to expire in 90 days or less, and pastes it here: a classic one at https://%s/settings/tokens/new "+
		"with the scope read:org, or a fine-grained one at https://%s/settings/personal-access-tokens/new with %s as resource owner and the "+
		"organization permissions \"%s\" and \"%s\".", slug, host, host, slug, metricsPermission, seatsPermission)
}
