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
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// problem is a problem by RFC 9457 with the members that this API adds.
type problem struct {
	edge.Problem

	ExistingID string         `json:"existingId,omitempty"` // the connector that already holds the account
	Checks     []verify.Check `json:"checks,omitempty"`     // the checks of a credential that did not pass

	cause error // for the log; nil if the answer says everything
}

func (p *problem) write(w http.ResponseWriter) { p.WriteAs(w, p) }

func newProblem(status int, code, detail string) *problem {
	return ours(edge.NewProblem(status, code, detail))
}

// ours turns a problem of package edge into one of this API. nil stays nil.
func ours(p *edge.Problem) *problem {
	if p == nil {
		return nil
	}
	return &problem{Problem: *p}
}

func invalid(errors ...edge.FieldError) *problem { return ours(edge.Invalid(errors...)) }

// failure returns the problem for an error of a use case.
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
	if unasked, ok := errors.AsType[*lifecycle.Unasked](err); ok && (unasked.Err.Code == fault.OutOfTime || !unasked.Err.Code.Ours()) {
		return notVerified(unasked.Err)
	}
	if errors.Is(err, privacy.ErrHidden) {
		return newProblem(http.StatusForbidden, "people_hidden",
			"This connector shows no lists of people: its setting people is hidden. Numbers of the whole account are shown. To show people, set people to named or pseudonymous with PATCH.")
	}
	said := "Something went wrong on our side. It is in our log. Try again in a few minutes."
	if fault.Is(err, fault.Conflict) {
		said = "Another request or a poll changes the same connector at this moment, so nothing was replaced. Try again in a minute."
	}
	p := newProblem(http.StatusInternalServerError, "internal", said)
	p.cause = err
	return p
}

// failures names the failed checks of a credential.
func failures(checks []verify.Check) string {
	var titles []string
	for _, c := range checks {
		if c.Status == verify.Fail {
			titles = append(titles, c.Title)
		}
	}
	return strings.Join(titles, "; ")
}

// notVerified returns the problem for when GitHub could not be asked.
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
			". So the token could not be verified, and nothing was stored. The token is not to blame. Ask those who run the network here to look for a proxy or filter.")
		p.RetryAfter = why.RetryAfter
		return p
	default:
		return newProblem(http.StatusBadGateway, string(fault.Unreachable), "GitHub gives no usable answer"+reason+
			". So the token could not be verified, and nothing was stored. Try again in a few minutes; https://www.githubstatus.com tells whether GitHub has trouble.")
	}
}

// methodName returns a method for the log. It keeps arbitrary text of a caller out of the log.
func methodName(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// panicOrigin returns the function and line that panicked. It works only in a deferred function.
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
