package github_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

func TestASeatIsReadWithAllItsFields(t *testing.T) {
	const body = `{"total_seats":1,"seats":[{
		"created_at":"2026-01-02T03:04:05+01:00","updated_at":"2026-01-02T03:04:05Z","plan_type":"enterprise",
		"pending_cancellation_date":"2026-12-01","last_activity_at":"2026-11-20T10:00:00Z","last_activity_editor":"vscode/1.99/copilot-chat/0.40",
		"last_authenticated_at":null,"assignee":{"login":"octocat","id":41000001,"type":"User","node_id":"x"},
		"organization":{"login":"octo-test"},"assigning_team":{"id":1,"name":"Justice League","slug":"justice-league"}}]}`
	grants, _, err := answering(t, respond(http.StatusOK, body)).Seats(t.Context(), org, 1)
	check(t, err, "")
	want := []seat.Seat{{
		UserID: new(int64(41000001)), Login: "octocat", Organization: "octo-test", Team: "justice-league", Plan: copilot.PlanEnterprise,
		CreatedAt:          new(time.Date(2026, 1, 2, 2, 4, 5, 0, time.UTC)),
		LastActivityAt:     new(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)),
		LastActivityEditor: "vscode/1.99/copilot-chat/0.40", PendingCancellation: new(mustDate("2026-12-01")),
	}}
	if diff := cmp.Diff(want, grants); diff != "" {
		t.Errorf("seats (-want +got):\n%s", diff)
	}
}

func TestInvalidFieldsDoNotLoseASeat(t *testing.T) {
	octocat := seat.Seat{UserID: new(int64(7)), Login: "octocat"}
	nameless := seat.Seat{UserID: new(int64(7))}
	nobody := seat.Seat{}
	unfamiliar := seat.Seat{Plan: copilot.PlanUnknown}
	business := seat.Seat{Plan: copilot.PlanBusiness}
	for record, want := range map[string]seat.Seat{
		`{}`:                                        nobody,
		`null`:                                      nobody,
		`{"assignee":null}`:                         nobody,
		`{"assignee":{}}`:                           nobody,
		`{"assignee":"octocat"}`:                    nobody,
		`{"assignee":[7]}`:                          nobody,
		`{"assignee":{"login":"octocat"}}`:          nobody,
		`{"assignee":{"id":7}}`:                     nameless,
		`{"assignee":{"id":7,"login":null}}`:        nameless,
		`{"assignee":{"id":7,"login":{}}}`:          nameless,
		`{"assignee":{"id":7,"login":false}}`:       nameless,
		`{"assignee":{"id":7,"login":"octocat"}}`:   octocat,
		`{"assignee":{"id":"7","login":"octocat"}}`: octocat,
		`{"assignee":{"id":7,"login":"octocat","type":"User"}}`:           octocat,
		`{"assignee":{"id":7,"login":"octocat","type":"Bot"}}`:            octocat,
		`{"assignee":{"id":7,"login":"octocat","type":null}}`:             octocat,
		`{"assignee":{"id":7,"login":"octocat","type":3}}`:                octocat,
		`{"assignee":{"id":7,"slug":"league","type":"Team"}}`:             nobody,
		`{"assignee":{"id":7,"login":"octo-test","type":"Organization"}}`: nobody,
		`{"assignee":{"id":"bad","login":"octocat"}}`:                     nobody,
		`{"assignee":{"id":null,"login":"octocat"}}`:                      nobody,
		`{"assignee":{"id":0,"login":"octocat"}}`:                         nobody,
		`{"assignee":{"id":-7,"login":"octocat"}}`:                        nobody,
		`{"assignee":{"id":7.5,"login":"octocat"}}`:                       nobody,
		`{"assignee":{"id":99999999999999999999,"login":"octocat"}}`:      nobody,

		`{"plan_type":"business"}`:                                          business,
		`{"plan_type":"Business"}`:                                          unfamiliar,
		`{"plan_type":"unknown"}`:                                           unfamiliar,
		`{"plan_type":"standalone"}`:                                        unfamiliar,
		`{"plan_type":""}`:                                                  nobody,
		`{"plan_type":null}`:                                                nobody,
		`{"plan_type":1}`:                                                   nobody,
		`{"plan_type":"business","assigning_team":null}`:                    business,
		`{"plan_type":"business","assigning_team":"league"}`:                business,
		`{"plan_type":"business","assigning_team":{"slug":1}}`:              business,
		`{"plan_type":"business","organization":"octo-test"}`:               business,
		`{"plan_type":"business","organization":{"login":7}}`:               business,
		`{"plan_type":"business","organization":null}`:                      business,
		`{"plan_type":"business","created_at":"yesterday"}`:                 business,
		`{"plan_type":"business","created_at":1767225600}`:                  business,
		`{"plan_type":"business","last_activity_at":""}`:                    business,
		`{"plan_type":"business","last_activity_at":null}`:                  business,
		`{"plan_type":"business","last_activity_editor":{}}`:                business,
		`{"plan_type":"business","pending_cancellation_date":0}`:            business,
		`{"plan_type":"business","pending_cancellation_date":"2026-13-01"}`: business,
		`{"plan_type":"business","pending_cancellation_date":""}`:           business,
	} {
		body := `{"total_seats":1,"seats":[` + record + `]}`
		grants, announced, err := answering(t, respond(http.StatusOK, body)).Seats(t.Context(), org, 1)
		check(t, err, "")
		if diff := cmp.Diff([]seat.Seat{want}, grants); diff != "" || announced != 1 {
			t.Errorf("%s: announced %d, grants (-want +got):\n%s", record, announced, diff)
		}
	}
}
