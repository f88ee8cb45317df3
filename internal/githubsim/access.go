package githubsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// requirement is what an endpoint requires of a token and of the account.
// https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
type requirement struct {
	kind        Kind
	scopes      []string // a classic token needs one of them; empty: every classic token is accepted
	permissions []string // a fine-grained token needs one of them; empty: every fine-grained token is accepted
	roles       []Role   // the token's owner needs one of them; empty: everybody is accepted
	copilot     bool     // the endpoint exists only for accounts with Copilot
	person      bool     // the endpoint is about the person behind the token, so GitHub Apps have no access
	policy      bool     // readable only while the usage metrics policy is on
}

var (
	orgProfile    = requirement{kind: Organization}
	orgMembership = requirement{
		kind: Organization, scopes: []string{"read:org"}, permissions: []string{PermissionMembers}, person: true,
	}
	orgMembers = requirement{kind: Organization, scopes: []string{"read:org"}, permissions: []string{PermissionMembers}}
	orgReports = requirement{
		kind: Organization, scopes: []string{"read:org"}, permissions: []string{PermissionCopilotMetrics},
		roles: []Role{RoleAdmin, RoleMetricsViewer}, copilot: true, policy: true,
	}
	orgSeats = requirement{
		kind: Organization, scopes: []string{"manage_billing:copilot", "read:org"},
		permissions: []string{PermissionCopilotSeats, PermissionAdministration},
		roles:       []Role{RoleAdmin}, copilot: true,
	}
	// GitHub documents no scope for AI credits; these scopes were observed to work.
	orgCredits = requirement{
		kind: Organization, scopes: []string{"admin:org", "manage_billing:copilot"},
		permissions: []string{PermissionAdministration}, roles: []Role{RoleAdmin}, copilot: true,
	}

	// The permissions here exist for GitHub Apps only: an enterprise refuses every fine-grained token.
	enterpriseReports = requirement{
		kind: Enterprise, scopes: []string{"manage_billing:copilot", "read:enterprise"},
		permissions: []string{"enterprise_copilot_metrics"},
		roles:       []Role{RoleAdmin, RoleBillingManager, RoleMetricsViewer}, copilot: true, policy: true,
	}
	enterpriseSeats = requirement{
		kind: Enterprise, scopes: []string{"manage_billing:copilot", "read:enterprise"},
		permissions: []string{"enterprise_copilot_seat_management"},
		roles:       []Role{RoleAdmin, RoleBillingManager}, copilot: true,
	}
	enterpriseCredits = requirement{
		kind: Enterprise, scopes: []string{"manage_billing:enterprise"},
		permissions: []string{"enterprise_billing"},
		roles:       []Role{RoleAdmin, RoleBillingManager}, copilot: true,
	}
)

// refuse returns GitHub's refusal, or nil if the request is allowed. It checks in GitHub's order: single sign-on and token
// policies of the account, the token's own grants, its owner's role, and last the state of the account.
func (need requirement) refuse(a *Account, t Token, now time.Time) *refusal {
	if need.kind == Enterprise && t.Role == RoleNone {
		return &notFound
	}
	if refused := a.refuseToken(t, now); refused != nil {
		return refused
	}
	if refused := need.refuseGrants(t); refused != nil {
		if a.RefusesByHiding {
			return &notFound
		}
		return refused
	}
	switch {
	case need.copilot && a.Plan == PlanNone:
		return &notFound
	case need.policy && a.PolicyOff:
		return &refusal{
			status:  http.StatusForbidden,
			message: "The 'Copilot usage metrics' policy must be enabled to use this API",
			docs:    "https://docs.github.com/copilot/concepts/copilot-metrics#organization-level-metrics",
		}
	}
	return nil
}

