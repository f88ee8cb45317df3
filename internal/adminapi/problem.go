package adminapi

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// problem is an answer by RFC 9457. Its code is stable; its words are for people.
type problem struct {
	Type   string       `json:"type"`
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Code   string       `json:"code"`
	Detail string       `json:"detail"`
	Errors []fieldError `json:"errors,omitempty"`

	ExistingID string         `json:"existingId,omitempty"` // the connector that the account has already
	Checks     []verify.Check `json:"checks,omitempty"`     // of a token that failed verification

	retryAfter time.Duration // for the header; 0: none
	cause      error         // for the log; nil where the answer says it all
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

// failure is the answer to an error that a use case returns.
func failure(err error) *problem {
	if refused, ok := errors.AsType[*lifecycle.Refused](err); ok {
		p := newProblem(http.StatusUnprocessableEntity, "verification_failed", "The token does not pass: "+failures(refused.Result.Checks)+
			". Nothing was stored or replaced. The checks that fail say what is wrong and how to mend it.")
		p.Checks = refused.Result.Checks
		return p
	}
	if exists, ok := errors.AsType[*lifecycle.Exists](err); ok {
		p := newProblem(http.StatusConflict, "connector_exists",
			"The tenant has a connector for this account already: existingId. Nothing was stored. To replace its token, rotate the token of that connector.")
		p.ExistingID = exists.ID
		return p
	}
	if tooMany, ok := errors.AsType[*lifecycle.TooManyInvitations](err); ok {
		p := newProblem(http.StatusTooManyRequests, "too_many_invitations",
			"Within a day a tenant can invite 100 people by mail. Nothing was stored. Leave the new addresses out of notifyEmails, or try again later.")
		p.retryAfter = tooMany.RetryAfter
		return p
	}
	if unasked, ok := errors.AsType[*lifecycle.Unasked](err); ok {
		return notVerified(unasked.Err)
	}
	p := newProblem(http.StatusInternalServerError, "internal", "Something went wrong on our side, and is in our log. Try again in a few minutes.")
	p.cause = err
	return p
}

// failures names what is wrong with a token.
func failures(checks []verify.Check) string {
	var titles []string
	for _, c := range checks {
		if c.Status == verify.Fail {
			titles = append(titles, c.Title)
		}
	}
	return strings.Join(titles, "; ")
}

// notVerified is the answer where GitHub could not be asked.
func notVerified(why *fault.Error) *problem {
	reason := ""
	if words := fault.CauseOf(why); words != "" {
		reason = ": " + words
	}
	switch why.Code {
	case fault.RateLimited:
		p := newProblem(http.StatusTooManyRequests, string(why.Code),
			"GitHub's rate limit is reached, so the token could not be verified. Nothing was stored or replaced. Retry-After says in how many seconds to "+
				"try again. Everything else that uses tokens of the same person shares the limit.")
		p.retryAfter = max(why.RetryAfter, time.Second)
		return p
	case fault.OutOfTime:
		return newProblem(http.StatusGatewayTimeout, string(why.Code), "GitHub did not answer in time, so the token could not be verified. "+
			"Nothing was stored or replaced. Try again in a few minutes; https://www.githubstatus.com tells whether GitHub has trouble.")
	}
	return newProblem(http.StatusBadGateway, string(fault.Unreachable), "GitHub gives no usable answer"+reason+
		". So the token could not be verified, and nothing was stored. Try again in a few minutes; https://www.githubstatus.com tells whether GitHub has trouble.")
}

// Refuse answers with a problem, for those who serve paths of their own beside the API.
func Refuse(w http.ResponseWriter, status int, code, detail string) {
	newProblem(status, code, detail).write(w)
}

func (p *problem) write(w http.ResponseWriter) {
	if p.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retryAfter.Seconds()))))
	}
	writeJSON(w, p.Status, "application/problem+json", p)
}

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
