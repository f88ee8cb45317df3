package awsbill_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

const connectors = "/v1/tenants/acme/connectors"

func (s *stack) save() {
	body := fmt.Sprintf(`{"host":"github.com","scope":"organization","slug":%q,"token":%q,"notifyEmails":["ada@example.com","ben@example.com"]}`, slug, token)
	var saved struct{ ID string }
	must(s.tb, json.Unmarshal(s.ask(http.MethodPost, connectors, body), &saved))
	s.ref = connector.Ref{Tenant: "acme", ID: saved.ID}
}

// ask sends a request to the Admin API.
func (s *stack) ask(method, path, body string) []byte {
	request := httptest.NewRequest(method, path, strings.NewReader(body)).WithContext(s.ctx)
	request.Header.Set("Content-Type", "application/json")
	if method == http.MethodGet {
		request.Header.Set("Accept-Encoding", "gzip") // as browsers and HTTP clients do
	}
	answer := httptest.NewRecorder()
	s.api.Handler().ServeHTTP(answer, request)
	if answer.Code/100 != 2 {
		s.tb.Fatalf("%s %s: %d %s", method, path, answer.Code, answer.Body)
	}
	s.meter.ran(1, answer.Body.Len())
	return answer.Body.Bytes()
}

// collect does all waiting tasks, and those that they leave for later.
func (s *stack) collect() {
	for len(s.tasks.waiting) > 0 {
		task := s.tasks.waiting[0]
		s.tasks.waiting = s.tasks.waiting[1:]
		must(s.tb, s.collector.Run(s.ctx, task))
		s.meter.ran(1, 0)
	}
}

// poll does what happens at 06:00 UTC. The run of the poll function counts for the stack, not for the connector.
func (s *stack) poll(at time.Time) {
	s.Set(at)
	queued, err := s.poller.Poll(s.ctx, at)
	must(s.tb, err)
	if queued != 1 {
		s.tb.Fatalf("%d connectors are polled", queued)
	}
	s.collect()
}

// remind does what happens at 07:00 UTC.
func (s *stack) remind(at time.Time) {
	s.Set(at)
	_, err := s.reminder.Remind(s.ctx, at)
	must(s.tb, err)
}

// read makes every request with which the Admin App shows a connector.
func (s *stack) read() {
	one := connectors + "/" + s.ref.ID
	for _, path := range []string{connectors, one, one + "/usage", one + "/users", one + "/seats", one + "/cost"} {
		s.ask(http.MethodGet, path, "")
	}
}
