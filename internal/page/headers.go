package page

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// gitHub is where the page may post the manifest of a GitHub App.
const gitHub = "https://github.com https://*.ghe.com"

// contentSecurityPolicy allows only our own files. The page may connect only to its own host and to the endpoint that issues
// tokens, and post forms only to GitHub.
func contentSecurityPolicy(settings Settings) (string, error) {
	connect, forms := "'self'", gitHub
	if settings.SimulatedGitHub != "" {
		forms += " " + settings.SimulatedGitHub
	}
	if signIn := settings.SignIn; signIn != nil {
		endpoint, err := url.Parse(signIn.TokenEndpoint)
		if err != nil || endpoint.Scheme == "" || endpoint.Host == "" || strings.ContainsAny(endpoint.Host, " ;,'") {
			return "", fmt.Errorf("the token endpoint %q is no address", signIn.TokenEndpoint)
		}
		connect += " " + endpoint.Scheme + "://" + endpoint.Host
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src " + connect + "; img-src 'self'; " +
		"form-action " + forms + "; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'", nil
}

// protected sets the security headers.
func protected(policy string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}
