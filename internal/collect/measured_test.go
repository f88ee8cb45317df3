package collect_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/measure"
)

func TestEachRunIsCountedByHowItEnded(t *testing.T) {
	t.Parallel()
	change := func(change func(*githubsim.Account)) func(*world) {
		return func(w *world) { w.gitHub.Change(githubsim.Organization, slug, change) }
	}
	for name, tc := range map[string]struct {
		before     func(*world)
		code       string
		successful int
		updated    int // count of days
	}{
		"all is well":           {func(*world) {}, "ok", 1, 1},
		"the token is revoked":  {change(func(a *githubsim.Account) { a.Tokens[0].Revoked = true }), "token_refused", 0, 0},
		"the policy is off":     {change(func(a *githubsim.Account) { a.PolicyOff = true }), "policy_off", 0, 0},
		"a role is taken away":  {change(func(a *githubsim.Account) { a.Tokens[0].Scopes = nil }), "role_missing", 0, 0},
		"the account is hidden": {func(w *world) { w.gitHub.Intercept(failing("/orgs/", 999, says(http.StatusNotFound, "Not Found"))) }, "account", 0, 0},
		"the seats are contradictory": {func(w *world) {
			w.gitHub.Intercept(failing("/copilot/billing/seats", 999, says(http.StatusOK, "what")))
		}, "partial", 1, 1},
		"GitHub cannot be reached": {func(w *world) { w.gitHub.Intercept(failing("/", 999, says(http.StatusBadGateway, ""))) }, "github_unreachable", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := settled(t)
			tc.before(w)
			log := &lastFigures{}
			w.collector.Log = slog.New(log)
			w.pollAt(morning(1))
			want := map[string]measure.Figure{"Polls": {N: 1, Code: tc.code}, "SuccessfulPolls": {N: tc.successful}, "DaysUpdated": {N: tc.updated}}
			if diff := cmp.Diff(want, log.figures); diff != "" {
				t.Errorf("counted (-want +got):\n%s", diff)
			}
			if log.members["tenant"] != w.ref.Tenant || log.members["connector"] != w.ref.ID || log.members["reason"] != "daily" {
				t.Errorf("the line does not name the connector: %v", log.members)
			}
		})
	}
}

// lastFigures keeps the newest log line that has figures, and the figures.
type lastFigures struct {
	figures map[string]measure.Figure
	members map[string]string
}

func (l *lastFigures) Handle(_ context.Context, record slog.Record) error {
	figures, members := map[string]measure.Figure{}, map[string]string{}
	record.Attrs(func(a slog.Attr) bool {
		if figure, ok := a.Value.Any().(measure.Figure); ok {
			figures[a.Key] = figure
		}
		members[a.Key] = a.Value.String()
		return true
	})
	if len(figures) > 0 {
		l.figures, l.members = figures, members
	}
	return nil
}

func (*lastFigures) Enabled(context.Context, slog.Level) bool { return true }
func (l *lastFigures) WithAttrs([]slog.Attr) slog.Handler     { return l }
func (l *lastFigures) WithGroup(string) slog.Handler          { return l }
