package githubsim

import "time"

// Scenario is one account and token of the Cast to try.
type Scenario struct {
	Name              string
	Scope, Slug, Host string // what an administrator types beside the token
	Token             string
	Shows             string // what Verify tells about it, in one sentence
}

// Scenarios returns the scenarios, the healthy ones first. Their tokens are those of Cast with the same now.
func Scenarios(now time.Time) []Scenario {
	t := tokensOfCast(now)
	organization := func(name, slug string, token Token, shows string) Scenario {
		return Scenario{name, string(Organization), slug, "github.com", token.Value, shows}
	}
	enterprise := func(name, slug string, token Token, shows string) Scenario {
		return Scenario{name, string(Enterprise), slug, "github.com", token.Value, shows}
	}
	return []Scenario{
		organization("healthy organization, classic token", healthyOrg, t.classic,
			"Every check passes and the last fourteen days show numbers."),
		organization("healthy organization, fine-grained token", healthyOrg, t.fineGrained,
			"The same fourteen days, read with permissions instead of scopes."),
		enterprise("healthy enterprise", healthyEnterprise, t.enterprise,
			"Every check passes; people with seats through two organizations count once."),
		enterprise("enterprise with cost centers and budgets", holdingEnterprise, t.holding,
			"More is used than the seats include: cost shows who pays, by organization and cost center, and that no budget stops it."),
		organization("organization with a GitHub App, classic token", appOrg, t.besideApp,
			"Every check passes; a GitHub App reads the same organization."),
		organization("policy off", policyOffOrg, t.policyOff,
			"Seats can be read, usage cannot: the Copilot usage metrics policy is switched off."),
		organization("missing scope", healthyOrg, t.missingScope,
			"Usage is refused because manage_billing:copilot does not open the reports; read:org is missing."),
		enterprise("missing scope on an enterprise", healthyEnterprise, t.missingEnterpriseScope,
			"Usage is refused because manage_billing:enterprise does not open the reports; read:enterprise is missing."),
		organization("missing fine-grained permission", healthyOrg, t.missingPermission,
			"Seats can be read, usage cannot: the Organization Copilot metrics permission is missing."),
		organization("fine-grained token for usage only", healthyOrg, t.usageOnly,
			"Usage can be read; seats and billed AI credits cannot: the token lacks the permissions for them."),
		organization("classic tokens forbidden", strictOrg, t.forbiddenKind,
			"The organization's owners let no classic token in; a fine-grained one is needed."),
		organization("token lives too long", strictOrg, t.livesTooLong,
			"The organization's owners let fine-grained tokens in that live for thirty days at most; this one lives longer."),
		organization("classic token lives too long", shortLivedOrg, t.classicLivesTooLong,
			"The organization's owners let classic tokens in that live for thirty days at most; this one lives longer."),
		organization("classic token lives too long for the enterprise", ruledOrg, t.classicLivesTooLongThere,
			"The enterprise above the organization lets classic tokens in that live for thirty days at most; only its owners can change that."),
		organization("token lives too long for the enterprise", ruledOrg, t.livesTooLongThere,
			"The same rule of the enterprise, for fine-grained tokens."),
		organization("IP allow list", allowListOrg, t.allowList,
			"The organization takes calls from certain addresses only, and this one is not among them."),
		enterprise("IP allow list of an enterprise", allowListEnterprise, t.allowListEnterprise,
			"The enterprise takes calls from certain addresses only, and this one is not among them."),
		enterprise("token lives too long for the enterprise that is asked", shortLivedEnterprise, t.shortLivedEnterprise,
			"The enterprise lets classic tokens in that live for thirty days at most; this one lives longer."),
		organization("hidden from a fine-grained token", hidingOrg, t.hidden,
			"GitHub answers 404 for all that the token has no permission for, as if there were no Copilot."),
		enterprise("no role in an enterprise", healthyEnterprise, t.enterpriseMember,
			"The token's owner is neither owner nor billing manager of the enterprise, so GitHub refuses usage and seats."),
		organization("suspended person", healthyOrg, t.suspended,
			"GitHub has suspended the person behind the token: somebody else's token is needed."),
		organization("behind a proxy", healthyOrg, t.blocked,
			"Something between here and GitHub answers in GitHub's place; the token is not to blame."),
		organization("renamed organization", formerOrg, t.renamed,
			"The organization has another name now, which GitHub tells."),
		organization("unexplained refusal", objectingOrg, t.objecting,
			"GitHub refuses everything in words that explain nothing; they are quoted."),
		organization("unknown report host", foreignHostOrg, t.foreignHost,
			"GitHub hands reports out, on a host that the connector does not know."),
		organization("single sign-on not authorised", ssoOrg, t.sso,
			"The organization enforces SAML single sign-on and this token is not authorised for it."),
		organization("expires soon", healthyOrg, t.expiresSoon,
			"Everything can be read, with a warning that the token expires in nine days."),
		organization("expired", healthyOrg, t.expired,
			"GitHub refuses the token: it is wrong, revoked or expired."),
		organization("no expiry", healthyOrg, t.noExpiry,
			"Everything can be read, with a warning that the token never expires."),
		organization("expiry that is over", healthyOrg, t.expiryNamesNow,
			"GitHub names the instant of the call as the token's expiry, and accepts the token: a warning, and no more."),
		enterprise("fine-grained token on an enterprise", healthyEnterprise, t.fineGrainedEnterprise,
			"An enterprise takes no fine-grained token; a classic one with read:enterprise is needed."),
		organization("wrong slug", "octo-demmo", t.classic,
			"GitHub accepts the token but knows no organization of this name."),
		enterprise("organization asked as enterprise", healthyOrg, t.classic,
			"There is no such enterprise, but an organization of this name."),
		organization("only a member", healthyOrg, t.member,
			"The token's owner belongs to the organization but is not an owner, so GitHub refuses usage and seats."),
		organization("surplus scopes", healthyOrg, t.surplus,
			"Everything can be read, with a warning about scopes that are not needed, such as repo and delete_repo."),
		organization("admin scope alone", healthyOrg, t.admin,
			"Everything can be read, the bill too, with a warning that names the two scopes that are enough for it."),
		organization("no Copilot plan", noCopilotOrg, t.noCopilot,
			"The organization exists but has neither Copilot Business nor Copilot Enterprise."),
		organization("nobody active", quietOrg, t.zeroActive,
			"Fourteen days with reports and zero active users, shown with a warning."),
		organization("reports not ready", newOrg, t.notReady,
			"Usage metrics were switched on today: no report is ready yet, and none of the days counts as zero."),
	}
}
