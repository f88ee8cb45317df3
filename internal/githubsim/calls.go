package githubsim

import (
	"net/http"
	"slices"
	"time"
)

// Call is one request as it arrived, intercepted or not. Whether an Authorization header came is told, its
// value is kept nowhere.
type Call struct {
	Method, Path, RawQuery string
	Authorized             bool
	APIVersion             string
}

// Calls returns what was asked so far, in order of arrival.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// ResetCalls forgets what was asked so far.
func (s *Server) ResetCalls() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

func (s *Server) arrive(r *http.Request) (func(http.ResponseWriter, *http.Request) bool, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{
		Method:     r.Method,
		Path:       r.URL.Path,
		RawQuery:   r.URL.RawQuery,
		Authorized: r.Header.Get("Authorization") != "",
		APIVersion: r.Header.Get("X-GitHub-Api-Version"),
	})
	return s.intercept, s.latency
}
