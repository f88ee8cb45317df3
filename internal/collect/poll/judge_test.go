package poll

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// began is the start of the runs in these tables.
var began = today.Start().Add(6 * time.Hour)

func failure(code fault.Code) error {
	return &fault.Error{Code: code, Op: "test", Err: errors.New("the cause of it")}
}

// healthy returns a connector that was polled yesterday, and the reading of a poll in which everything went well.
func healthy() (connector.Connector, Reading) {
	all := access.Capabilities{Usage: access.OK, Users: access.OK, Seats: access.OK, Billing: access.OK}
	c := connector.Connector{
		Ref: connector.Ref{Tenant: "acme", ID: "c"}, Provider: connector.GitHubCopilot,
		Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo"}, AccountID: "7", Phase: connector.Live,
		Credential: connector.Credential{Kind: credential.ClassicPAT, Fingerprint: "sha256:a"},
		Progress: connector.Progress{
			Plan: copilot.PlanBusiness, Status: connector.StatusActive, Capabilities: all, Granted: all,
			FirstDay: new(today - 300), LatestFinalDay: new(today - 6), LookedThrough: new(today - 2),
		},
		CreatedAt: (today - 100).Start(),
	}
	before := c
	r := Reading{
		Task:  connector.Task{Tenant: "acme", Connector: "c", ScheduledFor: began, Reason: connector.ReasonDaily},
		Conn:  &before,
		Began: began, Token: &Token{Kind: credential.ClassicPAT, Fingerprint: "sha256:a"}, Identity: &credential.Identity{Login: "octo-owner"}, AccountID: "7",
		Agenda: Agenda{Days: between(today-1, today-4), SeatsAndCost: true}, Days: map[calendar.Date]Day{},
		Seats: Seats{Asked: true, Plan: copilot.PlanBusiness}, Bills: Bills{Asked: true},
	}
	for _, date := range r.Agenda.Days {
		r.Days[date] = Day{State: metrics.Provisional}
	}
	return c, r
}

// on returns a change that sets the reading of the dates to d.
func on(d Day, dates ...calendar.Date) func(*connector.Connector, *Reading) {
	return func(_ *connector.Connector, r *Reading) {
		for _, date := range dates {
			if r.Days[date].State == "" {
				r.Agenda.Days = append(r.Agenda.Days, date)
			}
			r.Days[date] = d
		}
	}
}

func verified(ok bool) *verify.Result {
	status := verify.Fail
	if ok {
		status = verify.Pass
	}
	return &verify.Result{OK: ok, Checks: []verify.Check{{ID: verify.CheckPolicy, Status: status, Detail: "The policy is off."}}}
}

