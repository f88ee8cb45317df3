package lambdatest

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// runtimeAPI is the part of Lambda's Runtime API (2018-06-01) that Go functions call.
// The Go runtime never reports a failed start: it exits.
type runtimeAPI struct {
	events  chan event
	results chan Answer

	asked sync.Once
	ready chan struct{} // closed when the function asks for its first event
}

// event is an event that the function has been given.
type event struct {
	requestID string
	payload   []byte
	timeout   time.Duration
}

func newRuntimeAPI() *runtimeAPI {
	return &runtimeAPI{events: make(chan event), results: make(chan Answer, 1), ready: make(chan struct{})}
}

func (a *runtimeAPI) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", a.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", a.finish(false))
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", a.finish(true))
	return mux
}

// requestID returns the request id of the nth event.
func requestID(n int) string { return fmt.Sprintf("8476a536-e9f4-11e8-9739-%012d", n) }

func (a *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	a.asked.Do(func() { close(a.ready) })
	select {
	case event := <-a.events:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", event.requestID)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(event.timeout).UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:under-test")
		w.Header().Set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0")
		_, _ = w.Write(event.payload)
	case <-r.Context().Done():
	}
}

func (a *runtimeAPI) finish(failed bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		payload, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		a.results <- Answer{RequestID: r.PathValue("id"), Payload: payload, Failed: failed}
	}
}
