package credential

import "time"

// Identity is what GitHub says about a token and its owner.
type Identity struct {
	App    *Installation // of a GitHub App; nil for a token
	Login  string        // the token's owner; empty when GitHub did not say
	Scopes []string      // a classic token's scopes; nil when GitHub sent none, as for fine-grained tokens

	ExpiresAt        *time.Time // nil: the token never expires, or one of the two below
	ExpiryUnreadable bool       // GitHub named an expiry that could not be understood
	ExpiryDisproved  *time.Time // GitHub named this expiry, and accepted the token although it was over
}

// Role is the token owner's role in an organization.
type Role string

// The roles that GitHub names. RoleUnknown means that the token has no right to read the role.
const (
	RoleOwner   Role = "owner"
	RoleMember  Role = "member"
	RoleInvited Role = "invited" // the owner has not accepted the invitation yet, which gives no access
	RoleNone    Role = "none"
	RoleUnknown Role = "unknown"
)
