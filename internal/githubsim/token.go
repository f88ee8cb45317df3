package githubsim

import (
	"slices"
	"strings"
	"time"
)

// Token is a personal access token, with the role of its owner in the account that lists it. If several accounts list a token,
// its Login, Scopes and ExpiresAt must be the same in each.
type Token struct {
	Value string // ghp_… is classic, github_pat_… fine-grained, as on GitHub
	Login string

	Scopes      []string // classic tokens only
	Permissions []string // fine-grained tokens only, each for reading; see the Permission constants

	ExpiresAt     time.Time // zero: never. Its location decides how the expiry header writes the zone
	Revoked       bool
	NamesNow      bool // the expiry header names the time of the call
	Suspended     bool // GitHub has suspended the token's owner
	Blocked       bool // a proxy answers instead of GitHub
	Role          Role
	SSOAuthorized bool // classic tokens only: a fine-grained token is authorised when it is made

	installerOf string // the client id of the App that exchanged a person's code for this token; empty: another kind of token

	minted       bool  // an installation token of a GitHub App
	installation int64 // the App's installation
	suspended    bool  // the installation is suspended
}

// Role is the role of a token's owner in an account. The zero value is an owner of the organization or enterprise, which
// most tests need.
type Role int

// The roles. The API has names only for RoleAdmin and RoleMember. The other roles show in what the person may read.
const (
	RoleAdmin          Role = iota // owner
	RoleMember                     // a member without further rights
	RoleNone                       // not a member
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

// containers has for each scope the scopes that include it.
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

// classic reports whether the token is a classic personal access token.
func (t Token) classic() bool { return !t.minted && t.installerOf == "" && !t.fineGrained() }

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

// withContainers returns the scopes and all scopes that include them, in the order of GitHub's header.
func withContainers(scopes []string) []string {
	all := slices.Clone(scopes)
	for _, scope := range scopes {
		all = append(all, containers[scope]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// expiryHeader writes the zone as GitHub does: "UTC", or the offset if the token was made in another zone.
func (t Token) expiryHeader(now time.Time) string {
	if t.NamesNow {
		t.ExpiresAt = now.UTC()
	}
	if t.ExpiresAt.Location() == time.UTC {
		return t.ExpiresAt.Format("2006-01-02 15:04:05 MST")
	}
	return t.ExpiresAt.Format("2006-01-02 15:04:05 -0700")
}
