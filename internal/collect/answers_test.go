package collect_test

import (
	"bytes"
	"net/http"
	"regexp"
)

// rewritten answers the requests whose path and query contain part. The answer is the simulation's, changed by change.
func rewritten(w *world, part string, times int64, change func([]byte) []byte) func(http.ResponseWriter, *http.Request) bool {
	return failing(part, times, func(rw http.ResponseWriter, r *http.Request) {
		answer := whole(w.gitHub, r)
		for name, values := range answer.Header() {
			if name != "Content-Length" && name != "Etag" {
				rw.Header()[name] = values
			}
		}
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(change(answer.Body.Bytes()))
	})
}

// firstLines returns a change that keeps only the first lines of a report.
func firstLines(n int) func([]byte) []byte {
	return func(body []byte) []byte {
		lines := bytes.SplitAfter(body, []byte("\n"))
		return bytes.Join(lines[:min(n, len(lines))], nil)
	}
}

// cutInTheMiddle announces the length of the whole body and sends only half of it.
func cutInTheMiddle(rw http.ResponseWriter, body []byte) {
	rw.Header().Set("Content-Length", "1000000")
	rw.WriteHeader(http.StatusOK)
	_, _ = rw.Write(body[:len(body)/2])
	panic(http.ErrAbortHandler)
}

var ownID = regexp.MustCompile(`("organization_id":"?|"id": ?)\d+`)

// anothers replaces the account's id in an answer with the id of another account.
func anothers(body []byte) []byte { return ownID.ReplaceAll(body, []byte("${1}424242")) }
