package lambdatest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// holding starts a server in front of another one. It never answers the requests that it holds: they hang until their caller is
// gone. The first such request closes held.
func holding(t *testing.T, behind string, holds func(*http.Request) bool) (server string, held <-chan struct{}) {
	t.Helper()
	onward, err := url.Parse(behind)
	if err != nil {
		t.Fatal(err)
	}
	next := httputil.NewSingleHostReverseProxy(onward)
	reached := make(chan struct{})
	var once sync.Once
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !holds(r) {
			next.ServeHTTP(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body) // net/http notices that the caller is gone only after the body was read
		once.Do(func() { close(reached) })
		<-r.Context().Done()
	}))
	t.Cleanup(s.Close)
	return s.URL, reached
}

// await waits until a channel is closed.
func await(t *testing.T, held <-chan struct{}) {
	t.Helper()
	select {
	case <-held:
	case <-time.After(time.Minute):
		t.Fatal("the function did not send the request")
	}
}

// everything makes holding hold all requests.
func everything(*http.Request) bool { return true }

// asksFor makes holding hold the requests for the reports of one day.
func asksFor(day calendar.Date) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.Query().Get("day") == day.String() }
}

// asks makes holding hold the calls of one AWS operation.
func asks(target string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Header.Get("X-Amz-Target") == target }
}
