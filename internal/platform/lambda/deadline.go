package lambda

import (
	"context"
	"time"
)

// timeToAnswer is the time between the end of a handler's context and the end of the function. The handler uses it to store
// its progress and to answer.
const timeToAnswer = 2 * time.Second

// endingEarly returns a context that ends timeToAnswer before Lambda kills the function.
func endingEarly(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-timeToAnswer))
}
