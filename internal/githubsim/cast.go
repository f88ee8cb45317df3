package githubsim

import (
	"strings"
	"time"
)

// The accounts of the cast.
const (
	healthyOrg        = "octo-demo"
	healthyEnterprise = "octo-enterprise"
	policyOffOrg      = "octo-policy-off"
	ssoOrg            = "octo-sso"
	noCopilotOrg      = "octo-no-copilot"
	quietOrg          = "octo-quiet"
	newOrg            = "octo-new"
	strictOrg         = "octo-strict"
	shortLivedOrg     = "octo-short-lived"
	ruledOrg          = "octo-ruled"
	allowListOrg      = "octo-allow-list"
	renamedOrg        = "octo-renamed"
	formerOrg         = "octo-former"
	objectingOrg      = "octo-objecting"
	foreignHostOrg    = "octo-foreign-host"
	hidingOrg         = "octo-hiding"

	holdingEnterprise    = "octo-holding"
	allowListEnterprise  = "octo-allow-list-inc"
	shortLivedEnterprise = "octo-short-lived-inc"
)

// castTokens are the tokens of the cast by what is special about them.
type castTokens struct {
	// of healthyOrg
	classic, fineGrained, missingScope, missingPermission, usageOnly, surplus, member Token
	expiresSoon, expired, noExpiry, expiryNamesNow, admin, suspended, blocked         Token

	// of healthyEnterprise
	enterprise, missingEnterpriseScope, fineGrainedEnterprise, enterpriseMember Token

	// of strictOrg
	forbiddenKind, livesTooLong Token

	// of ruledOrg
	classicLivesTooLongThere, livesTooLongThere Token

	// each of its own organization
	policyOff, sso, noCopilot, zeroActive, notReady, allowList, renamed, objecting, foreignHost, classicLivesTooLong, hidden, besideApp Token

	// each of its own enterprise
	holding, allowListEnterprise, shortLivedEnterprise Token
}

