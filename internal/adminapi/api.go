// Package adminapi is the HTTP API that the CloudMonitor Admin App calls. It validates requests, calls use cases, and writes their
// results as JSON. openapi.yaml is the contract; tests check every answer against it. The package must not know GitHub, AWS or
// how data is stored. Start reading at Handler, which lists the routes.
package adminapi

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/usage"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// API serves the Admin API.
type API struct {
	Verifier interface {
		Verify(ctx context.Context, request verify.Request) verify.Result
	}
	// GitHub is where a customer registers a GitHub App.
	GitHub interface {
		Website(host string) string
		Registered(ctx context.Context, host, code string) (credential.Registered, error)
	}
	Connectors *Connectors                               // nil: only Verify is served
	Actor      func(*http.Request) string                // returns the caller for the audit; not used if only Verify is served
	Admits     func(r *http.Request, tenant string) bool // reports whether the caller may act for a tenant; nil: every caller may
	MaxAnswer  int                                       // the most bytes of an answer as it is sent; 0: edge.LambdaLimit
	MaxSeats   int                                       // the most seats of one answer; 0: seatsAtOnce

	InstallURL string // where customers install the stack's own GitHub App; empty: there is none

	KeepPeopleDays int // the most days for which people are kept; a connector can choose fewer; 0: no bound

	Now func() time.Time
	Log *slog.Logger
}

// Connectors has what the routes below /connectors need.
type Connectors struct {
	Lifecycle interface {
		Save(ctx context.Context, request lifecycle.Request) (*connector.Connector, error)
		Poll(ctx context.Context, ref connector.Ref, actor string) (*connector.Connector, error)
		Rotate(ctx context.Context, ref connector.Ref, token credential.Token, actor string) (*connector.Connector, error)
		Change(ctx context.Context, ref connector.Ref, changes lifecycle.Changes, actor string) (*connector.Connector, error)
		Forget(ctx context.Context, ref connector.Ref, person, actor string) (*connector.Connector, error)
		Delete(ctx context.Context, ref connector.Ref, actor string) (found bool, err error)
	}
	Store interface {
		Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error)
		Connectors(ctx context.Context, tenant, after string, limit int) (list []connector.Connector, next string, err error)
		Audit(ctx context.Context, ref connector.Ref, place string, limit int) (events []audit.Event, next string, err error)
	}
	Spend interface {
		Seats(ctx context.Context, c *connector.Connector, asOf *calendar.Date) (*spend.Seats, error)
		SeatHistory(ctx context.Context, c *connector.Connector, days calendar.Range) ([]spend.SeatDay, error)
		Month(ctx context.Context, c *connector.Connector, period cost.Period) (cost.Month, error)
		Teams(ctx context.Context, c *connector.Connector, days calendar.Range) (*spend.Teams, error)
		ComparedMonth(ctx context.Context, c *connector.Connector, period cost.Period) (cost.Month, error)
		Charges(ctx context.Context, c *connector.Connector, period cost.Period) (*spend.Charges, error)
	}
	Recipients interface {
		Confirmations(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error)
	}
	Usage interface {
		Usage(ctx context.Context, c *connector.Connector, days calendar.Range) (usage.Usage, error)
		TeamUsage(ctx context.Context, c *connector.Connector, days calendar.Range, team string, compare bool) (usage.Usage, error)
		TeamRows(ctx context.Context, c *connector.Connector, days calendar.Range) ([]usage.TeamDay, error)
		Compared(ctx context.Context, c *connector.Connector, days calendar.Range) (usage.Usage, error)
		Months(ctx context.Context, c *connector.Connector, days calendar.Range) ([]usage.Period, error)
		Weeks(ctx context.Context, c *connector.Connector, days calendar.Range) ([]usage.Period, error)
		Days(ctx context.Context, c *connector.Connector, days calendar.Range) ([]metrics.Day, error)
		Repositories(ctx context.Context, c *connector.Connector, days calendar.Range) (usage.Repositories, error)
		AllUsers(ctx context.Context, c *connector.Connector, days calendar.Range) (some func(next string) (usage.Users, error), err error)
		Users(ctx context.Context, c *connector.Connector, days calendar.Range, next string) (usage.Users, error)
		SortedUsers(ctx context.Context, c *connector.Connector, days calendar.Range, list usage.UserList, next string) (usage.Users, error)
		AllSortedUsers(ctx context.Context, c *connector.Connector, days calendar.Range, list usage.UserList, next string) (some func() usage.Users, err error)
		User(ctx context.Context, c *connector.Connector, days calendar.Range, reference string) (usage.Users, error)
	}
}

