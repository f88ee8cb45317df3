package github_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/github"
)

// inTurn answers each call with the next handler, and further calls with the last one.
func inTurn(handlers ...http.HandlerFunc) http.HandlerFunc {
	var calls atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		handlers[min(int(calls.Add(1)), len(handlers))-1](w, r)
	}
}

// hangUp closes the connection instead of answering.
func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestTransientFailuresAreRetried(t *testing.T) {
	fine := respond(http.StatusOK, octocat)
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    fault.Code
		calls   int
	}{
		"503 twice":         {inTurn(refuse(503, "x"), refuse(503, "x"), fine), "", 3},
		"500, 502":          {inTurn(refuse(500, "x"), refuse(502, "x"), fine), "", 3},
		"504, hung up":      {inTurn(refuse(504, "x"), hangUp, fine), "", 3},
		"hung up twice":     {inTurn(hangUp, hangUp, fine), "", 3},
		"503 three times":   {inTurn(refuse(503, "x"), refuse(503, "x"), refuse(503, "x"), fine), fault.Unreachable, 3},
		"hung up each time": {hangUp, fault.Unreachable, 3},
		"501":               {inTurn(refuse(501, "x"), fine), fault.Unreachable, 1},
		"404":               {inTurn(refuse(404, "x"), fine), fault.NotFound, 1},
		"429":               {inTurn(refuse(429, "x"), fine), fault.RateLimited, 1},
		"unexpected":        {inTurn(respond(200, "x"), fine), fault.Unexpected, 1},
	} {
		t.Run(name, func(t *testing.T) {
			gh := serve(t, test.handler)
			_, err := connect(t, gh.URL).Identity(t.Context())
			check(t, err, test.want)
			if n := len(gh.seen()); n != test.calls {
				t.Errorf("%d calls, want %d", n, test.calls)
			}
		})
	}
}

func TestARefusedConnectionIsUnreachable(t *testing.T) {
	gh := serve(t, nil)
	gh.Close()
	_, err := connect(t, gh.URL).Identity(t.Context())
	check(t, err, fault.Unreachable)
	if got, want := err.Error(), "ask GitHub for the token's owner: github_unreachable: connection refused"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNothingIsSentToAnUntrustedCertificate(t *testing.T) {
	gh := serveTLS(t, respond(http.StatusOK, octocat))
	_, err := connect(t, gh.URL).Identity(t.Context())
	check(t, err, fault.Unreachable)
	if got, want := asError(t, err).Err.Error(), "its TLS certificate is not trusted"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if n := len(gh.seen()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestACancelledCallEndsAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	gh := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := connect(t, gh.URL).Identity(ctx)
	check(t, err, fault.OutOfTime)
	if n := len(gh.seen()); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestAWaitingCallEndsWithItsContext(t *testing.T) {
	entered := make(chan struct{})
	gh := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		entered <- struct{}{}
		<-r.Context().Done()
	})
	client := connect(t, gh.URL)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	for range github.MaxConcurrent {
		go func() { done <- find(ctx, client, org.Slug) }()
		<-entered
	}
	late, cancelLate := context.WithCancel(t.Context())
	go func() { done <- find(late, client, org.Slug) }()
	cancelLate()
	check(t, <-done, fault.OutOfTime)
	cancel()
	for range github.MaxConcurrent {
		check(t, <-done, fault.OutOfTime)
	}
}

// overtime is a connection on which nothing arrives.
type overtime struct{ calls int }

func (o *overtime) RoundTrip(req *http.Request) (*http.Response, error) {
	o.calls++
	select {
	case <-req.Context().Done():
		return nil, req.Context().Err()
	case <-time.After(10 * time.Second):
		return nil, timeout{}
	}
}

type timeout struct{}

func (timeout) Error() string   { return "no answer" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

func TestATimeOutIsNotRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service, err := github.NewService("", clock)
		if err != nil {
			t.Fatal(err)
		}
		var silent overtime
		service.Over(&silent)
		began := time.Now()
		_, err = service.Connect(copilot.GitHubCom, credential.NewToken(canary)).Identity(t.Context())
		check(t, err, fault.Unreachable)
		if took := time.Since(began); silent.calls != 1 || took != 10*time.Second {
			t.Errorf("%d calls in %v", silent.calls, took)
		}
	})
}
