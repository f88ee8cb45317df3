package seat_test

import (
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// The seat of a forgotten person stays. Whether it is used is unknown.
func TestAForgottenPersonsSeatIsNeitherIdleNorUsed(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC)
	used := at.Add(-time.Hour)
	grants := []seat.Seat{
		{UserID: new(int64(1)), Login: "ada", CreatedAt: new(at.AddDate(-1, 0, 0)), LastActivityAt: &used},
		{UserID: new(int64(2)), Login: "bob", CreatedAt: new(at.AddDate(-1, 0, 0)), LastActivityAt: &used},
	}
	list, changed := seat.Anonymous(grants, calendar.DateOf(at), func(id int64) bool { return id == 1 })
	if !changed || len(list) != 2 {
		t.Fatalf("changed is %v, and the list is %v, want 2 seats", changed, list)
	}
	stored, err := seat.Unpack(seat.Pack(list))
	if err != nil {
		t.Fatal(err)
	}
	view := seat.View{At: at, IdleAfterDays: 30}
	for _, s := range stored {
		want := seat.Unknown
		if s.UserID != nil {
			want = seat.Active
		}
		if got := view.Judge(&s); got.Status != want || want == seat.Unknown && got.IdleDays != nil {
			t.Errorf("%+v is %+v, want %s", s, got, want)
		}
	}
}
