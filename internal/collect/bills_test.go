//go:build !race

package collect_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"github.com/google/go-cmp/cmp"
)

func TestWhichBillsAreFinalIsRemembered(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.Tokens[0].Scopes = append(account.Tokens[0].Scopes, "manage_billing:copilot")
	const billing = "/settings/billing/ai_credit/usage"
	w := start(t, account)
	first := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name  string
		at    time.Time
		fails string // the month whose bill GitHub fails to give
		asked int
		final string
	}{
		{"after the first poll", morning(0), "", 1, "2026-10-01"},
		{"on the first day after a month", first, "", 2, "2026-10-01"},
		{"when its bill could not be read", first.AddDate(0, 0, 9), "month=11", 2, "2026-10-01"},
		{"when the bill was read", first.AddDate(0, 0, 10), "", 2, "2026-11-01"},
		{"from then on", first.AddDate(0, 0, 11), "", 1, "2026-11-01"},
		{"after two months without a poll", first.AddDate(0, 2, 9), "", 3, "2027-01-01"},
	} {
		if test.fails != "" {
			w.gitHub.Intercept(failing(test.fails, 1e6, says(http.StatusForbidden, "No")))
		}
		w.gitHub.ResetCalls()
		w.pollAt(test.at)
		w.gitHub.Intercept(nil)
		asked := 0
		for _, call := range w.gitHub.Calls() {
			if strings.HasSuffix(call.Path, billing) {
				asked++
			}
		}
		if got := fmt.Sprint(w.connector().BillsFinal); asked != test.asked || got != test.final {
			t.Errorf("%s: %d bills were requested, and the bills up to %s are final", test.name, asked, got)
		}
		if c := w.connector().Capabilities.Billing; c != "ok" {
			t.Errorf("%s: billing is %s", test.name, c)
		}
	}
}

// billing answers requests for the bill of a month (YYYY-MM) from answers; a month that answers lacks is left to the simulation.
// asked returns the months requested.
func billing(answers map[string]http.HandlerFunc) (intercept func(http.ResponseWriter, *http.Request) bool, asked func() []string) {
	var mu sync.Mutex
	var months []string
	intercept = func(rw http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/settings/billing/ai_credit/usage") {
			return false
		}
		mu.Lock()
		defer mu.Unlock()
		month := fmt.Sprintf("%s-%02s", r.URL.Query().Get("year"), r.URL.Query().Get("month"))
		if len(months) == 0 || months[len(months)-1] != month { // a transient failure is retried at once
			months = append(months, month)
		}
		answer, given := answers[month]
		if given {
			answer(rw, r)
		}
		return given
	}
	return intercept, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return months
	}
}

func TestAMonthWithoutABillHoldsUpNoOtherMonth(t *testing.T) {
	t.Parallel()
	all := []string{"2026-11", "2026-10", "2026-09", "2026-08", "2026-07", "2026-06", "2026-05", "2026-04", "2026-03", "2026-02", "2026-01", "2025-12"}
	down := status(http.StatusInternalServerError)
	for _, test := range []struct {
		name          string
		answers       map[string]http.HandlerFunc
		first, second []string
		final         string
		absent        string // a month without a bill at GitHub
		kept          string // a month whose bill is stored nevertheless
	}{
		{"not found", map[string]http.HandlerFunc{"2026-08": says(http.StatusNotFound, "Not Found")}, all, []string{"2026-11"}, "2026-10-01", "2026-08", "2026-07"},
		{"not accepted", map[string]http.HandlerFunc{"2025-12": says(http.StatusBadRequest, "No")}, all, []string{"2026-11"}, "2026-10-01", "2025-12", "2026-01"},
		{"fails", map[string]http.HandlerFunc{"2026-08": down}, all, []string{"2026-11", "2026-08"}, "2026-07-01", "", "2026-07"},
		{"refused", map[string]http.HandlerFunc{"2026-08": says(http.StatusForbidden, "No")}, all, []string{"2026-11", "2026-08"}, "2026-07-01", "", "2026-07"},
		{"two fail, and one beyond them is not found", map[string]http.HandlerFunc{
			"2026-08": down, "2026-07": down, "2026-05": says(http.StatusNotFound, "Not Found"),
		}, all, []string{"2026-11", "2026-08", "2026-07"}, "2026-06-01", "2026-05", "2026-04"},
		{"three fail", map[string]http.HandlerFunc{"2026-08": down, "2026-07": down, "2026-06": down}, all[:6], all[:1:1], "null", "", "2026-09"},
		{"rate limited", map[string]http.HandlerFunc{"2026-08": says(http.StatusTooManyRequests, "Slow down")}, all[:4], all[:1:1], "null", "", "2026-09"},
	} {
		t.Run(test.name, func(t *testing.T) {
			account := octoDemo()
			account.Tokens[0].Scopes = append(account.Tokens[0].Scopes, "manage_billing:copilot")
			w := create(t, account)
			intercept, asked := billing(test.answers)
			w.gitHub.Intercept(intercept)
			w.save()
			w.run(w.queued()[0].Task)
			if diff := cmp.Diff(test.first, asked()); diff != "" {
				t.Errorf("bills that the first run requests (-want +got):\n%s", diff)
			}
			if test.final == "null" {
				if final := w.connector().BillsFinal; final != nil {
					t.Errorf("the bills up to %s are final, want none", final)
				}
				test.second = append(test.second, asked()[3:]...) // the poll does not ask again for months that it has read
			}
			intercept, asked = billing(test.answers)
			w.gitHub.Intercept(intercept)
			w.pollAt(morning(1))
			if diff := cmp.Diff(test.second, asked()); diff != "" {
				t.Errorf("bills that the second run requests (-want +got):\n%s", diff)
			}
			if test.final != "null" && fmt.Sprint(w.connector().BillsFinal) != test.final {
				t.Errorf("the bills up to %v are final, want %s", w.connector().BillsFinal, test.final)
			}
			for month, absent := range map[string]bool{test.absent: true, test.kept: false} {
				if month == "" {
					continue
				}
				day, err := calendar.ParseDate(month + "-01")
				if err != nil {
					t.Fatal(err)
				}
				bill, err := w.store.Bill(t.Context(), w.ref, day)
				if err != nil || bill == nil || bill.Absent != absent || bill.ReadAt.IsZero() {
					t.Errorf("the stored bill of %s is %+v (%v), want absent %v", month, bill, err, absent)
				}
			}
			if c := w.connector().Capabilities.Billing; c != access.OK {
				t.Errorf("the billing capability is %s", c)
			}
		})
	}
}

