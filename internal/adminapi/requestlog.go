package adminapi

import (
	"log/slog"
	"net/http"
	"path"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/measure"
)

// outermost sets what every answer has, logs and counts each request once, and keeps a panic from taking the caller's
// answer.
func (a API) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, answer := a.Now(), &recorder{ResponseWriter: w, code: "ok"}
		answer.Header().Set("Cache-Control", "no-store")
		answer.Header().Set("X-Content-Type-Options", "nosniff")
		defer func() {
			if cause := recover(); cause != nil {
				// The cause may hold anything, a token too: only where it happened is safe to tell.
				a.Log.ErrorContext(r.Context(), "panic", "route", r.Pattern, "tenant", tenant(r), "connector", id(r), "at", panicOrigin())
				p := newProblem(http.StatusInternalServerError, "internal", "Something went wrong here. It is in our log.")
				if answer.code = p.Code; answer.status == 0 {
					p.write(answer)
				}
			}
			a.Log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", methodName(r.Method)), slog.String("route", r.Pattern),
				slog.String("tenant", tenant(r)), slog.String("connector", id(r)), slog.Int("status", answer.status),
				slog.Int64("durationMs", a.Now().Sub(began).Milliseconds()), measure.CountBy("Requests", 1, answer.code))
		}()
		// ServeMux would redirect what is not clean. Nothing here needs escaping, and a policy of the caller may have judged
		// the path as it was sent.
		if path.Clean(r.URL.Path) != r.URL.Path || strings.Contains(r.URL.EscapedPath(), "%") {
			refuse(answer, notFound())
			return
		}
		next.ServeHTTP(answer, r)
	})
}

// recorder remembers for the log what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	code   string // of the problem; ok: there was none
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(body []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(body)
}

// refuse answers with a problem.
func refuse(w http.ResponseWriter, p *problem) {
	if answer, ok := w.(*recorder); ok {
		answer.code = p.Code
	}
	p.write(w)
}
