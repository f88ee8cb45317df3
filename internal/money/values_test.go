package money_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

func dayOf(s string) *calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return &d
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustEqualJSON(t *testing.T, want string, value any) {
	t.Helper()
	text, err := json.Marshal(value)
	check(t, err)
	var wanted, got any
	check(t, json.Unmarshal([]byte(want), &wanted))
	check(t, json.Unmarshal(text, &got))
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
