// Package edge has the rules for every HTTP request and answer, on every route: the largest answer, its compression, the form
// of texts, times and errors, and the strict reading of queries and bodies.
//
// It must not know routes, fields or tenants. The Admin API and the local program use it. The only thing that it knows about
// AWS is the largest result of a Lambda. Start reading at Answer.
package edge

import (
	"net/http"
	"path"
	"strings"
)

// Handler serves next at the edge.
func Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := NewAnswer(w, r, 0)
		if CleanPath(r) {
			next.ServeHTTP(answer, r)
		} else {
			NoPath().Write(answer)
		}
		answer.Send()
	})
}

// CleanPath reports whether the path has no escapes, no empty segments and no dot segments. http.ServeMux would redirect other
// paths with an HTML answer of its own. An IAM policy may have judged the path as it was sent, so it must mean the same here.
func CleanPath(r *http.Request) bool {
	return path.Clean(r.URL.Path) == r.URL.Path && !strings.Contains(r.URL.EscapedPath(), "%")
}
