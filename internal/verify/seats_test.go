package verify_test

import (
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

func TestASeatWithoutAPersonIsCountedApart(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Seats, account.UnassignedSeats = 1, 1
	result := newWorld(t, account).verify(copilot.Organization, "octo", classic)
	if c := check(t, result, verify.CheckSeats); c.Detail != "2 seats, of which nobody has taken 1 yet: 2 on Copilot Business." {
		t.Errorf("the check of the seats is %+v", c)
	}
}
