package githubsim

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// mintedFor is how long an installation token lives.
const mintedFor = time.Hour

// minted is an installation token.
type minted struct {
	installation int64
	permissions  map[string]string
	expiresAt    time.Time
}

// mint keeps the installation tokens that were made and not revoked.
type mint struct {
	mu     sync.Mutex
	tokens map[string]minted
	made   int
}

// InstallationTokens returns how many installation tokens were made so far, and how many of them still work.
func (s *Server) InstallationTokens() (made, alive int) {
	s.mint.mu.Lock()
	defer s.mint.mu.Unlock()
	for value := range s.mint.tokens {
		if _, ok := s.mint.usable(value, s.now()); ok {
			alive++
		}
	}
	return s.mint.made, alive
}

// ExpireInstallationTokens ends all installation tokens.
func (s *Server) ExpireInstallationTokens() {
	s.mint.mu.Lock()
	defer s.mint.mu.Unlock()
	clear(s.mint.tokens)
}

func (m *mint) usable(value string, now time.Time) (minted, bool) {
	token, ok := m.tokens[value]
	return token, ok && now.Before(token.expiresAt)
}

func (s *Server) accessTokens(w http.ResponseWriter, r *http.Request, app App, i installed) {
	if !i.Suspended.IsZero() {
		suspendedInstallation.write(w)
		return
	}
	token := minted{installation: i.ID, permissions: maps.Clone(i.Permissions), expiresAt: s.now().Add(mintedFor).UTC().Truncate(time.Second)}
	if refused := token.narrow(r.Body, i); refused != nil {
		refused.write(w)
		return
	}
	// Since 2026-04-27 such a token has about 520 characters, with dots.
	value := fmt.Sprintf("ghs_%d_%s.%s%s.%s", app.ID, rand.Text(), rand.Text(), rand.Text(), rand.Text())
	s.mint.mu.Lock()
	if s.mint.tokens == nil {
		s.mint.tokens = map[string]minted{}
	}
	s.mint.tokens[value] = token
	s.mint.made++
	s.mint.mu.Unlock()
	writeJSON(w, http.StatusCreated, map[string]any{
		"token": value, "expires_at": token.expiresAt, "permissions": token.permissions, "repository_selection": "all",
	})
}

// narrow takes the permissions that the body asks for. An enterprise's token cannot be narrowed.
func (m *minted) narrow(body io.Reader, i installed) *refusal {
	text, err := io.ReadAll(io.LimitReader(body, 1<<16))
	if err != nil || len(text) == 0 {
		return nil
	}
	var asked struct{ Permissions map[string]string }
	if json.Unmarshal(text, &asked) != nil {
		return &refusal{status: http.StatusBadRequest, message: "Problems parsing JSON"}
	}
	for name, level := range asked.Permissions {
		granted := i.Permissions[name]
		if i.account.Kind == Enterprise || level != "read" && level != "write" || granted != level && granted != "write" {
			return &refusal{status: http.StatusUnprocessableEntity, message: "The permissions requested are not granted to this installation."}
		}
	}
	if asked.Permissions != nil {
		m.permissions = asked.Permissions
	}
	return nil
}

func (s *Server) revokeMinted(w http.ResponseWriter, r *http.Request, caller Token) {
	if !caller.minted {
		notFound.write(w)
		return
	}
	s.mint.mu.Lock()
	defer s.mint.mu.Unlock()
	delete(s.mint.tokens, bearer(r))
	w.WriteHeader(http.StatusNoContent)
}

var suspendedInstallation = refusal{status: http.StatusForbidden, message: "This installation has been suspended"}

// mintedToken returns an installation token as a caller with an owner's rights, limited to the token's permissions. ok is false
// if the token does not exist or has ended.
func (s *Server) mintedToken(value string) (caller Token, ok bool) {
	s.mint.mu.Lock()
	defer s.mint.mu.Unlock()
	token, ok := s.mint.usable(value, s.now())
	if !ok {
		return Token{}, false
	}
	i, ok := s.world.Load().installation(token.installation)
	if !ok {
		return Token{}, false
	}
	caller = Token{Value: value, Login: fmt.Sprintf("installation/%d", i.ID), minted: true, installation: i.ID, suspended: !i.Suspended.IsZero()}
	for _, name := range slices.Sorted(maps.Keys(token.permissions)) {
		if i.Permissions[name] != "" { // an owner may have withdrawn the permission since then
			caller.Permissions = append(caller.Permissions, name)
		}
	}
	return caller, true
}
