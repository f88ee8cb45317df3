package page_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/page"
)

// stubbed is the page beside an API of as many seats as no simulated account has, which can be made to fail.
type stubbed struct {
	address string
	failing atomic.Bool
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
	one := "/v1/tenants/demo/connectors/" + stubID
	mux := http.NewServeMux()
	mux.Handle("/", files)
	mux.HandleFunc("GET "+one, func(w http.ResponseWriter, _ *http.Request) { s.answer(w, stubConnector()) })
	mux.HandleFunc("GET "+one+"/seats", func(w http.ResponseWriter, r *http.Request) {
		at, _ := strconv.Atoi(r.URL.Query().Get("next"))
		s.answer(w, stubSeats(seats, at))
	})
	mux.HandleFunc("GET "+one+"/usage", func(w http.ResponseWriter, _ *http.Request) { s.answer(w, map[string]any{"days": []any{}}) })
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
		"notifyEmails": []string{}, "updatedAt": noon, "createdAt": noon, "statusReason": nil, "latestFinalDay": nil, "lastPoll": nil,
		"capabilities": map[string]string{"usage": "ok", "users": "ok", "seats": "ok", "billing": "ok"},
		"credential":   map[string]any{"kind": "classic_pat", "login": "owner", "daysLeft": 60, "expirySource": "github", "expiresAt": noon},
	}
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
		"seats": rows, "next": next,
	}
}
