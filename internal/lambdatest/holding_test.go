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

// holding is a server before another, which answers nothing to what it holds: such a request hangs until its caller is
// gone. The first of them closes held.
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
		_, _ = io.Copy(io.Discard, r.Body) // else net/http does not notice that the caller is gone
		once.Do(func() { close(reached) })
		<-r.Context().Done()
	}))
	t.Cleanup(s.Close)
	return s.URL, reached
}

// await waits for what a test lets a function come to.
func await(t *testing.T, held <-chan struct{}) {
	t.Helper()
	select {
	case <-held:
	case <-time.After(time.Minute):
		t.Fatal("the function never came there")
	}
}

// everything is for holding.
func everything(*http.Request) bool { return true }

// asksFor is for holding: the reports of one day.
func asksFor(day calendar.Date) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.Query().Get("day") == day.String() }
}

// asks is for holding: calls of one operation of AWS.
func asks(target string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Header.Get("X-Amz-Target") == target }
}
