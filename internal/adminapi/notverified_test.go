package adminapi

import (
	"net/http"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
)

// GitHub is not blamed for a failure of ours, whatever code comes in.
func TestAFailureOfOursIsNotSaidToBeGitHubs(t *testing.T) {
	t.Parallel()
	said := map[fault.Code]int{fault.RateLimited: http.StatusTooManyRequests, fault.OutOfTime: http.StatusGatewayTimeout}
	for _, code := range fault.Codes() {
		want := http.StatusBadGateway
		if code.Ours() {
			want = http.StatusInternalServerError
		}
		if status := said[code]; status != 0 {
			want = status
		}
		if p := failure(&lifecycle.Unasked{Err: &fault.Error{Code: code}}); p.Status != want {
			t.Errorf("%s: %d %q, want %d", code, p.Status, p.Detail, want)
		}
	}
}
