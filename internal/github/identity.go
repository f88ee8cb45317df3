package github

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Identity asks GitHub whose token it is. With an error too it returns what the headers tell.
func (c *Client) Identity(ctx context.Context) (credential.Identity, error) {
	var user struct {
		Login string `json:"login"`
	}
	const op = "ask GitHub for the token's owner"
	a, err := c.getJSON(ctx, op, "user", &user)
	identity := c.identityOf(a.header)
	if err != nil {
		return identity, err
	}
	if user.Login == "" {
		return identity, unexpected(op, "its answer names no user")
	}
	identity.Login = c.quote(user.Login)
	if at := identity.ExpiresAt; at != nil && !at.After(c.now().Add(clocksApart)) {
		identity.ExpiresAt, identity.ExpiryDisproved = nil, at
	}
	return identity, nil
}

// clocksApart is how far GitHub's clock and ours may differ. It matters because GitHub sometimes names the time of the call
// itself as the token's expiry (google/go-github issue 3708).
const clocksApart = time.Minute

func (c *Client) identityOf(header http.Header) credential.Identity {
	var identity credential.Identity
	// GitHub sends the header with every classic token, empty where the token has no scope.
	if values, ok := header["X-Oauth-Scopes"]; ok {
		identity.Scopes = []string{}
		for scope := range strings.SplitSeq(strings.Join(values, ","), ",") {
			if scope = c.quote(scope); scope != "" {
				identity.Scopes = append(identity.Scopes, scope)
			}
		}
		slices.Sort(identity.Scopes)
	}
	if values, ok := header["Github-Authentication-Token-Expiration"]; ok {
		if at, ok := parseExpiry(values[0]); ok {
			identity.ExpiresAt = &at
		} else {
			identity.ExpiryUnreadable = true
		}
	}
	return identity
}

// expiryLayouts are the forms in which GitHub was seen to send the expiry. No zone is named but UTC, because time.Parse
// would read CET as UTC.
var expiryLayouts = []string{
	"2006-01-02 15:04:05 UTC",
	"2006-01-02 15:04:05 GMT",
	"2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05 -07:00",
	"2006-01-02 15:04:05 -07",
	time.RFC3339,
}

func parseExpiry(raw string) (time.Time, bool) {
	for _, layout := range expiryLayouts {
		if at, err := time.Parse(layout, strings.TrimSpace(raw)); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// FindOrganization looks an organization up. Everybody can see an organization, unless an enterprise manages its people.
// The error is fault.NotFound if it does not exist or this token may not see it, and fault.Renamed if it has another name
// now, which is returned too if GitHub tells it.
func (c *Client) FindOrganization(ctx context.Context, slug string) (copilot.Profile, error) {
	const op = "look the organization up"
	profile, err := c.profile(ctx, op, "orgs/"+slug)
	sent, isRedirect := errors.AsType[*redirect](err)
	if !isRedirect || !fault.Is(err, fault.Renamed) {
		return profile, err
	}
	kind, name := sent.account()
	if now, lookupErr := c.profile(ctx, op, kind+"/"+name); lookupErr == nil {
		return now, err
	}
	return copilot.Profile{}, err
}

// OrganizationByID looks up an organization's present name. Its id never changes.
func (c *Client) OrganizationByID(ctx context.Context, id string) (copilot.Profile, error) {
	return c.profile(ctx, "look the organization up by its id", "organizations/"+id)
}

func (c *Client) profile(ctx context.Context, op, path string) (copilot.Profile, error) {
	var organization struct {
		ID    json.RawMessage `json:"id"`
		Login string          `json:"login"`
	}
	if _, err := c.getJSON(ctx, op, path, &organization); err != nil {
		return copilot.Profile{}, err
	}
	slug, err := copilot.ParseSlug(organization.Login)
	id, ok := idOf(organization.ID)
	if err != nil || !ok {
		return copilot.Profile{}, unexpected(op, "its answer names no organization")
	}
	return copilot.Profile{ID: strconv.FormatInt(id, 10), Slug: slug}, nil
}

// Role asks for the role of the token's owner in an organization.
func (c *Client) Role(ctx context.Context, slug string) (credential.Role, error) {
	var membership struct {
		State string `json:"state"`
		Role  string `json:"role"`
	}
	_, err := c.getJSON(ctx, "ask for the owner's role", "user/memberships/orgs/"+slug, &membership)
	switch {
	case fault.Is(err, fault.NotFound):
		return credential.RoleNone, nil
	case err != nil:
		return credential.RoleUnknown, err
	case membership.State == "pending":
		return credential.RoleInvited, nil
	case membership.Role == "admin":
		return credential.RoleOwner, nil
	case membership.Role == "member":
		return credential.RoleMember, nil
	}
	return credential.RoleUnknown, nil
}
