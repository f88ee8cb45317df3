package connector_test

import (
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

func TestAHoldEndsByItselfAndOnlyItsHolderReleasesIt(t *testing.T) {
	t.Parallel()
	var c connector.Connector
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	died, ok := c.HoldVault(now)
	work, cancel := c.LimitHold(t.Context())
	defer cancel()
	if ends, limited := work.Deadline(); !ok || !limited || time.Until(ends) >= died.Sub(now) {
		t.Fatalf("held until %v: %t", died, ok)
	}
	for _, at := range []time.Time{died.Add(-time.Nanosecond), now.Add(-time.Second)} { // the second by a clock that is behind
		if _, ok := c.HoldVault(at); ok {
			t.Errorf("two have the hold at %v", at)
		}
	}
	next, ok := c.HoldVault(died)
	if !ok || c.ReleaseVault(died) || !c.VaultHeld(died) {
		t.Errorf("a hold that is over: %t, %v", ok, c.VaultHeldUntil)
	}
	if c.VaultHeld(now.Add(-time.Hour)) {
		t.Error("a clock that was wrong by an hour blocks the vault for an hour")
	}
	if !c.ReleaseVault(next) || c.VaultHeld(died) {
		t.Errorf("released: %v", c.VaultHeldUntil)
	}
}