// refuseToken applies the account's rules for all tokens.
func (a *Account) refuseToken(t Token, now time.Time) *refusal {
	forbidden := func(message string) *refusal {
		return &refusal{status: http.StatusForbidden, message: message}
	}
	switch {
	case t.Role == RoleNone:
		return nil
	case a.Objection != "":
		return forbidden(a.Objection)
	case a.IPAllowList:
		return forbidden(fmt.Sprintf("Although you appear to have the correct authorization credentials, the `%s` %s has an IP allow list enabled, "+
			"and your IP address is not permitted to access this resource.", a.Slug, a.Kind))
	case t.classic() && a.ForbidsClassic:
		return forbidden(fmt.Sprintf("`%s` forbids access via a personal access token (classic). "+
			"Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.", a.Slug))
	case t.fineGrained() && t.outlives(a.MaxTokenDays, now):
		return forbidden(a.lifetimeRule("fine-grained personal access tokens", a.MaxTokenDays))
	case t.classic() && t.outlives(a.MaxClassicDays, now):
		return forbidden(a.lifetimeRule("personal access tokens (classic)", a.MaxClassicDays))
	case t.classic() && a.SSO && !t.SSOAuthorized:
		refused := forbidden("Resource protected by organization SAML enforcement. " +
			"You must grant your Personal Access token access to this organization.")
		refused.sso = "required; url=https://github.com/" + a.webPath() + "/sso?authorization_request=A0B1C2D3E4"
		return refused
	}
	return nil
}

// outlives reports whether the token lives longer than a rule allows. 0 means that there is no rule.
func (t Token) outlives(days int, now time.Time) bool {
	return days > 0 && (t.ExpiresAt.IsZero() || t.ExpiresAt.Sub(now) > time.Duration(days)*24*time.Hour)
}

// lifetimeRule returns GitHub's text about the rule. GitHub names an enterprise by its display name.
func (a *Account) lifetimeRule(tokens string, days int) string {
	who := fmt.Sprintf("'%s' %s", a.Slug, a.Kind)
	if a.RuledBy != "" {
		who = fmt.Sprintf("'%s' enterprise", a.RuledBy)
	}
	return fmt.Sprintf("The %s forbids access via a %s if the token's lifetime is greater than %d days. "+
		"Please adjust your token's lifetime at the following URL: https://github.com/settings/tokens/1234567", who, tokens, days)
}

func (a *Account) webPath() string {
	if a.Kind == Enterprise {
		return "enterprises/" + a.Slug
	}
	return "orgs/" + a.Slug
}

func (need requirement) refuseGrants(t Token) *refusal {
	switch {
	case t.minted && (need.person || t.Role == RoleNone && need.roles != nil || len(need.permissions) > 0 && !t.hasAnyPermission(need.permissions)):
		return &notForApps
	case t.minted:
		return nil
	case t.fineGrained() && (need.kind == Enterprise || len(need.permissions) > 0 && !t.hasAnyPermission(need.permissions)):
		return &refusal{status: http.StatusForbidden, message: "Resource not accessible by personal access token"}
	case !t.fineGrained() && len(need.scopes) > 0 && !t.hasAnyScope(need.scopes),
		len(need.roles) > 0 && !slices.Contains(need.roles, t.Role):
		return &refusal{
			status:  http.StatusForbidden,
			message: "Insufficient permissions. This action requires admin, or relevant organization role access.",
		}
	}
	return nil
}

// announce adds the headers that name the scopes and permissions of the endpoint, as GitHub does on every answer.
func (need requirement) announce(header http.Header, t Token) {
	if t.classic() {
		header.Set("X-Accepted-OAuth-Scopes", strings.Join(withContainers(need.scopes), ", "))
		return
	}
	if len(need.permissions) == 0 {
		return
	}
	header.Set("X-Accepted-GitHub-Permissions", strings.Join(need.permissions, "=read; ")+"=read")
}

// notForApps refuses an installation token that lacks the permission, and every installation token at endpoints about a person.
var notForApps = refusal{status: http.StatusForbidden, message: "Resource not accessible by integration"}
