// Package adminapi is the HTTP API that the CloudMonitor Admin App calls: it turns requests into use cases and
// their results into JSON. openapi.yaml beside it is the contract; a test holds every answer against it.
package adminapi

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/credential"
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
	Connectors *Connectors                               // nil: only Verify is served
	Actor      func(*http.Request) string                // who calls, for the audit; not used where only Verify is served
	Admits     func(r *http.Request, tenant string) bool // whether the caller may act for a tenant; nil: whoever gets here
	MaxExport  int                                       // bytes of an exported table, as LambdaExport counts them; 0: any
	Now        func() time.Time
	Log        *slog.Logger
}

// Connectors is what the routes below /connectors need.
type Connectors struct {
	Lifecycle interface {
		Save(ctx context.Context, request lifecycle.Request) (*connector.Connector, error)
		Poll(ctx context.Context, ref connector.Ref, actor string) (*connector.Connector, error)
		Rotate(ctx context.Context, ref connector.Ref, token credential.Token, actor string) (*connector.Connector, error)
		Change(ctx context.Context, ref connector.Ref, changes lifecycle.Changes, actor string) (*connector.Connector, error)
		Delete(ctx context.Context, ref connector.Ref, actor string) (found bool, err error)
	}
	Store interface {
		Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error)
		Connectors(ctx context.Context, tenant, after string, limit int) (list []connector.Connector, next string, err error)
		Audit(ctx context.Context, ref connector.Ref, place string, limit int) (events []connector.Event, next string, err error)
	}
	Spend interface {
		Seats(ctx context.Context, c *connector.Connector, asOf *calendar.Date) (*spend.Seats, error)
		Month(ctx context.Context, c *connector.Connector, period cost.Period) (cost.Month, error)
		Charges(ctx context.Context, c *connector.Connector, period cost.Period) (*spend.Charges, error)
	}
	Recipients interface {
		Standing(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error)
	}
	Usage interface {
		Usage(ctx context.Context, c *connector.Connector, days calendar.Range) (usage.Usage, error)
		Users(ctx context.Context, c *connector.Connector, days calendar.Range, next string) (usage.Users, error)
		User(ctx context.Context, c *connector.Connector, days calendar.Range, userID int64) (usage.Users, error)
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
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, notFound()) })
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
			refuse(w, newProblem(http.StatusMethodNotAllowed, "method_not_allowed", "This path takes "+list+" only."))
			return
		}
		p := checkPath(r)
		switch {
		case p != nil:
		case a.Admits != nil && !a.Admits(r, tenant(r)):
			p = notFound() // as if there were no such tenant
		default:
			p = endpoint(w, r)
		}
		if p == nil {
			return
		}
		if p.cause != nil {
			a.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "tenant", tenant(r), "connector", id(r), "error", p.cause)
		}
		refuse(w, p)
	})
}

// tenant is the tenant that the path names, empty where it names none that can be.
func tenant(r *http.Request) string {
	name, _ := connector.ParseTenant(r.PathValue("tenant"))
	return name
}

// id is the connector's that the path names, empty where it names none that can be.
func id(r *http.Request) string {
	name, _ := connector.ParseID(r.PathValue("id"))
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
