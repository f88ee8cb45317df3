package githubsim

import (
	"slices"
	"strings"
	"time"
)

// Token is a personal access token and what its owner is in the account that lists it. A token listed by
// several accounts has the same Login, Scopes and ExpiresAt in each.
type Token struct {
	Value string // ghp_… is classic, github_pat_… fine-grained, as on GitHub
	Login string

	Scopes      []string // classic only
	Permissions []string // fine-grained only, all read; see the Permission constants

	ExpiresAt     time.Time // zero: never. Its location decides how the expiry header spells the zone
	Revoked       bool
	NamesNow      bool // the expiry header names the instant of the call
	Suspended     bool // GitHub has suspended its owner
	Blocked       bool // a proxy between its owner and GitHub answers in GitHub's place
	Role          Role
	SSOAuthorized bool // classic only: a fine-grained token is authorised when it is made
}

// Role is what the owner of a token is in an account. The zero value is the owner of an organization or
// enterprise, which is what most tests need.
type Role int

// Only RoleAdmin and RoleMember have names in the API; the others show by what they may read.
const (
	RoleAdmin          Role = iota // owner
	RoleMember                     // belongs to it, nothing more
	RoleNone                       // does not belong to it
	RoleMetricsViewer              // member with the role "View Organization (or Enterprise) Copilot Metrics"
	RoleBillingManager             // of an enterprise
)

// Organization permissions of fine-grained tokens, as X-Accepted-GitHub-Permissions names them.
const (
	PermissionCopilotMetrics = "organization_copilot_metrics"
	PermissionCopilotSeats   = "organization_copilot_seat_management" // shown as "GitHub Copilot Business"
	PermissionAdministration = "organization_administration"
	PermissionMembers        = "members"
)

// containers lists for each scope the ones that include it.
// https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
var containers = map[string][]string{
	"write:org":                 {"admin:org"},
	"read:org":                  {"admin:org", "write:org"},
	"manage_billing:enterprise": {"admin:enterprise"},
	"read:enterprise":           {"admin:enterprise"},
	"manage_billing:copilot":    {"copilot"},
}

func (t Token) fineGrained() bool {
	return strings.HasPrefix(t.Value, "github_pat_")
}

func (t Token) usable(now time.Time) bool {
	return !t.Revoked && (t.ExpiresAt.IsZero() || now.Before(t.ExpiresAt))
}

func (t Token) hasAnyScope(accepted []string) bool {
	return slices.ContainsFunc(withContainers(accepted), func(scope string) bool {
		return slices.Contains(t.Scopes, scope)
	})
}

func (t Token) hasAnyPermission(accepted []string) bool {
	return slices.ContainsFunc(accepted, func(permission string) bool {
		return slices.Contains(t.Permissions, permission)
	})
}

// withContainers returns the scopes and all that include them, sorted as GitHub's header has them.
func withContainers(scopes []string) []string {
	all := slices.Clone(scopes)
	for _, scope := range scopes {
		all = append(all, containers[scope]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// expiryHeader spells the zone as GitHub does: "UTC", or the offset for tokens made under another zone.
func (t Token) expiryHeader(now time.Time) string {
	if t.NamesNow {
		t.ExpiresAt = now.UTC()
	}
	if t.ExpiresAt.Location() == time.UTC {
		return t.ExpiresAt.Format("2006-01-02 15:04:05 MST")
	}
	return t.ExpiresAt.Format("2006-01-02 15:04:05 -0700")
}
