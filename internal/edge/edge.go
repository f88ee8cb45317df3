// Package edge is what holds for every answer and every request, whatever route takes it and wherever it runs: how long an
// answer may be, when it is compressed, how texts, times and trouble are shown, how strictly a query and a body are read.
//
// It may not know what is asked for: no route, no field, no tenant. The Admin API and the local program build on it; AWS is
// known to it only as the limit of what can be sent. Begin with Answer.
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

// CleanPath reports whether the path is as this program writes paths. ServeMux would redirect others, by an answer of its
// own. No path here needs escaping, and a policy of the caller may have judged the path as it was sent.
func CleanPath(r *http.Request) bool {
	return path.Clean(r.URL.Path) == r.URL.Path && !strings.Contains(r.URL.EscapedPath(), "%")
}