// Handler returns the API's routes with the query parameters that each accepts. Answers are JSON, except exports. Refusals are
// application/problem+json.
func (a API) Handler() http.Handler {
	mux := http.NewServeMux()
	const tenant = "/v1/tenants/{tenant}"
	a.route(mux, tenant+"/verify", methods{http.MethodPost: takes(a.verify)})
	a.route(mux, tenant+"/github-app", methods{http.MethodGet: takes(a.stackApp)})
	a.route(mux, tenant+"/github-app/registration", methods{
		http.MethodGet: takes(a.showRegistration, "slug", "host"), http.MethodPost: takes(a.exchangeRegistration),
	})
	if a.Connectors != nil {
		const one = tenant + "/connectors/{id}"
		a.route(mux, tenant+"/connectors", methods{
			http.MethodGet: takes(a.listConnectors, "next"), http.MethodPost: takes(a.saveConnector),
		})
		a.route(mux, one, methods{
			http.MethodGet:   takes(a.withConnector(a.showConnector)),
			http.MethodPatch: takes(a.changeConnector), http.MethodDelete: takes(a.deleteConnector),
		})
		a.route(mux, one+"/token", methods{http.MethodPut: takes(a.rotateToken)})
		a.route(mux, one+"/credential", methods{http.MethodPut: takes(a.replaceCredential)})
		a.route(mux, one+"/audit", methods{http.MethodGet: takes(a.withConnector(a.showAudit), "next")})
		a.route(mux, one+"/people/{person}", methods{http.MethodDelete: takes(a.forgetPerson)})
		a.route(mux, one+"/poll", methods{http.MethodPost: takes(a.pollConnector)})
		a.route(mux, one+"/usage", methods{http.MethodGet: takes(a.withConnector(a.showUsage), "from", "to", "by", "compare", "team")})
		a.route(mux, one+"/users", methods{http.MethodGet: takes(a.withConnector(a.showUsers), "from", "to", "team", "q", "sort", "order", "userId", "next")})
		a.route(mux, one+"/teams", methods{http.MethodGet: takes(a.withConnector(a.showTeams), "from", "to")})
		a.route(mux, one+"/seats", methods{http.MethodGet: takes(a.withConnector(a.showSeats), append([]string{"next", "idleAfterDays"}, seatParameters...)...)})
		a.route(mux, one+"/repositories", methods{http.MethodGet: takes(a.withConnector(a.showRepositories), "from", "to")})
		a.route(mux, one+"/seats/history", methods{http.MethodGet: takes(a.withConnector(a.showSeatHistory), "from", "to")})
		a.route(mux, one+"/cost", methods{http.MethodGet: takes(a.withConnector(a.showCost), "month")})
		a.route(mux, one+"/export", methods{http.MethodGet: takes(a.withConnector(a.showExport), exportParameters()...)})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { edge.NoPath().Write(w) })
	return a.outermost(mux)
}

// endpoint answers a request of a tenant, or returns a problem.
type endpoint func(w *edge.Answer, r *http.Request) *problem

// call is an endpoint with the query parameters that it accepts.
type call struct {
	endpoint
	parameters []string
}

func takes(serve endpoint, parameters ...string) call { return call{serve, parameters} }

// methods are the calls of a path by method.
type methods map[string]call

// route serves the methods of a path. It answers all other methods itself, because ServeMux would answer with plain text.
func (a API) route(mux *http.ServeMux, pattern string, serve methods) {
	allowed := slices.Sorted(maps.Keys(serve))
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		call, ok := serve[r.Method]
		if !ok {
			list := strings.Join(allowed, ", ")
			w.Header().Set("Allow", list)
			edge.NewProblem(http.StatusMethodNotAllowed, "method_not_allowed", "This path takes "+list+" only.").Write(w)
			return
		}
		p := checkPath(r)
		switch {
		case p != nil:
		case a.Admits != nil && !a.Admits(r, tenant(r)):
			p = ours(edge.NoPath()) // the same answer as for an unknown tenant
		default:
			if wrong := edge.CheckQuery(r, call.parameters, parameterValues); wrong != nil {
				p = invalid(wrong...)
			} else {
				serve := call.endpoint
				if r.Method == http.MethodGet {
					serve = inTime(serve)
				}
				p = serve(w.(*edge.Answer), r)
			}
		}
		if p == nil {
			return
		}
		if p.cause != nil {
			a.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "tenant", tenant(r), "connector", id(r), "error", p.cause)
		}
		p.write(w)
	})
}

// tenant returns the path's tenant, or "" if it is malformed.
func tenant(r *http.Request) string {
	name, _ := connector.ParseTenant(r.PathValue("tenant"))
	return name
}

// id returns the path's connector id, or "" if it is malformed.
func id(r *http.Request) string {
	name, _ := connector.ParseID(r.PathValue("id"))
	return name
}

// checkPath returns a problem if the tenant or the connector id in the path is malformed, and nil if both are valid.
func checkPath(r *http.Request) *problem {
	var c formCheck
	parse(&c, "tenant", new(r.PathValue("tenant")), connector.ParseTenant)
	if strings.Contains(r.Pattern, "{id}") {
		parse(&c, "id", new(r.PathValue("id")), connector.ParseID)
	}
	return c.problem()
}
