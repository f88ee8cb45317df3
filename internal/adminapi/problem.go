package adminapi

import (
	"encoding/json"
	"net/http"
	"runtime"
	"strconv"
	"strings"
)

// problem is an answer by RFC 9457. Its code is stable; its words are for people.
type problem struct {
	Type   string       `json:"type"`
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Code   string       `json:"code"`
	Detail string       `json:"detail"`
	Errors []fieldError `json:"errors,omitempty"`
}

// fieldError says what is wrong with one field. It never repeats what the field held: that may be a token.
type fieldError struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

func newProblem(status int, code, detail string) *problem {
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

func notFound() *problem {
	return newProblem(http.StatusNotFound, "not_found", "There is nothing at this path.")
}

func invalid(errors ...fieldError) *problem {
	sentences := make([]string, len(errors))
	for i, e := range errors {
		sentences[i] = e.Field + " " + e.Detail + "."
	}
	p := newProblem(http.StatusBadRequest, "invalid_input", strings.Join(sentences, " "))
	p.Errors = errors
	return p
}

func (p *problem) write(w http.ResponseWriter) { writeJSON(w, p.Status, "application/problem+json", p) }

func writeJSON(w http.ResponseWriter, status int, contentType string, body any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(body) // fails only when the caller has gone
}

// methodName keeps a log line from holding whatever a caller sends as a method.
func methodName(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// panicOrigin names the function and line that panicked; only of use in a deferred function.
func panicOrigin() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	for seen := false; ; {
		frame, more := frames.Next()
		if seen && !strings.HasPrefix(frame.Function, "runtime.") {
			return frame.Function + ":" + strconv.Itoa(frame.Line)
		}
		seen = seen || frame.Function == "runtime.gopanic"
		if !more {
			return "unknown"
		}
	}
}