func TestAStoredBillStaysWhenGitHubNoLongerHasIt(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.Tokens[0].Scopes = append(account.Tokens[0].Scopes, "manage_billing:copilot")
	w := start(t, account)
	intercept, asked := billing(map[string]http.HandlerFunc{"2026-11": says(http.StatusNotFound, "Not Found")})
	w.gitHub.Intercept(intercept)
	w.pollAt(time.Date(2026, 12, 2, 6, 0, 0, 0, time.UTC)) // the bill is not final yet, so it may still come
	w.pollAt(time.Date(2026, 12, 9, 6, 0, 0, 0, time.UTC))
	w.pollAt(time.Date(2026, 12, 10, 6, 0, 0, 0, time.UTC))
	if diff := cmp.Diff([]string{"2026-12", "2026-11", "2026-12", "2026-11", "2026-12"}, asked()); diff != "" {
		t.Errorf("requested bills (-want +got):\n%s", diff)
	}
	if bill, err := w.store.Bill(t.Context(), w.ref, calendar.DateOf(begins)); err != nil || bill == nil || bill.Absent || len(bill.Items) == 0 {
		t.Errorf("the stored bill is %+v, %v", bill, err)
	}
}

func TestABillOfAnotherAccountIsReportedAndNeverStored(t *testing.T) {
	t.Parallel()
	account := octoDemo()
	account.Tokens[0].Scopes = append(account.Tokens[0].Scopes, "manage_billing:copilot")
	w := start(t, account)
	before, err := w.store.Bill(t.Context(), w.ref, calendar.DateOf(begins))
	if err != nil || before == nil {
		t.Fatalf("the stored bill is %+v, %v", before, err)
	}
	foreign := func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = rw.Write([]byte(`{"timePeriod":{"year":2026,"month":11},"organization":"another",
			"usageItems":[{"model":"GPT-5","unitType":"credits","grossQuantity":1,"grossAmount":1,"netQuantity":1,"netAmount":424242}]}`))
	}
	another := func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = rw.Write([]byte(`{"timePeriod":{"year":2025,"month":12},"organization":"octo-demo","usageItems":[]}`))
	}
	intercept, _ := billing(map[string]http.HandlerFunc{"2026-11": foreign, "2026-12": another})
	w.gitHub.Intercept(intercept)
	w.pollAt(time.Date(2026, 12, 9, 6, 0, 0, 0, time.UTC))
	c := w.connector()
	for _, month := range []string{"2026-11-01", "2026-12-01"} {
		day, err := calendar.ParseDate(month)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := w.store.Bill(t.Context(), w.ref, day)
		if month == "2026-11-01" && err == nil {
			if diff := cmp.Diff(before, kept); diff != "" {
				t.Errorf("the bill of %s changed (-before +after):\n%s", month, diff)
			}
			continue
		}
		if err != nil || kept != nil {
			t.Errorf("the stored bill of %s is %+v, %v", month, kept, err)
		}
	}
	const told = "The bill of AI credits was not taken: GitHub answered with the bill of another time than December 2026. What was read of it before stands, and each poll tries again."
	if c.LastPoll.Outcome != connector.OutcomePartial || c.StatusReason != told {
		t.Errorf("the poll is %s, the connector %s: %s", c.LastPoll.Outcome, c.Status, c.StatusReason)
	}
	if c.Capabilities.Billing != access.OK {
		t.Errorf("billing is %s", c.Capabilities.Billing)
	}

	w.gitHub.Intercept(nil)
	w.pollAt(time.Date(2026, 12, 10, 6, 0, 0, 0, time.UTC))
	if c := w.connector(); c.LastPoll.Outcome != connector.OutcomeOK || fmt.Sprint(c.BillsFinal) != "2026-11-01" {
		t.Errorf("the next poll ends as %+v, and the bills up to %v are final", c.LastPoll, c.BillsFinal)
	}
}
