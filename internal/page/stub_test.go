package page_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/page"
)

// stubbed is the page with an API that has more seats than any simulated account, and that can be made to fail.
type stubbed struct {
	address string
	failing atomic.Bool

	mu      sync.Mutex
	queries []string // the queries of lists, in order
}

func (s *stubbed) asked(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries = append(s.queries, r.URL.RawQuery)
}

// lastAsked returns the newest query of a list, and the number of queries.
func (s *stubbed) lastAsked() (query string, many int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queries[len(s.queries)-1], len(s.queries)
}

const (
	stubID  = "aaaaaaaaaaaaaaaaaaaa"
	ofAPage = 1000
)

func stub(t testing.TB, seats int) *stubbed {
	t.Helper()
	files, err := page.Handler(page.Settings{Tenant: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	s := &stubbed{}
	const all, one = "/v1/tenants/demo/connectors", "/v1/tenants/demo/connectors/{id}"
	mux := http.NewServeMux()
	mux.Handle("/", files)
	mux.HandleFunc("GET "+all, func(w http.ResponseWriter, _ *http.Request) {
		refused := stubConnector()
		refused["id"], refused["slug"], refused["status"] = "bbbbbbbbbbbbbbbbbbbb", "refused", "expired"
		s.answer(w, map[string]any{"connectors": []any{stubConnector(), refused}, "next": nil})
	})
	mux.HandleFunc("GET "+one, func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(stubConnector()) }) // it never fails
	mux.HandleFunc("GET "+one+"/audit", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("next") == "" {
			s.answer(w, map[string]any{"events": []any{stubEvent("the newest change")}, "next": "older"})
			return
		}
		s.answer(w, map[string]any{"events": []any{stubEvent("the oldest change")}, "next": nil})
	})
	mux.HandleFunc("GET "+one+"/seats", func(w http.ResponseWriter, r *http.Request) {
		s.asked(r)
		at, _ := strconv.Atoi(r.URL.Query().Get("next"))
		s.answer(w, stubSeats(seats, at))
	})
	mux.HandleFunc("GET "+one+"/teams", func(w http.ResponseWriter, _ *http.Request) {
		row := func(name any) map[string]any {
			return map[string]any{"team": name, "totalSpend": nil, "seatCost": nil, "people": 3, "activeUsers": 2}
		}
		s.answer(w, map[string]any{
			"from": "2026-11-01", "to": "2026-11-03", "detail": "", "teams": []any{row("backend")}, "unassigned": row(nil), "totals": row(nil),
		})
	})
	mux.HandleFunc("GET "+one+"/seats/history", func(w http.ResponseWriter, _ *http.Request) {
		s.answer(w, map[string]any{"days": []any{}})
	})
	mux.HandleFunc("GET "+one+"/repositories", func(w http.ResponseWriter, _ *http.Request) {
		s.answer(w, map[string]any{"daysWithData": 0, "repositories": []any{}})
	})
	mux.HandleFunc("GET "+one+"/export", func(w http.ResponseWriter, r *http.Request) {
		s.asked(r)
		s.answer(w, nil)
	})
	mux.HandleFunc("GET "+one+"/usage", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("by") == "week" {
			s.answer(w, map[string]any{"weeks": stubWeeks()})
			return
		}
		s.answer(w, stubUsage())
	})
	mux.HandleFunc("GET "+one+"/cost", func(w http.ResponseWriter, _ *http.Request) { s.answer(w, stubCost()) })
	mux.HandleFunc("GET "+one+"/users", func(w http.ResponseWriter, r *http.Request) {
		s.asked(r)
		s.answer(w, map[string]any{"from": "2026-11-01", "to": "2026-11-03", "people": nil, "total": 0, "users": []any{}, "next": nil})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.address = server.URL
	return s
}

func (s *stubbed) answer(w http.ResponseWriter, value any) {
	if s.failing.Load() {
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("Apigw-Requestid", "request-17")
		w.WriteHeader(http.StatusInternalServerError)
		value = map[string]any{"status": 500, "code": "internal", "title": "Internal error", "detail": "The store cannot be read."}
	}
	_ = json.NewEncoder(w).Encode(value)
}

func stubConnector() map[string]any {
	return map[string]any{
		"id": stubID, "slug": "big", "scope": "organization", "host": "github.com", "plan": "business", "status": "active", "idleAfterDays": 30,
		"notifyEmails": []string{}, "people": "named", "keepPeopleDays": nil, "updatedAt": noon, "createdAt": noon, "statusReason": nil, "latestFinalDay": nil, "lastPoll": nil,
		"capabilities": map[string]string{"usage": "ok", "users": "ok", "seats": "ok", "billing": "ok"},
		"credential":   map[string]any{"kind": "classic_pat", "login": "owner", "daysLeft": 60, "expirySource": "github", "expiresAt": noon},
	}
}

func stubEvent(detail string) map[string]any {
	return map[string]any{"at": noon, "actor": "owner", "action": "changed", "detail": detail}
}

func stubSeats(total, from int) map[string]any {
	counted := map[string]any{"count": 0, "monthlyCost": map[string]any{"amount": "0.00", "currency": "USD", "estimated": true}}
	var rows []map[string]any
	for i := from; i < min(from+ofAPage, total); i++ {
		rows = append(rows, map[string]any{
			"userId": i + 1, "login": fmt.Sprintf("dev-%05d", i), "team": nil, "organization": "big", "status": "active", "createdAt": noon,
			"lastActiveDay": "2026-11-20", "lastActivityEditor": "vscode/1", "idleDays": i % 400, "monthlyCost": nil,
		})
	}
	var next any
	if from+ofAPage < total {
		next = strconv.Itoa(from + ofAPage)
	}
	return map[string]any{
		"asOf": noon, "total": total, "plan": "business", "basis": "seats_and_usage", "notListed": 0, "idleAfterDays": 30, "monthlyCost": nil, "pricePerSeat": nil,
		"idle": counted, "neverUsed": counted, "active": counted, "new": counted, "pendingCancellation": counted, "unknown": counted,
		"teams": []string{"backend", "data"}, "found": total, "seats": rows, "next": next,
	}
}

// stubUsage returns three days. The per-user report of the second one lacks people.
func stubUsage() map[string]any {
	short := map[string]any{"read": 3, "expected": 11}
	var days []map[string]any
	for n := 1; n <= 3; n++ {
		day := map[string]any{
			"date": fmt.Sprintf("2026-11-%02d", n), "state": "final", "revision": 1, "fetchedAt": noon, "people": nil, "activeUsers": 11, "engagedUsers": 3,
			"completions": nil, "chat": nil, "cli": nil, "pullRequests": nil, "creditsUsed": 1000,
			"weeklyActiveUsers": nil, "monthlyActiveUsers": nil, "codeReview": nil, "adoption": nil, "features": nil, "agents": nil, "tools": []any{},
		}
		if n == 2 {
			day["people"] = short
		}
		days = append(days, day)
	}
	return map[string]any{"days": days, "previous": nil, "totals": map[string]any{
		"daysWithData": 3, "people": map[string]any{"days": 1, "read": 3, "expected": 11}, "activeUsers": 11, "engagedUsers": 3,
		"completions": nil, "chat": nil, "cli": nil, "pullRequests": nil, "creditsUsed": 3000,
		"weeklyActiveUsers": nil, "monthlyActiveUsers": nil, "codeReview": nil, "adoption": nil, "features": nil, "agents": nil, "tools": []any{},
	}}
}

// stubWeeks returns weeks that each grow by a tenth. The last week is not over.
func stubWeeks() (weeks []map[string]any) {
	for i, week := range []struct {
		from       string
		people, of int
	}{{"2026-10-19", 100, 7}, {"2026-10-26", 110, 7}, {"2026-11-02", 30, 2}} {
		weeks = append(weeks, map[string]any{
			"from": week.from, "to": week.from, "activeShareOfSeats": 0.5 + float64(i)/10,
			"totals": map[string]any{"daysWithData": week.of, "activeUsers": week.people},
		})
	}
	return weeks
}

// stubCost returns a month whose included credits end on the 20th if the use goes on like this.
func stubCost() map[string]any {
	var daily []map[string]any
	for n := 1; n <= 3; n++ {
		daily = append(daily, map[string]any{"date": fmt.Sprintf("2026-11-%02d", n), "used": 1000, "cumulated": 1000 * n})
	}
	return map[string]any{
		"month": "2026-11", "from": "2026-11-01", "to": "2026-11-03", "seatCost": nil, "seatsAsOf": nil, "totalSpend": map[string]any{"amount": "0.00", "currency": "USD", "estimated": true}, "idleSeatCost": nil,
		"activeDevelopers": nil, "costPerActiveDeveloper": nil, "reasons": map[string]string{"seatCost": "The seats were not read."}, "previous": nil,
		"warnings": []any{}, "budgets": []any{}, "byTeam": []any{}, "byOrganization": nil, "byCostCenter": nil, "bySku": nil,
		"byModel":   map[string]any{"basis": "interactions", "rows": []any{}, "tiers": []any{}},
		"projected": map[string]any{"creditsUsed": 30_000, "seatCost": nil, "billed": nil, "totalSpend": nil},
		"credits": map[string]any{
			"used": 3000, "daysWithData": 3, "included": 19_000, "grossValue": nil, "billed": nil, "billedAsOf": nil, "daily": daily, "exhaustedOn": "2026-11-20",
		},
	}
}
