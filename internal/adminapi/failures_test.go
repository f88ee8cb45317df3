package adminapi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/adminapi"
	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// errFire is an error with AWS's own words, which no answer may contain.
var errFire = &fault.Error{
	Code: fault.Store, Op: "write", Err: errors.New("arn:aws:dynamodb:eu-west-1:123456789012:table/connectors is on fire"),
}

// checkInside fails the test if an answer says more than that something failed, or if the log does not tell the cause.
func (a *app) checkInside(got answer) {
	a.t.Helper()
	if got.status != http.StatusInternalServerError || got.Code != "internal" || strings.Contains(string(got.body), "arn") || strings.Contains(string(got.body), "fire") {
		a.t.Errorf("got %d %s, want 500 internal", got.status, got.body)
	}
	if !strings.Contains(a.Log.String(), "on fire") {
		a.t.Errorf("the log does not tell the cause: %s", a.Log.String())
	}
}

func TestAFailedSaveLeavesNothingAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	for name, breakIt := range map[string]func(l *lifecycle.Lifecycle){
		"the account cannot be looked up": func(l *lifecycle.Lifecycle) { l.Store = noHolder{l.Store} },
		"the connector cannot be stored":  func(l *lifecycle.Lifecycle) { l.Store = noCreate{l.Store} },
		"the token cannot be stored":      func(l *lifecycle.Lifecycle) { l.Vault = noPut{l.Vault} },
		"the connector cannot be made live": func(l *lifecycle.Lifecycle) {
			l.Store = firstChange{l.Store, errFire, new(bool)}
		},
		"the time is over before it is live": func(l *lifecycle.Lifecycle) {
			l.Store = firstChange{l.Store, &fault.Error{Code: fault.OutOfTime, Op: "write", Err: errFire.Err}, new(bool)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := prepare(t, octo())
			a.lifecycle.Queue = idle{} // this test needs no days
			sound := a.lifecycle
			breakIt(&a.lifecycle)
			a.serve()
			a.checkInside(a.save(octoForm()))
			a.checkNothingStored()

			a.lifecycle = sound
			if got := a.save(octoForm()); got.status != http.StatusCreated {
				t.Errorf("the repeated Save got %d %s, want 201", got.status, got.body)
			}
		})
	}
}

func TestASaveSucceedsAlthoughItsFirstPollCannotBeQueued(t *testing.T) {
	t.Parallel()
	a := prepare(t, octo())
	a.lifecycle.Queue = noSend{}
	a.serve()
	got := a.save(octoForm())
	if got.status != http.StatusCreated || !strings.Contains(a.Log.String(), "on fire") {
		t.Errorf("got %d %s, want 201", got.status, got.body)
	}
	path := got.header.Get("Location")
	a.checkInside(a.send(http.MethodPost, path+"/poll", ""))

	a.lifecycle.Queue = a.tasks
	if got := a.send(http.MethodPost, path+"/poll", ""); got.status != http.StatusAccepted {
		t.Errorf("got %d %s, want 202", got.status, got.body)
	}
	a.drain()
	if c := a.show(path); c.LastPoll == nil {
		t.Error("the poll that was not queued blocks the next one")
	}
}

func TestOnlyTheLogTellsAFailureOfTheStore(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ method, path string }{
		{"POST", ""}, {"GET", ""}, {"GET", nobody}, {"POST", nobody + "/poll"}, {"GET", nobody + "/usage"}, {"GET", nobody + "/users"},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			a := prepare(t, octo())
			a.api.Connectors = &adminapi.Connectors{Lifecycle: burning{}, Store: burning{}, Usage: burning{}}
			a.serve()
			a.checkInside(a.send(test.method, tenant+"/connectors"+test.path, map[string]string{"POST": octoForm()}[test.method]))
		})
	}
	for _, path := range []string{
		"/usage", "/users", "/users?userId=1", "/seats", "/seats/history", "/repositories", "/teams", "/usage?team=core", "/users?team=core", "/export?kind=usage&format=csv&by=team", "/cost", "/export?kind=usage&format=csv", "/export?kind=users&format=json",
		"/export?kind=seats&format=csv", "/export?kind=cost&format=json", "/export?kind=cost&format=focus",
	} {
		t.Run("GET of a connector "+path, func(t *testing.T) {
			a := prepare(t, octo())
			a.api.Connectors.Usage, a.api.Connectors.Spend, a.lifecycle.Queue = burning{}, burning{}, idle{}
			a.serve()
			a.checkInside(a.send(http.MethodGet, a.saved()+path, ""))
		})
	}
}

type noHolder struct{ lifecycle.Store }

func (noHolder) Holder(context.Context, string, connector.Provider, copilot.Account) (*connector.Connector, error) {
	return nil, errFire
}

