package adminapi

import (
	"errors"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// problem is an answer by RFC 9457 with what this API adds.
type problem struct {
	edge.Problem

	ExistingID string         `json:"existingId,omitempty"` // the connector that the account has already
	Checks     []verify.Check `json:"checks,omitempty"`     // of a token that failed verification

	cause error // for the log; nil where the answer says it all
}

func (p *problem) write(w http.ResponseWriter) { p.WriteAs(w, p) }

func newProblem(status int, code, detail string) *problem {
	return ours(edge.NewProblem(status, code, detail))
}

// ours is a problem of the edge as one of this API; nil stays nil.
func ours(p *edge.Problem) *problem {
	if p == nil {
		return nil
	}
	return &problem{Problem: *p}
}

func invalid(errors ...edge.FieldError) *problem { return ours(edge.Invalid(errors...)) }

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
			"The tenant has a connector for this account already, whose id is "+exists.ID+". Nothing was stored. To replace its token, rotate the token of that connector.")
		p.ExistingID = exists.ID
		return p
	}
	if tooMany, ok := errors.AsType[*lifecycle.TooManyInvitations](err); ok {
		p := newProblem(http.StatusTooManyRequests, "too_many_invitations",
			"Within a day a tenant can invite 100 people by mail. Nothing was stored. Leave the new addresses out of notifyEmails, or try again later.")
		p.RetryAfter = tooMany.RetryAfter
		return p
	}
	if unasked, ok := errors.AsType[*lifecycle.Unasked](err); ok {
		return notVerified(unasked.Err)
	}
	if fault.Is(err, fault.PeopleHidden) {
		return newProblem(http.StatusForbidden, string(fault.PeopleHidden),
			"This connector shows no lists of people: its setting people is hidden. Numbers of the whole account are shown. PATCH changes the setting.")
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
		p.RetryAfter = max(why.RetryAfter, time.Second)
		return p
	case fault.OutOfTime:
		return newProblem(http.StatusGatewayTimeout, string(why.Code), "GitHub did not answer in time, so the token could not be verified. "+
			"Nothing was stored or replaced. Try again in a few minutes; https://www.githubstatus.com tells whether GitHub has trouble.")
	case fault.NotGitHub:
		p := newProblem(http.StatusBadGateway, string(fault.Unreachable), "Something between here and GitHub answers in its place"+reason+
			". So the token could not be verified, and nothing was stored. The token is not to blame: whoever runs the network here looks for a proxy or filter.")
		p.RetryAfter = why.RetryAfter
		return p
	default:
		return newProblem(http.StatusBadGateway, string(fault.Unreachable), "GitHub gives no usable answer"+reason+
			". So the token could not be verified, and nothing was stored. Try again in a few minutes; https://www.githubstatus.com tells whether GitHub has trouble.")
	}
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
