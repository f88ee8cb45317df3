package adminapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// answerTime is how long an answer may be read from the store. The gateway waits for 30 seconds, and the function ends the request after 26.
const answerTime = 24 * time.Second

var errLate = errors.New("the answer took too long")

// inTime ends the reading of an answer after answerTime. The problem then says how to ask for less, if less can be asked for.
func inTime(serve endpoint) endpoint {
	return func(w *edge.Answer, r *http.Request) *problem {
		ctx, cancel := context.WithTimeoutCause(r.Context(), answerTime, errLate)
		defer cancel()
		p := serve(w, r.WithContext(ctx))
		if p == nil || p.cause == nil || !errors.Is(context.Cause(ctx), errLate) {
			return p
		}
		if advice := w.AskForLess(0.5); advice != "" {
			return ours(edge.TooSlow(advice))
		}
		return p
	}
}
