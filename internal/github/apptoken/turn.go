package apptoken

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// turn is a lock for work that asks a service. Unlike a mutex, it lets nobody wait beyond its own limit of time.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits for the turn. If the turn is free, it is taken even if ctx is over: the work itself then tells so. op names in the error what
// the caller wanted.
func (t turn) take(ctx context.Context, op string) error {
	select {
	case t <- struct{}{}:
		return nil
	default:
	}
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &fault.Error{Code: fault.OutOfTime, Op: op}
	}
}

func (t turn) end() { <-t }
