package github_test

import (
	"net/http"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/reports"
)

func TestAHostThatStopsSendingIsGivenUp(t *testing.T) {
	client := connect(t, reporting(t, func(w http.ResponseWriter, r *http.Request) {
		respond(http.StatusOK, row)(w, r)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}).URL)
	client.LosePatienceAfter(50 * time.Millisecond)
	reader := metrics.NewUsersReader(day, metrics.Owner{}, func(*metrics.UserDay) error { return nil })
	err := read(t.Context(), client, org, reports.PerUser, reader.ReadPart)
	check(t, err, fault.ReportHost)
	if got, want := fault.CauseOf(err), "the report's host sent nothing any more"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNothingIsSentOnceTheTokenIsRefused(t *testing.T) {
	gh := serve(t, refuse(http.StatusUnauthorized, "Bad credentials"))
	client := connect(t, gh.URL)
	for range 3 {
		check(t, find(t.Context(), client, org.Slug), fault.TokenRefused)
	}
	if n := len(gh.seen()); n != 1 {
		t.Errorf("%d calls were made with a refused token", n)
	}
}