type noCreate struct{ lifecycle.Store }

func (noCreate) Create(context.Context, *connector.Connector) (*connector.Connector, error) {
	return nil, errFire
}

// firstChange fails the first change, the one that makes a connector live.
type firstChange struct {
	lifecycle.Store
	with error
	done *bool
}

func (f firstChange) Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error) {
	if !*f.done {
		*f.done = true
		return nil, f.with
	}
	return f.Store.Change(ctx, ref, change)
}

type noPut struct{ lifecycle.Vault }

func (noPut) Put(context.Context, string, string, credential.Token) error { return errFire }

// idle is a queue without a worker.
type idle struct{}

func (idle) Send(context.Context, ...connector.Task) error { return nil }

type noSend struct{}

func (noSend) Send(context.Context, ...connector.Task) error { return errFire }

// burning fails on every call.
type burning struct{}

func (burning) Save(context.Context, lifecycle.Request) (*connector.Connector, error) {
	return nil, errFire
}

func (burning) Poll(context.Context, connector.Ref, string) (*connector.Connector, error) {
	return nil, errFire
}

func (burning) Rotate(context.Context, connector.Ref, credential.Token, string) (*connector.Connector, error) {
	return nil, errFire
}

func (burning) Change(context.Context, connector.Ref, lifecycle.Changes, string) (*connector.Connector, error) {
	return nil, errFire
}

func (burning) Delete(context.Context, connector.Ref, string) (bool, error) { return true, errFire }

func (burning) Audit(context.Context, connector.Ref, string, int) ([]audit.Event, string, error) {
	return nil, "", errFire
}

func (burning) Connector(context.Context, connector.Ref) (*connector.Connector, error) {
	return nil, errFire
}

func (burning) Connectors(context.Context, string, string, int) ([]connector.Connector, string, error) {
	return nil, "", errFire
}

func (burning) Usage(context.Context, *connector.Connector, calendar.Range) (usage.Usage, error) {
	return usage.Usage{}, errFire
}

func (burning) Users(context.Context, *connector.Connector, calendar.Range, string) (usage.Users, error) {
	return usage.Users{}, errFire
}

func (burning) AllUsers(context.Context, *connector.Connector, calendar.Range) (func(string) (usage.Users, error), error) {
	return nil, errFire
}

func (burning) AllSortedUsers(context.Context, *connector.Connector, calendar.Range, usage.UserList, string) (func() usage.Users, error) {
	return nil, errFire
}

func (burning) Days(context.Context, *connector.Connector, calendar.Range) ([]metrics.Day, error) {
	return nil, errFire
}

func (burning) Compared(context.Context, *connector.Connector, calendar.Range) (usage.Usage, error) {
	return usage.Usage{}, errFire
}

func (burning) Months(context.Context, *connector.Connector, calendar.Range) ([]usage.Period, error) {
	return nil, errFire
}

func (burning) Weeks(context.Context, *connector.Connector, calendar.Range) ([]usage.Period, error) {
	return nil, errFire
}

func (burning) SortedUsers(context.Context, *connector.Connector, calendar.Range, usage.UserList, string) (usage.Users, error) {
	return usage.Users{}, errFire
}

func (burning) Forget(context.Context, connector.Ref, string, string) (*connector.Connector, error) {
	return nil, errFire
}

func (burning) TeamUsage(context.Context, *connector.Connector, calendar.Range, string, bool) (usage.Usage, error) {
	return usage.Usage{}, errFire
}

func (burning) TeamRows(context.Context, *connector.Connector, calendar.Range) ([]usage.TeamDay, error) {
	return nil, errFire
}

func (burning) Teams(context.Context, *connector.Connector, calendar.Range) (*spend.Teams, error) {
	return nil, errFire
}

func (burning) Repositories(context.Context, *connector.Connector, calendar.Range) (usage.Repositories, error) {
	return usage.Repositories{}, errFire
}

func (burning) SeatHistory(context.Context, *connector.Connector, calendar.Range) ([]spend.SeatDay, error) {
	return nil, errFire
}

func (burning) Seats(context.Context, *connector.Connector, *calendar.Date) (*spend.Seats, error) {
	return nil, errFire
}

func (burning) Month(context.Context, *connector.Connector, cost.Period) (cost.Month, error) {
	return cost.Month{}, errFire
}

func (burning) ComparedMonth(context.Context, *connector.Connector, cost.Period) (cost.Month, error) {
	return cost.Month{}, errFire
}

func (burning) Charges(context.Context, *connector.Connector, cost.Period) (*spend.Charges, error) {
	return nil, errFire
}

func (burning) User(context.Context, *connector.Connector, calendar.Range, string) (usage.Users, error) {
	return usage.Users{}, errFire
}