// Cast is the set of accounts in a local run: healthy organizations and enterprises, and one account for each thing that can
// be wrong.
func Cast(now time.Time) []Account {
	t := tokensOfCast(now)
	return append([]Account{
		{
			Kind: Organization, Slug: healthyOrg, Plan: PlanBusiness, Seats: 120, Shards: 2, UnassignedSeats: 1, SettlesAfter: 2,
			Budgets: []Budget{{Scope: "organization", Entity: healthyOrg, Amount: 250, Stops: true, Alerts: true}},
			Tokens: []Token{
				t.classic, t.fineGrained, t.missingScope, t.missingPermission, t.usageOnly, t.surplus, t.member,
				t.expiresSoon, t.expired, t.noExpiry, t.expiryNamesNow, t.admin, t.suspended, t.blocked,
			},
		},
		{
			Kind: Enterprise, Slug: healthyEnterprise, Plan: PlanEnterprise, Seats: 340, Shards: 3,
			Tokens: []Token{t.enterprise, t.missingEnterpriseScope, t.fineGrainedEnterprise, t.enterpriseMember},
		},
		{
			Kind: Organization, Slug: policyOffOrg, Plan: PlanBusiness, Seats: 30, PolicyOff: true,
			Tokens: []Token{t.policyOff},
		},
		{
			Kind: Organization, Slug: ssoOrg, Plan: PlanBusiness, Seats: 45, SSO: true,
			Tokens: []Token{t.sso},
		},
		{
			Kind: Organization, Slug: noCopilotOrg,
			Tokens: []Token{t.noCopilot},
		},
		{
			Kind: Organization, Slug: quietOrg, Plan: PlanBusiness, Seats: 12, ZeroActive: true,
			Tokens: []Token{t.zeroActive},
		},
		{
			Kind: Organization, Slug: newOrg, Plan: PlanBusiness, Seats: 25, FirstDay: dayOf(now).String(),
			Tokens: []Token{t.notReady},
		},
		{
			Kind: Organization, Slug: strictOrg, Plan: PlanBusiness, Seats: 18, ForbidsClassic: true, MaxTokenDays: 30,
			Tokens: []Token{t.forbiddenKind, t.livesTooLong},
		},
		{
			Kind: Organization, Slug: ruledOrg, Plan: PlanBusiness, Seats: 20, MaxClassicDays: 30, MaxTokenDays: 30, RuledBy: "Octo Holding, Inc.",
			Tokens: []Token{t.classicLivesTooLongThere, t.livesTooLongThere},
		},
		{
			Kind: Organization, Slug: shortLivedOrg, Plan: PlanBusiness, Seats: 18, MaxClassicDays: 30,
			Tokens: []Token{t.classicLivesTooLong},
		},
		{
			Kind: Organization, Slug: allowListOrg, Plan: PlanBusiness, Seats: 16, IPAllowList: true,
			Tokens: []Token{t.allowList},
		},
		{
			Kind: Organization, Slug: renamedOrg, Plan: PlanBusiness, Seats: 14, FormerSlug: formerOrg,
			Tokens: []Token{t.renamed},
		},
		{
			Kind: Organization, Slug: objectingOrg, Plan: PlanBusiness, Seats: 10, Objection: "Access to this resource is blocked.",
			Tokens: []Token{t.objecting},
		},
		{
			Kind: Organization, Slug: foreignHostOrg, Plan: PlanBusiness, Seats: 8, ForeignHost: true,
			Tokens: []Token{t.foreignHost},
		},
		{
			Kind: Organization, Slug: hidingOrg, Plan: PlanBusiness, Seats: 9, RefusesByHiding: true,
			Tokens: []Token{t.hidden},
		},
		{
			Kind: Enterprise, Slug: holdingEnterprise, Plan: PlanBusiness, Seats: 60, Spending: 20,
			RefusedOrganizations: []string{holdingEnterprise + "-partners"},
			CostCenters: []CostCenter{
				{ID: "5f0c2c9e-0001", Name: "Research", Organizations: []string{holdingEnterprise + "-platform"}},
				{ID: "5f0c2c9e-0002", Name: "Sales", Organizations: []string{holdingEnterprise + "-apps"}},
				{ID: "5f0c2c9e-0003", Name: "Closed in spring", Deleted: true},
			},
			Budgets: holdingBudgets(),
			Tokens:  []Token{t.holding},
		},
		{
			Kind: Enterprise, Slug: allowListEnterprise, Plan: PlanEnterprise, Seats: 11, IPAllowList: true,
			Tokens: []Token{t.allowListEnterprise},
		},
		{
			Kind: Enterprise, Slug: shortLivedEnterprise, Plan: PlanEnterprise, Seats: 13, MaxClassicDays: 30,
			Tokens: []Token{t.shortLivedEnterprise},
		},
	}, appAccounts(now, t.besideApp)...)
}

// holdingBudgets returns more budgets than one page: some send alerts, none stops spending, and some are not about AI credits.
func holdingBudgets() []Budget {
	budgets := []Budget{
		{Scope: "enterprise", Entity: holdingEnterprise, Amount: 1500, Alerts: true},
		{Scope: "cost_center", Entity: "5f0c2c9e-0001", Amount: 400, Alerts: true},
		{Scope: "organization", Entity: holdingEnterprise + "-apps", Amount: 300},
		{Scope: "enterprise", Entity: holdingEnterprise, Product: "actions", Amount: 100, Stops: true},
	}
	for user := range 9 {
		budgets = append(budgets, Budget{Scope: "user", User: personLogin(user), Amount: 50})
	}
	return budgets
}

