package apptoken

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// JWT is the text that an App signs to authenticate itself to GitHub. With it, anybody can do everything that the App can, until it ends.
type JWT struct {
	Value   string
	Expires time.Time
}

// Signer makes the JWTs of one App.
type Signer interface {
	JWT(ctx context.Context) (JWT, error)
}

// Key is a Signer that has the App's key, or a service that signs with it. Sign signs a text with RSASSA-PKCS1-v1_5 and SHA-256.
type Key struct {
	ClientID string
	Sign     func(ctx context.Context, text []byte) ([]byte, error)
	Now      func() time.Time
}

// KeyOf returns the Signer of a customer's own App.
func KeyOf(app credential.App, now func() time.Time) Key {
	return Key{app.ClientID, func(_ context.Context, text []byte) ([]byte, error) { return app.Sign(text) }, now}
}

const (
	// issuedBack is how far before now a JWT begins. GitHub refuses a JWT from the future, and clocks differ.
	issuedBack = time.Minute

	// livesFor is how long a JWT lives. GitHub allows 10 minutes.
	livesFor = 9 * time.Minute
)

// JWT implements Signer.
func (k Key) JWT(ctx context.Context) (JWT, error) {
	now := k.Now()
	expires := now.Add(livesFor)
	claims, err := json.Marshal(map[string]any{"iss": k.ClientID, "iat": now.Add(-issuedBack).Unix(), "exp": expires.Unix()})
	if err != nil {
		return JWT{}, err
	}
	content := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	signature, err := k.Sign(ctx, []byte(content))
	if err != nil {
		return JWT{}, err
	}
	return JWT{content + "." + base64.RawURLEncoding.EncodeToString(signature), expires}, nil
}
