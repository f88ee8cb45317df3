package githubsim

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// longestJWT is the longest time that an App's JWT may be valid.
const longestJWT = 10 * time.Minute

func refuseJWT(message string) *refusal {
	return &refusal{status: http.StatusUnauthorized, message: message}
}

// signer returns the App that has signed a JWT, or GitHub's refusal.
func (w *world) signer(jwt string, now time.Time) (App, *refusal) {
	undecodable := refuseJWT("A JSON web token could not be decoded")
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return App{}, undecodable
	}
	var header struct{ Alg string }
	var claims struct{ Iss, Iat, Exp json.RawMessage }
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !decodePart(parts[0], &header) || !decodePart(parts[1], &claims) || header.Alg != "RS256" {
		return App{}, undecodable
	}
	app, ok := w.app(strings.Trim(string(claims.Iss), `"`))
	switch {
	case !ok:
		return App{}, undecodable
	case len(app.Keys) == 0:
		return App{}, refuseJWT("Integration must generate a public key")
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !slices.ContainsFunc(app.Keys, func(key *rsa.PublicKey) bool {
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
	}) {
		return App{}, undecodable
	}
	return app, refuseTimes(claims.Iat, claims.Exp, now)
}

func decodePart(part string, into any) bool {
	text, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(text, into) == nil
}

func refuseTimes(issued, expires json.RawMessage, now time.Time) *refusal {
	var iat, exp int64
	switch errIat, errExp := json.Unmarshal(issued, &iat), json.Unmarshal(expires, &exp); {
	case errIat != nil || time.Unix(iat, 0).After(now):
		return refuseJWT("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
	case errExp != nil || !time.Unix(exp, 0).After(now):
		return refuseJWT("'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires")
	case time.Unix(exp, 0).After(now.Add(longestJWT)):
		return refuseJWT("'Expiration time' claim ('exp') is too far in the future")
	}
	return nil
}
