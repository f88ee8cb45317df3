package apptoken

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/credential"
)

const (
	// issuedBack is how far back a JWT dates its beginning: GitHub takes none from the future, and clocks differ.
	issuedBack = time.Minute

	// livesFor is how long a JWT lives. GitHub allows 10 minutes.
	livesFor = 9 * time.Minute
)

// sign returns a JWT by which GitHub knows the App.
func sign(app credential.App, now time.Time) (string, error) {
	claims, err := json.Marshal(map[string]any{
		"iss": app.ClientID, "iat": now.Add(-issuedBack).Unix(), "exp": now.Add(livesFor).Unix(),
	})
	if err != nil {
		return "", err
	}
	content := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	signature, err := app.Sign([]byte(content))
	if err != nil {
		return "", err
	}
	return content + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}
