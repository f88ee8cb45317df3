package githubsim

import (
	"io"
	"net/http"
	"strings"
)

// known passes on requests with a valid token. It answers all others with 401, on every path.
func (s *Server) known(answer func(http.ResponseWriter, *http.Request, Token)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		value := bearer(r)
		if s.world.Load().tokens[value].Blocked {
			writeBlockPage(w)
			return
		}
		if value == "" {
			refusal{status: http.StatusUnauthorized, message: "Requires authentication"}.write(w)
			return
		}
		caller, ok := s.world.Load().tokens[value]
		if !ok {
			caller, ok = s.mintedToken(value)
		}
		if !ok {
			caller, ok = s.installerToken(value)
		}
		if !ok || !caller.usable(s.now()) {
			refusal{status: http.StatusUnauthorized, message: "Bad credentials"}.write(w)
			return
		}
		if caller.classic() {
			// GitHub sends the header even if the token has no scope.
			header.Set("X-OAuth-Scopes", strings.Join(caller.Scopes, ", "))
		}
		if !caller.ExpiresAt.IsZero() {
			header.Set("GitHub-Authentication-Token-Expiration", caller.expiryHeader(s.now()))
		}
		if caller.Suspended {
			refusal{status: http.StatusForbidden, message: "Sorry. Your account was suspended."}.write(w)
			return
		}
		if caller.suspended {
			suspendedInstallation.write(w)
			return
		}
		s.quota.charge(header, caller.Login, s.now(), r.URL.Path)
		answer(w, r, caller)
	}
}

// writeBlockPage answers like a network filter that blocks all requests to GitHub.
func writeBlockPage(w http.ResponseWriter) {
	clear(w.Header())
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, "<!DOCTYPE html><title>Blocked</title><p>Access to this site is blocked by administrative rules.</p>\n")
}

// bearer reads both forms that GitHub accepts: "Bearer VALUE" and "token VALUE".
func bearer(r *http.Request) string {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") && !strings.EqualFold(scheme, "token") {
		return ""
	}
	return strings.TrimSpace(value)
}

// visit is an allowed request to an account. token is the caller's token with its role in that account.
type visit struct {
	account *Account
	token   Token
}

// permitted passes on requests that meet the rules of the account in the path and the requirement need.
func (s *Server) permitted(need requirement, answer func(http.ResponseWriter, *http.Request, visit)) http.HandlerFunc {
	return s.known(func(w http.ResponseWriter, r *http.Request, caller Token) {
		need.announce(w.Header(), caller)
		account := s.world.Load().account(need.kind, r.PathValue("slug"))
		if account == nil {
			s.moved(w, r, need.kind)
			return
		}
		token := account.tokenFor(caller)
		if refused := need.refuse(account, token, s.now()); refused != nil {
			refused.write(w)
			return
		}
		answer(w, r, visit{account, token})
	})
}
