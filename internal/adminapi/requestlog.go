package adminapi

import (
	"cmp"
	"log/slog"
	"net/http"

	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/measure"
)

// outermost wraps the API with package edge. It logs and counts each request once, and answers even after a panic.
func (a API) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, answer := a.Now(), edge.NewAnswer(w, r, a.MaxAnswer)
		a.serve(next, answer, r)
		answer.Send()
		a.Log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", methodName(r.Method)), slog.String("route", r.Pattern),
			slog.String("tenant", tenant(r)), slog.String("connector", id(r)), slog.Int("status", answer.Status()),
			slog.Int64("durationMs", a.Now().Sub(began).Milliseconds()), measure.CountBy("Requests", 1, cmp.Or(answer.Code(), "ok")))
	})
}

func (a API) serve(next http.Handler, answer *edge.Answer, r *http.Request) {
	defer func() {
		if cause := recover(); cause != nil {
			// The cause may hold anything, even a token, so only the place is logged.
			a.Log.ErrorContext(r.Context(), "panic", "route", r.Pattern, "tenant", tenant(r), "connector", id(r), "at", panicOrigin())
			edge.NewProblem(http.StatusInternalServerError, "internal", "Something went wrong here. It is in our log.").Write(answer)
		}
	}()
	if !edge.CleanPath(r) {
		edge.NoPath().Write(answer)
		return
	}
	next.ServeHTTP(answer, r)
}
