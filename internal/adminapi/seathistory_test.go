//go:build !race

package adminapi_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type seatDay struct {
	Date                                    string
	Total, Active, New, Idle, NeverUsed     int
	PendingCancellation, Unknown, NotListed int
	MonthlyCost                             *money
	IdleAfterDays                           int
}

func (a *app) seatHistory(path, query string) []seatDay {
	a.t.Helper()
	got := a.send(http.MethodGet, path+"/seats/history"+query, "")
	if got.status != http.StatusOK {
		a.t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	return decode[struct{ Days []seatDay }](a.t, got).Days
}

// dayOf returns the day of the history that a snapshot of the seats describes.
func dayOf(date string, s seatsAnswer) seatDay {
	return seatDay{
		Date: date, Total: s.Total, Active: *s.Active.Count, New: *s.New.Count, Idle: *s.Idle.Count, NeverUsed: *s.NeverUsed.Count,
		PendingCancellation: *s.PendingCancellation.Count, Unknown: *s.Unknown.Count, NotListed: *s.NotListed, MonthlyCost: s.MonthlyCost,
		IdleAfterDays: 30,
	}
}

func TestTheHistoryOfSeatsHasEachDayThatWasRead(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Seats = 60
	a := start(t, account)
	path := a.saved() // on 22 November
	if diff := cmp.Diff([]seatDay{dayOf("2026-11-22", a.seats(path+"/seats"))}, a.seatHistory(path, "?to=2026-11-22")); diff != "" {
		t.Errorf("after the first poll (-seats +history):\n%s", diff)
	}
	for _, day := range []int{23, 25, 27, 28} { // no poll on the 24th and 26th
		a.pollAt(path, at(11, day))
	}
	var want []seatDay
	for _, date := range []string{"2026-11-22", "2026-11-23", "2026-11-25", "2026-11-27", "2026-11-28"} {
		want = append(want, dayOf(date, a.seats(path+"/seats?date="+date)))
	}
	if diff := cmp.Diff(want, a.seatHistory(path, "?from=2026-11-01&to=2026-11-28")); diff != "" {
		t.Errorf("after some polls (-seats +history):\n%s", diff)
	}
	if diff := cmp.Diff(want[1:3], a.seatHistory(path, "?from=2026-11-23&to=2026-11-26")); diff != "" {
		t.Errorf("part of the days (-seats +history):\n%s", diff)
	}
	if got := a.seatHistory(path, "?from=2026-09-01&to=2026-10-31"); got == nil || len(got) != 0 {
		t.Errorf("before the first poll there are %v", got)
	}

	if got := a.send(http.MethodPatch, path, `{"idleAfterDays":5}`); got.status != http.StatusOK {
		t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
	if diff := cmp.Diff(want, a.seatHistory(path, "?from=2026-11-01&to=2026-11-28")); diff != "" {
		t.Errorf("another setting changed days counted before (-before +after):\n%s", diff)
	}
	a.pollAt(path, at(12, 2))
	days := a.seatHistory(path, "?from=2026-11-22&to=2026-12-02")
	if diff := cmp.Diff(want[:4], days[:4]); diff != "" {
		t.Errorf("days older than any late report changed (-before +after):\n%s", diff)
	}
	if last := days[len(days)-1]; last.IdleAfterDays != 5 || days[4].IdleAfterDays != 5 || last.Idle+last.NeverUsed <= want[4].Idle+want[4].NeverUsed {
		t.Errorf("the new setting is not applied to the newest days: %+v", days[4:])
	}
}
