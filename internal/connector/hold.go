package connector

import (
	"context"
	"time"
)

const (
	// heldFor is how long a hold lasts if its holder dies. A holder's own work has a shorter limit, heldWork.
	heldFor  = time.Minute
	heldWork = 30 * time.Second
)

// clocksDiffer is how much the clocks of two functions may differ. An end that is further away was stored by a clock that was wrong.
const clocksDiffer = 5 * time.Minute

// HoldVault is for a Change of a live connector (decision 24). It makes the caller the only one that may change what the vault holds
// for the connector. It returns the end of the hold, which also identifies it, because no two holds have the same end. ok is false
// while somebody else has the hold.
func (c *Connector) HoldVault(now time.Time) (hold time.Time, ok bool) {
	if c.VaultHeld(now) {
		return time.Time{}, false
	}
	c.VaultHeldUntil = now.UTC().Add(heldFor)
	return c.VaultHeldUntil, true
}

// LimitHold limits the work of a holder. It must be called before the hold begins.
func (*Connector) LimitHold(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, heldWork)
}

// VaultHeld reports whether somebody has the hold.
func (c *Connector) VaultHeld(now time.Time) bool {
	left := c.VaultHeldUntil.Sub(now)
	return left > 0 && left <= heldFor+clocksDiffer
}

// ReleaseVault ends a hold. It reports whether the hold was still the caller's.
func (c *Connector) ReleaseVault(hold time.Time) bool {
	if !c.VaultHeldUntil.Equal(hold) {
		return false
	}
	c.VaultHeldUntil = time.Time{}
	return true
}
