package lambda

import (
	"context"
	"time"
)

// timeToAnswer is what a handler has left once its context has ended, to put away what it was at and to say so.
const timeToAnswer = 2 * time.Second

// endingEarly returns a context that ends a little before Lambda ends the function without a word.
func endingEarly(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-timeToAnswer))
}