func TestWhatFollowsFromAReading(t *testing.T) {
	t.Parallel()
	stopped := func(code fault.Code) func(*connector.Connector, *Reading) {
		return func(_ *connector.Connector, r *Reading) {
			r.Stop, r.Days = failure(code), map[calendar.Date]Day{}
		}
	}
	then := func(changes ...func(*connector.Connector, *Reading)) func(*connector.Connector, *Reading) {
		return func(c *connector.Connector, r *Reading) {
			for _, change := range changes {
				change(c, r)
			}
		}
	}
	attempt := func(n int) func(*connector.Connector, *Reading) {
		return func(_ *connector.Connector, r *Reading) { r.Task.Attempt = n }
	}
	for _, test := range []struct {
		name    string
		change  func(*connector.Connector, *Reading)
		outcome connector.Outcome
		code    string
		status  connector.Status
		says    string // part of the reason; "" means that there is no reason
		told    []connector.NoticeKind
		next    []connector.Reason
	}{
		{name: "all is well", change: then(), outcome: "ok", code: "ok", status: connector.StatusActive},
		{
			name: "the last days are late", change: on(Day{Err: failure(fault.NoReport)}, today-1, today-2),
			outcome: "ok", code: "ok", status: connector.StatusActive,
		},
		{
			name: "the token is refused", change: stopped(fault.TokenRefused), outcome: "failed", code: "token_refused", status: connector.StatusExpired,
			says: "GitHub has refused the token", told: []connector.NoticeKind{connector.NoticeStopped},
		},
		{
			name: "the vault has no token", change: stopped(fault.NoToken), outcome: "failed", code: "token_gone", status: connector.StatusExpired,
			says: "not in the vault", told: []connector.NoticeKind{connector.NoticeStopped},
		},
		{
			name: "the policy is off", change: then(stopped(fault.PolicyOff), func(_ *connector.Connector, r *Reading) { r.Verified = verified(false) }),
			outcome: "failed", code: "policy_off", status: connector.StatusDegraded, says: "The policy is off.", told: []connector.NoticeKind{connector.NoticeStopped},
		},
		{
			name: "the account is hidden", change: then(stopped(fault.NotFound), on(Day{Err: failure(fault.NotFound)}, today-1), func(_ *connector.Connector, r *Reading) { r.Verified = verified(false) }),
			outcome: "failed", code: "policy", status: connector.StatusDegraded, says: "The policy is off.", told: []connector.NoticeKind{connector.NoticeStopped},
		},
		{
			name: "another account has the name", change: stopped(fault.OtherAccount), outcome: "failed", code: "other_account", status: connector.StatusDegraded,
			says: "Another organization has the name octo now", told: []connector.NoticeKind{connector.NoticeStopped},
		},
		{
			name: "GitHub is out of reach", change: stopped(fault.Unreachable), outcome: "failed", code: "github_unreachable", status: connector.StatusDegraded,
			says: "could not be reached", next: []connector.Reason{connector.ReasonDaily},
		},
		{
			name: "GitHub is out of reach for the last time", change: then(stopped(fault.Unreachable), attempt(3)), outcome: "failed", code: "github_unreachable",
			status: connector.StatusDegraded, says: "could not be reached",
		},
		{
			name: "the time is over", change: then(on(Day{Err: failure(fault.OutOfTime)}, today-4), func(_ *connector.Connector, r *Reading) { r.Stop = failure(fault.OutOfTime) }),
			outcome: "partial", code: "out_of_time", status: connector.StatusActive, next: []connector.Reason{connector.ReasonResume},
		},
		{
			name: "the time is over again and again", change: then(stopped(fault.OutOfTime), attempt(3)), outcome: "failed", code: "out_of_time",
			status: connector.StatusDegraded, says: "GitHub is so slow",
		},
		{
			name: "one day is broken", change: on(Day{State: metrics.Provisional, Err: failure(fault.ReportBroken)}, today-3), outcome: "partial", code: "partial",
			status: connector.StatusDegraded, says: "The reports of 2026-11-19 could not be read whole: the cause of it",
		},
		{
			name: "two days are broken in the same way", change: then(on(Day{State: metrics.Provisional, Err: failure(fault.ReportBroken)}, today-3), on(Day{Err: failure(fault.ReportBroken)}, today-2)),
			outcome: "partial", code: "partial",
			status: connector.StatusDegraded, says: "The reports of 2026-11-19, 2026-11-20 could not be read whole: the cause of it",
		},
		{
			name: "two days are broken in different ways", change: then(on(Day{State: metrics.Provisional, Err: failure(fault.ReportBroken)}, today-3),
				on(Day{Err: &fault.Error{Code: fault.ReportBroken, Op: "read", Err: errors.New("it ends too early")}}, today-2)),
			outcome: "partial", code: "partial",
			status: connector.StatusDegraded, says: "The reports of 2026-11-19, 2026-11-20 could not be read whole (2026-11-20: it ends too early). What was read",
		},
		{
			name: "one day is cut", change: on(Day{Err: failure(fault.ReportCut)}, today-3), outcome: "partial", code: "partial",
			status: connector.StatusDegraded, says: "could not be read whole", next: []connector.Reason{connector.ReasonDaily},
		},
		{
			name: "one day is cut, and the backfill rests", change: then(on(Day{Err: failure(fault.ReportCut)}, today-3), func(c *connector.Connector, _ *Reading) {
				c.Backfill = &connector.Backfill{Next: today - 60, Last: today - 300}
			}),
			outcome: "partial", code: "partial", status: connector.StatusDegraded, says: "could not be read whole",
			next: []connector.Reason{connector.ReasonDaily, connector.ReasonOlder},
		},
		{
			name: "a day stays broken", change: then(on(Day{Err: failure(fault.ReportBroken)}, today-40), func(c *connector.Connector, _ *Reading) {
				c.Retries = []connector.Retry{{Date: today - 40, Reason: connector.RetryUnreadable, Tries: 2, Due: today}}
			}),
			outcome: "partial", code: "partial", status: connector.StatusDegraded, says: "2026-10-13", told: []connector.NoticeKind{connector.NoticeUnreadable},
		},
		{
			name: "people are refused", change: then(on(Day{State: metrics.Provisional, UsersErr: failure(fault.Permission)}, between(today-1, today-4)...), func(_ *connector.Connector, r *Reading) {
				r.UsersRefused = failure(fault.Permission)
			}),
			outcome: "partial", code: "partial", status: connector.StatusDegraded, says: "per-user reports", told: []connector.NoticeKind{connector.NoticeLost},
		},
		{
			name: "people were never shown", change: then(on(Day{State: metrics.Provisional, UsersErr: failure(fault.Permission)}, between(today-1, today-4)...), func(c *connector.Connector, r *Reading) {
				c.Granted.Users, r.UsersRefused = access.Unknown, failure(fault.Permission)
			}),
			outcome: "partial", code: "partial", status: connector.StatusDegraded, says: "may not read the per-user reports: the cause of it.",
		},
		{
			name: "seats are refused", change: func(_ *connector.Connector, r *Reading) { r.Seats.Err = failure(fault.NotPrivileged) },
			outcome: "partial", code: "partial", status: connector.StatusDegraded, says: "may not read the seats any more", told: []connector.NoticeKind{connector.NoticeLost},
		},
		{
			name: "bills are refused", change: func(_ *connector.Connector, r *Reading) { r.Bills.Err = failure(fault.Permission) },
			outcome: "partial", code: "partial", status: connector.StatusDegraded, says: "may not read the billed AI credits any more", told: []connector.NoticeKind{connector.NoticeLost},
		},
		{
			name: "bills were never readable", change: func(c *connector.Connector, r *Reading) {
				c.Granted.Billing, c.Capabilities.Billing, r.Bills.Err = access.Denied, access.Denied, failure(fault.Permission)
			},
			outcome: "ok", code: "ok", status: connector.StatusActive,
		},
		{
			name: "bills are still refused", change: func(c *connector.Connector, r *Reading) {
				c.ToldLost, r.Bills.Err = []access.Capability{access.Billing}, failure(fault.Permission)
			},
			outcome: "partial", code: "partial", status: connector.StatusDegraded, says: "may not read the billed AI credits any more",
		},
		{
			name: "the seats' account cannot be confirmed", change: func(_ *connector.Connector, r *Reading) { r.Seats.Err = failure(fault.Unconfirmed) },
			outcome: "partial", code: "partial", status: connector.StatusDegraded, says: "The seats could not be read",
		},
		{
			name: "a bill is another month's", change: func(_ *connector.Connector, r *Reading) { r.Bills.Broken = failure(fault.ReportBroken) },
			outcome: "partial", code: "partial", status: connector.StatusDegraded, says: "The bill of AI credits was not taken",
		},
		{
			name: "it works again", change: func(c *connector.Connector, _ *Reading) {
				c.Stopped, c.Status = connector.StoppedReports, connector.StatusDegraded
			},
			outcome: "ok", code: "ok", status: connector.StatusActive, told: []connector.NoticeKind{connector.NoticeHealed},
		},
		{
			name: "a day that never comes", change: on(Day{Err: failure(fault.NoReport)}, today-9), outcome: "ok", code: "ok", status: connector.StatusActive,
			told: []connector.NoticeKind{connector.NoticeMissing},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, r := healthy()
			test.change(&c, &r)
			given := c
			got := Judge(c, r)
			if diff := cmp.Diff(given, c); diff != "" {
				t.Errorf("the connector is changed (-before +after):\n%s", diff)
			}
			if again := Judge(c, r); !reflect.DeepEqual(got, again) {
				t.Errorf("the same reading is judged in two ways (-first +second):\n%s", cmp.Diff(got.After, again.After))
			}
			var told []connector.NoticeKind
			for _, notice := range got.After.Notices {
				told = append(told, notice.Kind)
			}
			var next []connector.Reason
			for _, follow := range got.Next {
				next = append(next, follow.Task.Reason)
			}
			if got.Outcome != test.outcome || got.Code != test.code || got.After.Status != test.status {
				t.Errorf("outcome %s, code %s, status %s; want %s, %s, %s", got.Outcome, got.Code, got.After.Status, test.outcome, test.code, test.status)
			}
			if reason := got.After.StatusReason; test.says == "" && reason != "" || !strings.Contains(reason, test.says) {
				t.Errorf("the reason is %q, want %q", reason, test.says)
			}
			if diff := cmp.Diff(test.told, told); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.next, next); diff != "" {
				t.Errorf("tasks that follow (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDaysAreRetriedAtGrowingIntervals(t *testing.T) {
	t.Parallel()
	var due []calendar.Date
	c, r := healthy()
	tried := today - 40
	for day := range calendar.Date(200) {
		r.Task.ScheduledFor, r.Began = began.AddDate(0, 0, int(day)), began.AddDate(0, 0, int(day))
		r.Days = map[calendar.Date]Day{}
		r.Agenda = Plan(&c, r.Task, today+day, settledDays(today+day-1, today+day-28))
		for _, date := range r.Agenda.Days {
			r.Days[date] = Day{State: metrics.Final}
		}
		if _, asked := r.Days[tried]; asked || day == 0 {
			r.Days[tried] = Day{Err: failure(fault.ReportBroken)}
			due = append(due, day)
		}
		before := c
		r.Conn = &before
		c = Judge(c, r).After
	}
	if diff := cmp.Diff([]calendar.Date{0, 1, 2, 4, 8, 16, 32, 60, 88, 116, 144, 172}, due); diff != "" {
		t.Errorf("tried on days (-want +got):\n%s", diff)
	}
	told := 0
	for _, notice := range c.Notices {
		if notice.Kind == connector.NoticeUnreadable {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the notice was sent %d times", told)
	}
}
