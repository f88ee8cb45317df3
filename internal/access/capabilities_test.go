package access_test

import (
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func TestGitHubsAnswersTellAPermission(t *testing.T) {
	t.Parallel()
	const ok, denied, unknown = access.OK, access.Denied, access.Unknown
	for _, test := range []struct {
		codes          []fault.Code // codes of the answers; "" for a success
		before         access.Permitted
		one, byReports access.Permitted // one: by the last answer alone; byReports: by all answers, with the rule for reports
	}{
		{[]fault.Code{""}, unknown, ok, ok},
		{[]fault.Code{fault.NoReport}, denied, ok, ok},
		{[]fault.Code{fault.ReportBroken}, unknown, ok, ok},
		{[]fault.Code{fault.Permission}, ok, denied, denied},
		{[]fault.Code{fault.NotFound}, ok, denied, ok},
		{[]fault.Code{fault.NotFound}, unknown, denied, unknown},
		{[]fault.Code{fault.Unreachable}, ok, ok, ok},
		{[]fault.Code{fault.Unreachable}, denied, denied, denied},
		{[]fault.Code{fault.TokenRefused}, unknown, unknown, unknown},
		{[]fault.Code{"", fault.Permission}, unknown, denied, ok},
		{[]fault.Code{fault.Permission, ""}, unknown, ok, ok},
		{[]fault.Code{fault.Permission, fault.NotFound}, ok, denied, denied},
		{[]fault.Code{fault.Permission, fault.Unreachable}, unknown, unknown, denied},
	} {
		var errs []error
		for _, code := range test.codes {
			var err error
			if code != "" {
				err = &fault.Error{Code: code, Op: "read"}
			}
			errs = append(errs, err)
		}
		if got := access.PermittedBy(errs[len(errs)-1], test.before); got != test.one {
			t.Errorf("%q after %s: %s", test.codes, test.before, got)
		}
		if got := access.PermittedByReports(errs, test.before); got != test.byReports {
			t.Errorf("reports: %q after %s: %s", test.codes, test.before, got)
		}
	}
}

func TestACapabilityOnceSeenStays(t *testing.T) {
	t.Parallel()
	const ok, denied, unknown = access.OK, access.Denied, access.Unknown
	for _, test := range []struct{ before, now, want access.Permitted }{
		{"", denied, denied},
		{"", unknown, unknown},
		{denied, ok, ok},
		{unknown, ok, ok},
		{ok, denied, ok},
		{ok, unknown, ok},
		{denied, unknown, denied},
		{unknown, denied, unknown},
	} {
		if got := test.before.Widened(test.now); got != test.want {
			t.Errorf("%q, now %s: %s", test.before, test.now, got)
		}
	}
	has := access.Capabilities{Usage: "1", Users: "2", Seats: "3", Billing: "4", CostCenters: "5", Budgets: "6", Teams: "7"}
	for what, want := range map[access.Capability]access.Permitted{
		access.Usage: "1", access.Users: "2", access.Seats: "3", access.Billing: "4", access.CostCenters: "5", access.Budgets: "6", access.Teams: "7", "mail": unknown,
	} {
		if got := has.Of(what); got != want {
			t.Errorf("%s is %s", what, got)
		}
	}
}
