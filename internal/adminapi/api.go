// Package adminapi is the HTTP API that the CloudMonitor Admin App calls: it turns requests into use cases and
// their results into JSON. openapi.yaml beside it is the contract; a test holds every answer against it.
package adminapi

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/usage"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// API serves the Admin API.
type API struct {
	Verifier interface {
		Verify(ctx context.Context, request verify.Request) verify.Result
	}
	Connectors *Connectors                // nil: only Verify is served
	Actor      func(*http.Request) string // who calls, for the audit; not used where only Verify is served
	Now        func() time.Time
	Log        *slog.Logger
}

// Connectors is what the routes below /connectors need.
type Connectors struct {
	Lifecycle interface {
		Save(ctx context.Context, request lifecycle.Request) (*connector.Connector, error)
		Poll(ctx context.Context, ref connector.Ref, actor string) (*connector.Connector, error)
		Rotate(ctx context.Context, ref connector.Ref, token connector.Token, actor string) (*connector.Connector, error)
		Change(ctx context.Context, ref connector.Ref, changes lifecycle.Changes, actor string) (*connector.Connector, error)
		Delete(ctx context.Context, ref connector.Ref, actor string) (found bool, err error)
	}
	Store interface {
		Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error)
		Connectors(ctx context.Context, tenant, after string, limit int) (list []connector.Connector, next string, err error)
		Audit(ctx context.Context, ref connector.Ref, place string, limit int) (events []connector.Event, next string, err error)
	}
	Spend interface {
		Seats(ctx context.Context, c *connector.Connector) (*spend.Seats, error)
		Month(ctx context.Context, c *connector.Connector, period cost.Period) (cost.Month, error)
		Charges(ctx context.Context, c *connector.Connector, period cost.Period) (*spend.Charges, error)
	}
	Recipients interface {
		Standing(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error)
	}
	Usage interface {
		Usage(ctx context.Context, c *connector.Connector, days connector.DateRange) (usage.Usage, error)
		Users(ctx context.Context, c *connector.Connector, days connector.DateRange, next string) (usage.Users, error)
		User(ctx context.Context, c *connector.Connector, days connector.DateRange, userID int64) (usage.Users, error)
	}
}

// Handler returns the API's routes. Everything it answers is JSON but for exports, what it refuses application/problem+json.
func (a API) Handler() http.Handler {
	mux := http.NewServeMux()
	const tenant = "/v1/tenants/{tenant}"
	a.route(mux, tenant+"/verify", methods{http.MethodPost: a.verify})
	if a.Connectors != nil {
		const one = tenant + "/connectors/{id}"
		a.route(mux, tenant+"/connectors", methods{http.MethodGet: a.listConnectors, http.MethodPost: a.saveConnector})
		a.route(mux, one, methods{
			http.MethodGet: a.withConnector(a.showConnector), http.MethodPatch: a.changeConnector, http.MethodDelete: a.deleteConnector,
		})
		a.route(mux, one+"/token", methods{http.MethodPut: a.rotateToken})
		a.route(mux, one+"/audit", methods{http.MethodGet: a.withConnector(a.showAudit)})
		a.route(mux, one+"/poll", methods{http.MethodPost: a.pollConnector})
		a.route(mux, one+"/usage", methods{http.MethodGet: a.withConnector(a.showUsage)})
		a.route(mux, one+"/users", methods{http.MethodGet: a.withConnector(a.showUsers)})
		a.route(mux, one+"/seats", methods{http.MethodGet: a.withConnector(a.showSeats)})
		a.route(mux, one+"/cost", methods{http.MethodGet: a.withConnector(a.showCost)})
		a.route(mux, one+"/export", methods{http.MethodGet: a.withConnector(a.showExport)})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { notFound().write(w) })
	return a.outermost(mux)
}

// endpoint answers a request of a tenant, or says why it does not.
type endpoint func(w http.ResponseWriter, r *http.Request) *problem

// methods are what a path takes.
type methods map[string]endpoint

// route serves the methods of a path, and answers every other itself rather than leave it to ServeMux's text.
func (a API) route(mux *http.ServeMux, pattern string, serve methods) {
	allowed := slices.Sorted(maps.Keys(serve))
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		endpoint, ok := serve[r.Method]
		if !ok {
			list := strings.Join(allowed, ", ")
			w.Header().Set("Allow", list)
			newProblem(http.StatusMethodNotAllowed, "method_not_allowed", "This path takes "+list+" only.").write(w)
			return
		}
		p := checkPath(r)
		if p == nil {
			p = endpoint(w, r)
		}
		if p == nil {
			return
		}
		if p.cause != nil {
			a.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "tenant", tenant(r), "error", p.cause)
		}
		p.write(w)
	})
}

// tenant is the tenant that the path names, empty where it names none that can be.
func tenant(r *http.Request) string {
	name, _ := connector.ParseTenant(r.PathValue("tenant"))
	return name
}

// checkPath looks at the names in the path.
func checkPath(r *http.Request) *problem {
	var c formCheck
	parse(&c, "tenant", new(r.PathValue("tenant")), connector.ParseTenant)
	if strings.Contains(r.Pattern, "{id}") {
		parse(&c, "id", new(r.PathValue("id")), connector.ParseID)
	}
	return c.problem()
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
