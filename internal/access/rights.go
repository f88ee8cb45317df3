package access

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// Right is a row of the table of rights: what a kind of credential must hold to have capabilities on an account.
type Right struct {
	Scope copilot.Scope
	Kind  credential.Kind
	Reads []Capability
	Least Grant   // the least sufficient grant; every grant that includes it suffices too
	Also  []Grant // other grants that suffice although they do not include Least
	Of    Giver   // whose credential it must be
	Page  string  // GitHub's documentation
}

// Rights is the table of rights. A kind of credential without a row for a scope cannot read such an account at all.
//
// GitHub does not document a scope for billing: those rows come from observation.
var Rights = []Right{
	{copilot.Organization, credential.ClassicPAT, everyReport, readOrg, nil, ownerOrRole, reportsPage},
	{copilot.Organization, credential.ClassicPAT, seatsOnly, readOrg, []Grant{billCopilot}, owner, seatsPage},
	{copilot.Organization, credential.ClassicPAT, billingOnly, billCopilot, []Grant{adminOrg}, owner, creditsPage},
	{copilot.Organization, credential.ClassicPAT, budgetsOnly, billCopilot, []Grant{adminOrg}, owner, budgetsPage},

	{copilot.Organization, credential.FineGrainedPAT, everyReport, copilotMetrics, nil, ownerOrRole, reportsPage},
	{copilot.Organization, credential.FineGrainedPAT, seatsOnly, copilotBusiness, []Grant{administration}, owner, seatsPage},
	{copilot.Organization, credential.FineGrainedPAT, billingOnly, administration, nil, owner, creditsPage},
	{copilot.Organization, credential.FineGrainedPAT, budgetsOnly, administration, nil, owner, budgetsPage},

	{copilot.Enterprise, credential.ClassicPAT, everyReport, readEnterprise, []Grant{billCopilot}, billingManagerOrRole, reportsPage},
	{copilot.Enterprise, credential.ClassicPAT, seatsOnly, readEnterprise, []Grant{billCopilot}, billingManager, seatsPage},
	{copilot.Enterprise, credential.ClassicPAT, billingOnly, billEnterprise, nil, billingManager, creditsPage},
	{copilot.Enterprise, credential.ClassicPAT, costCentersOnly, billEnterprise, nil, billingManager, costCentersPage},
	{copilot.Enterprise, credential.ClassicPAT, budgetsOnly, billEnterprise, nil, billingManager, budgetsPage},

	{copilot.Organization, credential.GitHubApp, everyReport, copilotMetrics, nil, installer, reportsPage},
	{copilot.Organization, credential.GitHubApp, seatsOnly, copilotBusiness, []Grant{administration}, installer, seatsPage},
	{copilot.Organization, credential.GitHubApp, billingOnly, administration, nil, installer, creditsPage},
	{copilot.Organization, credential.GitHubApp, budgetsOnly, administration, nil, installer, budgetsPage},

	{copilot.Enterprise, credential.GitHubApp, everyReport, enterpriseMetrics, nil, installer, reportsPage},
	{copilot.Enterprise, credential.GitHubApp, seatsOnly, enterpriseSeats, nil, installer, seatsPage},
	{copilot.Enterprise, credential.GitHubApp, billingOnly, enterpriseBilling, nil, installer, creditsPage},
	{copilot.Enterprise, credential.GitHubApp, costCentersOnly, enterpriseBilling, nil, installer, costCentersPage},
	{copilot.Enterprise, credential.GitHubApp, budgetsOnly, enterpriseBilling, nil, installer, budgetsPage},
}

var (
	everyReport = []Capability{Usage, Users, Teams}
	seatsOnly   = []Capability{Seats}
	billingOnly = []Capability{Billing}

	costCentersOnly = []Capability{CostCenters}
	budgetsOnly     = []Capability{Budgets}
)