func tokensOfCast(now time.Time) castTokens {
	// The tokens expire a few hours after whole days, so that the number of days left stays the same during a local run.
	in := func(days int) time.Time {
		return now.UTC().Truncate(time.Second).AddDate(0, 0, days).Add(6 * time.Hour)
	}
	classic := func(name string, scopes ...string) Token {
		return Token{Value: classicValue(name), Login: "octo-owner", Scopes: scopes, ExpiresAt: in(60)}
	}
	fineGrained := func(name string, permissions ...string) Token {
		return Token{Value: fineGrainedValue(name), Login: "octo-owner", Permissions: permissions, ExpiresAt: in(60)}
	}
	const readOrg, billCopilot, billEnterprise = "read:org", "manage_billing:copilot", "manage_billing:enterprise"
	t := castTokens{
		classic: classic("HealthyClassic", readOrg, billCopilot),
		fineGrained: fineGrained("HealthyFineGrained",
			PermissionCopilotMetrics, PermissionCopilotSeats, PermissionAdministration, PermissionMembers),
		besideApp:                classic("BesideAnApp", readOrg, billCopilot),
		enterprise:               classic("HealthyEnterprise", "read:enterprise", billEnterprise),
		missingScope:             classic("MissingScope", billCopilot),
		missingEnterpriseScope:   classic("MissingEnterpriseScope", billEnterprise),
		missingPermission:        fineGrained("MissingPermission", PermissionCopilotSeats, PermissionMembers),
		usageOnly:                fineGrained("UsageOnly", PermissionCopilotMetrics),
		surplus:                  classic("SurplusScopes", "admin:org", "delete_repo", billCopilot, "repo", "workflow"),
		member:                   classic("OnlyAMember", readOrg, billCopilot),
		expiresSoon:              classic("ExpiresSoon", readOrg, billCopilot),
		expired:                  classic("Expired", readOrg, billCopilot),
		noExpiry:                 classic("NoExpiry", readOrg, billCopilot),
		fineGrainedEnterprise:    fineGrained("Enterprise", PermissionCopilotMetrics, PermissionCopilotSeats),
		policyOff:                classic("PolicyOff", readOrg, billCopilot),
		sso:                      classic("SSONotAuthorized", readOrg, billCopilot),
		noCopilot:                classic("NoCopilot", readOrg, billCopilot),
		zeroActive:               classic("NobodyActive", readOrg, billCopilot),
		notReady:                 classic("NotReadyYet", readOrg, billCopilot),
		forbiddenKind:            classic("ForbiddenKind", readOrg, billCopilot),
		livesTooLong:             fineGrained("LivesTooLong", PermissionCopilotMetrics, PermissionCopilotSeats),
		classicLivesTooLong:      classic("LivesTooLong", readOrg, billCopilot),
		classicLivesTooLongThere: classic("LivesTooLongThere", readOrg, billCopilot),
		livesTooLongThere:        fineGrained("LivesTooLongThere", PermissionCopilotMetrics, PermissionCopilotSeats),
		expiryNamesNow:           classic("ExpiryNamesNow", readOrg, billCopilot),
		admin:                    classic("AdminAlone", "admin:org"),
		suspended:                classic("SuspendedPerson", readOrg, billCopilot),
		blocked:                  classic("BehindAProxy", readOrg, billCopilot),
		allowList:                classic("IPAllowList", readOrg, billCopilot),
		renamed:                  classic("Renamed", readOrg, billCopilot),
		objecting:                classic("Objecting", readOrg, billCopilot),
		foreignHost:              classic("ForeignHost", readOrg, billCopilot),
		hidden:                   fineGrained("Hidden", PermissionMembers),
		enterpriseMember:         classic("EnterpriseMember", "read:enterprise"),
		allowListEnterprise:      classic("EnterpriseAllowList", "read:enterprise"),
		holding:                  classic("Holding", "read:enterprise", billEnterprise),
		shortLivedEnterprise:     classic("EnterpriseShortLived", "read:enterprise"),
	}
	t.member.Login, t.member.Role = "octo-dev-007", RoleMember
	t.enterpriseMember.Login, t.enterpriseMember.Role = "octo-dev-008", RoleMember
	t.expiresSoon.ExpiresAt = in(9)
	t.expired.ExpiresAt = in(-3)
	t.noExpiry.ExpiresAt = time.Time{}
	t.expiryNamesNow.NamesNow, t.suspended.Suspended, t.blocked.Blocked = true, true, true
	t.suspended.Login = "octo-left"
	return t
}

// classicValue returns a well-formed token (ghp_ and 36 characters) that is obviously not a real one.
func classicValue(name string) string {
	return "ghp_" + padded("demo"+name, 36)
}

// fineGrainedValue returns a token of the form of real ones: 22 and 59 characters.
func fineGrainedValue(name string) string {
	return "github_pat_" + padded("11DEMO", 22) + "_" + padded("demo"+name, 59)
}

func padded(s string, length int) string {
	return s + strings.Repeat("0", length-len(s))
}
