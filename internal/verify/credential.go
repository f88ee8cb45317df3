package verify

import (
	"cmp"
	"encoding/json"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// Credential is what is known about the credential. It never contains the credential itself.
type Credential struct {
	Kind        credential.Kind `json:"kind"`
	Login       *string         `json:"login"`
	Scopes      []string        `json:"scopes"` // nil when GitHub names none, as for fine-grained tokens
	ExpiresAt   *time.Time      `json:"expiresAt"`
	DaysLeft    *int            `json:"daysLeft"` // whole periods of 24 hours
	Fingerprint string          `json:"fingerprint"`

	App            *App            `json:"app,omitempty"`           // nil for a token
	KeyFingerprint *KeyFingerprint `json:"keyFingerprint,omitzero"` // nil for a token
	ExpirySource   string          `json:"expirySource,omitempty"`  // of an App: policy, or none of the stack's

	Installation *credential.Installation `json:"-"` // nil for a token

	ExpiryUnreadable bool `json:"-"` // GitHub names an expiry that is not understood
	ExpiryDisproved  bool `json:"-"` // GitHub names an expiry that the token has outlived
}

func (e *evidence) credential() Credential {
	c := Credential{
		Kind:        e.kind,
		Scopes:      e.identity.Scopes,
		ExpiresAt:   e.identity.ExpiresAt,
		Fingerprint: e.request.Token.Fingerprint(),

		ExpiryUnreadable: e.identity.ExpiryUnreadable,
		ExpiryDisproved:  e.identity.ExpiryDisproved != nil,
	}
	switch app, own := e.request.Token.App(); {
	case own:
		c.KeyFingerprint, c.ExpirySource, c.Installation = new(KeyFingerprint(app.KeyFingerprint())), "policy", e.identity.App
		c.App = AppOf(e.installation(), app.ClientID)
	case e.bound():
		c.KeyFingerprint, c.ExpirySource, c.Installation = new(KeyFingerprint), "none", e.identity.App
		c.App = AppOf(e.installation(), "")
	}
	if e.identity.Login != "" {
		c.Login = &e.identity.Login
	}
	if c.ExpiresAt != nil {
		left := e.daysLeft()
		c.DaysLeft = &left
	}
	return c
}

// KeyFingerprint is the fingerprint of the customer's key, as GitHub shows it. It is empty for the stack's App, and null in JSON.
type KeyFingerprint string

// MarshalJSON implements json.Marshaler.
func (k KeyFingerprint) MarshalJSON() ([]byte, error) {
	if k == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(k))
}

// App is a GitHub App and its installation, as the Admin API shows them.
type App struct {
	Slug           *string           `json:"slug"` // nil: GitHub did not tell
	ClientID       string            `json:"clientId"`
	InstallationID *int64            `json:"installationId"`
	Permissions    map[string]string `json:"permissions"`
	Suspended      bool              `json:"suspended"`
}

// AppOf returns the description of an App for an answer. A field that GitHub has not sent is the pasted one, or null.
func AppOf(i credential.Installation, pasted string) *App {
	app := &App{ClientID: cmp.Or(i.ClientID, pasted), Permissions: i.Permissions, Suspended: i.Suspended}
	if i.Slug != "" {
		app.Slug = &i.Slug
	}
	if i.ID != 0 {
		app.InstallationID = &i.ID
	}
	return app
}
