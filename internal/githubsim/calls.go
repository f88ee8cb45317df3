package githubsim

import (
	"crypto/sha256"
	"net/http"
	"slices"
	"time"
)

// Call is one request as it arrived, intercepted or not. It records whether the request had an Authorization header, but never
// the header's value.
type Call struct {
	Method, Path, RawQuery string
	Authorized             bool
	APIVersion             string
}

// Calls returns all requests so far, in order of arrival.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return callsOf(s.calls)
}

// CallsWith returns all requests with one token so far, in order of arrival.
func (s *Server) CallsWith(token string) []Call {
	bearer := sha256.Sum256([]byte(token))
	s.mu.Lock()
	defer s.mu.Unlock()
	return callsOf(slices.DeleteFunc(slices.Clone(s.calls), func(a arrival) bool { return a.bearer != bearer }))
}

// ResetCalls forgets all requests so far.
func (s *Server) ResetCalls() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

// arrival is a call with a digest of its token.
type arrival struct {
	call   Call
	bearer [sha256.Size]byte
}

func callsOf(arrivals []arrival) []Call {
	calls := make([]Call, len(arrivals))
	for i, a := range arrivals {
		calls[i] = a.call
	}
	return calls
}

func (s *Server) arrive(r *http.Request) (func(http.ResponseWriter, *http.Request) bool, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, arrival{
		call: Call{
			Method:     r.Method,
			Path:       r.URL.Path,
			RawQuery:   r.URL.RawQuery,
			Authorized: r.Header.Get("Authorization") != "",
			APIVersion: r.Header.Get("X-GitHub-Api-Version"),
		},
		bearer: sha256.Sum256([]byte(bearer(r))),
	})
	return s.intercept, s.latency
}
