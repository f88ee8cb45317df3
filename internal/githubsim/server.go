// Package githubsim simulates GitHub: the part of its REST API that the connector calls, and the host of the signed report
// links. Tests serve it with httptest, `make run` on a loopback address. Start reading at Server, then cast.go, which has the
// accounts.
//
// It must not share code with the rest of the project, so that a misunderstanding of GitHub shows as a difference. Every number
// depends only on account, person and day: the same request always has the same answer, in any order.
package githubsim

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Server is a simulated GitHub. It is safe for concurrent use.
type Server struct {
	now     func() time.Time
	world   atomic.Pointer[world]
	mux     *http.ServeMux // the API
	pages   *http.ServeMux // what people see
	linkKey []byte
	sizes   fileSizes
	quota   quota
	mint    mint

	installers installers

	mu        sync.Mutex
	intercept func(http.ResponseWriter, *http.Request) bool
	latency   time.Duration
	calls     []arrival

	registrations map[string]registration // of Apps, by code
	registered    []keptApp               // Apps that people have registered
	appsFile      string                  // where these are kept; empty: nowhere
	callback      string                  // the address to which a browser is sent after an App was installed
}

// New returns a simulated GitHub that has exactly the given accounts and their tokens. now is its clock.
func New(now func() time.Time, accounts ...Account) *Server {
	s := &Server{now: now, linkKey: make([]byte, 32)}
	rand.Read(s.linkKey)
	known := make(map[accountKey]*Account, len(accounts))
	for _, account := range accounts {
		known[account.key()] = account.clone()
	}
	s.world.Store(newWorld(known))
	s.mux, s.pages = s.routes(), s.pageRoutes()
	return s
}

// population returns the people of an account as GitHub knows them now.
func (s *Server) population(a *Account) population {
	return populationOf(a, dayOf(s.now()))
}

// ServeHTTP answers like api.github.com, below /_reports/ like the report host, and the few pages of Apps like github.com.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	intercept, latency := s.arrive(r)
	if !wait(r.Context(), latency) {
		return
	}
	_, page := s.pages.Handler(r)
	switch {
	case intercept != nil && intercept(w, r):
	case page != "":
		s.pages.ServeHTTP(w, r)
	case strings.HasPrefix(r.URL.Path, downloadRoot):
		s.download(w, r)
	default:
		s.api(w, r)
	}
}

// Intercept calls f before the simulation. If f returns true, it has answered the request itself. A nil f removes the
// interceptor. Intercept is safe to call while the server runs.
func (s *Server) Intercept(f func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.intercept = f
}

// SetLatency delays each answer by d, or until its request is cancelled.
func (s *Server) SetLatency(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
}

func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
