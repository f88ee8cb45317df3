package lambdatest

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// timeout is what an event may take: that of the slowest function in template.yaml.
const timeout = 5 * time.Minute

// runtimeAPI is what a Go function calls of Lambda's Runtime API (2018-06-01) and Extensions API (2020-01-01).
// The Go runtime never reports a failed start: it exits.
type runtimeAPI struct {
	events  chan []byte
	results chan result
}

type result struct {
	payload []byte
	failed  bool
}

func newRuntimeAPI() runtimeAPI {
	return runtimeAPI{events: make(chan []byte), results: make(chan result, 1)}
}

func (a runtimeAPI) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", a.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", a.finish(false))
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", a.finish(true))
	// A function that wants SIGTERM registers as an extension and waits for events that never come.
	mux.HandleFunc("POST /2020-01-01/extension/register", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Lambda-Extension-Identifier", "0b9d8f6c-5b0e-4f43-9d6a-1f3f0e6a7c11")
	})
	mux.HandleFunc("GET /2020-01-01/extension/event/next", func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	})
	return mux
}

func (a runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	select {
	case event := <-a.events:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(timeout).UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:under-test")
		w.Header().Set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0")
		_, _ = w.Write(event)
	case <-r.Context().Done():
	}
}

func (a runtimeAPI) finish(failed bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		payload, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		a.results <- result{payload, failed}
	}
}
