// Package adminapi is the HTTP API that the CloudMonitor Admin App calls: it turns requests into use cases and
// their results into JSON. openapi.yaml beside it is the contract; a test holds every answer against it.
package adminapi

import (
	"context"
	"log/slog"
	"net/http"
	"path"
	"regexp"

	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// API serves the Admin API.
type API struct {
	Verifier interface {
		Verify(ctx context.Context, request verify.Request) verify.Result
	}
	Log *slog.Logger
}

// Handler returns the API's routes. Everything it answers is JSON, what it refuses application/problem+json.
func (a API) Handler() http.Handler {
	mux := http.NewServeMux()
	route(mux, http.MethodPost, "/v1/tenants/{tenant}/verify", a.verify)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { notFound().write(w) })
	return a.outermost(mux)
}

// endpoint answers a request of a tenant, or says why it does not.
type endpoint func(w http.ResponseWriter, r *http.Request) *problem

// route serves one method of a path, and answers every other itself rather than leave it to ServeMux's text.
func route(mux *http.ServeMux, method, pattern string, serve endpoint) {
	mux.HandleFunc(method+" "+pattern, func(w http.ResponseWriter, r *http.Request) {
		p := checkTenant(r)
		if p == nil {
			p = serve(w, r)
		}
		if p != nil {
			p.write(w)
		}
	})
	mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", method)
		newProblem(http.StatusMethodNotAllowed, "method_not_allowed", "This path takes "+method+" only.").write(w)
	})
}

var tenantPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// tenant is the tenant that the path names, empty where it names none that can be.
func tenant(r *http.Request) string {
	if name := r.PathValue("tenant"); tenantPattern.MatchString(name) {
		return name
	}
	return ""
}

func checkTenant(r *http.Request) *problem {
	if tenant(r) != "" {
		return nil
	}
	return invalid(fieldError{"tenant", "must be 1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit"})
}

// outermost sets what every answer has, logs each request once, and keeps a panic from taking the caller's answer.
func (a API) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &recorder{ResponseWriter: w}
		answer.Header().Set("Cache-Control", "no-store")
		answer.Header().Set("X-Content-Type-Options", "nosniff")
		defer func() {
			if cause := recover(); cause != nil {
				// The cause may hold anything, a token too: only where it happened is safe to tell.
				a.Log.ErrorContext(r.Context(), "panic", "route", r.Pattern, "at", panicOrigin())
				if answer.status == 0 {
					newProblem(http.StatusInternalServerError, "internal", "Something went wrong here. It is in our log.").write(answer)
				}
			}
			a.Log.InfoContext(r.Context(), "request", "method", methodName(r.Method), "route", r.Pattern, "tenant", tenant(r), "status", answer.status)
		}()
		if path.Clean(r.URL.Path) != r.URL.Path { // ServeMux would redirect
			notFound().write(answer)
			return
		}
		next.ServeHTTP(answer, r)
	})
}

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}