// The scopes and permissions of the table. Their names are those on GitHub's pages.
var (
	readOrg        = Grant{Name: "read:org"}
	adminOrg       = Grant{Name: "admin:org"}
	readEnterprise = Grant{Name: "read:enterprise"}
	billCopilot    = Grant{Name: "manage_billing:copilot", CouldAlso: "change seats"}
	billEnterprise = Grant{Name: "manage_billing:enterprise", CouldAlso: "change billing"}

	copilotMetrics    = Grant{Name: "Organization Copilot metrics", Key: "organization_copilot_metrics", Of: copilot.Organization}
	copilotBusiness   = Grant{Name: "GitHub Copilot Business", Key: "organization_copilot_seat_management", Of: copilot.Organization}
	enterpriseMetrics = Grant{Name: "Enterprise Copilot metrics", Key: "enterprise_copilot_metrics", Of: copilot.Enterprise}
	// GitHub names this permission on its pages since 2026-11-10; how its API spells it is not documented.
	enterpriseSeats   = Grant{Name: "Enterprise Copilot license management", Of: copilot.Enterprise}
	enterpriseBilling = Grant{Name: "Enterprise billing", Key: "enterprise_billing", Of: copilot.Enterprise} // not offered to everybody yet
	administration    = Grant{Name: "Administration", Key: "organization_administration", Of: copilot.Organization}
)

// MembersGrant lets an installation of the stack's App show who is an owner of an organization. It reads no data of a connector.
var MembersGrant = Grant{Name: "Members", Key: Members, Of: copilot.Organization}

// contains lists the scopes that a classic token's scope includes.
// https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
var contains = map[string][]string{
	"admin:org":        {"write:org", "read:org"},
	"write:org":        {"read:org"},
	"admin:enterprise": {"manage_billing:enterprise", "read:enterprise"},
	"copilot":          {"manage_billing:copilot"},
}

// Giver describes the person whose credential gives a capability.
type Giver struct {
	Who  string // the people who always can, such as "owner"
	Role string // a GitHub role that is sufficient instead; empty: there is no such role
}

var (
	owner                = Giver{Who: "owner"}
	ownerOrRole          = Giver{Who: "owner", Role: "View Organization Copilot Metrics"}
	installer            = Giver{Who: "owner"} // who installs the App
	billingManager       = Giver{Who: "owner or billing manager"}
	billingManagerOrRole = Giver{Who: "owner or billing manager", Role: "View Enterprise Copilot Metrics"}
)

const (
	reportsPage = "https://docs.github.com/rest/copilot/copilot-usage-metrics"
	seatsPage   = "https://docs.github.com/rest/copilot/copilot-user-management"
	creditsPage = "https://docs.github.com/rest/billing/usage" //nolint:gosec // G101 takes the name of a page for a credential

	costCentersPage = "https://docs.github.com/enterprise-cloud@latest/rest/billing/cost-centers"
	budgetsPage     = "https://docs.github.com/rest/billing/budgets"
)

// For returns the row for a capability. ok is false if a credential of the kind cannot have it on accounts of the scope.
func For(scope copilot.Scope, kind credential.Kind, what Capability) (right Right, ok bool) {
	for _, r := range Rights {
		if r.Scope == scope && r.Kind == rowsOf(kind) && slices.Contains(r.Reads, what) {
			return r, true
		}
	}
	return Right{}, false
}

// rowsOf returns the kind whose rows hold for a kind: an installation of the stack's App may read what any App may.
func rowsOf(kind credential.Kind) credential.Kind {
	if kind.IsApp() {
		return credential.GitHubApp
	}
	return kind
}

// GiverOf returns the person whose credential gives a capability on accounts of the scope. The kind does not matter.
func GiverOf(scope copilot.Scope, what Capability) Giver {
	for _, r := range Rights {
		if r.Scope == scope && slices.Contains(r.Reads, what) {
			return r.Of
		}
	}
	return owner
}
