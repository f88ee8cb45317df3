package edge

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Problem is an error answer (RFC 9457). Its code is stable; its texts are for people and may change.
type Problem struct {
	Type   string       `json:"type"`
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Code   string       `json:"code"`
	Detail string       `json:"detail"`
	Errors []FieldError `json:"errors,omitempty"`

	RetryAfter time.Duration `json:"-"` // the Retry-After header; 0: no header
}

// FieldError says what is wrong with one field. It never repeats the field's value, which may be a token.
type FieldError struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// NewProblem returns a problem of the type about:blank.
func NewProblem(status int, code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// NoPath returns the problem of a path that does not exist.
func NoPath() *Problem {
	return NewProblem(http.StatusNotFound, "not_found", "There is nothing at this path.")
}

// Invalid returns the problem of a request with invalid fields.
func Invalid(errors ...FieldError) *Problem {
	sentences := make([]string, len(errors))
	for i, e := range errors {
		sentences[i] = e.Field + " " + e.Detail + "."
	}
	p := NewProblem(http.StatusBadRequest, "invalid_input", strings.Join(sentences, " "))
	p.Errors = errors
	return p
}

// TooLong returns the problem of an answer that is longer than the limit. advice is a sentence that says how to ask for less;
// it may be empty.
func TooLong(advice string) *Problem {
	const compressed = "ccept it compressed, by the header Accept-Encoding: gzip (curl --compressed)."
	if advice == "" {
		advice = "A" + compressed
	} else {
		advice += " Or a" + compressed
	}
	return NewProblem(http.StatusBadRequest, "too_long", "The answer is longer than 6 MB, the most that can be sent. "+advice)
}

// TooSlow returns the problem of an answer for which the gateway would not wait. advice is a sentence that says how to ask for less.
func TooSlow(advice string) *Problem {
	return NewProblem(http.StatusBadRequest, "too_long", "To put this answer together takes longer than can be waited for. "+advice)
}

// Write answers with the problem. It replaces everything that was written before.
func (p *Problem) Write(w http.ResponseWriter) { p.WriteAs(w, p) }

// WriteAs is Write for a body that has more fields than a Problem.
func (p *Problem) WriteAs(w http.ResponseWriter, body any) {
	answer, ok := w.(*Answer)
	if ok {
		answer.forget()
	}
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.RetryAfter.Seconds()))))
	}
	WriteJSON(w, p.Status, "application/problem+json", body)
	if ok {
		answer.code = p.Code
	}
}

// WriteJSON answers with a value as JSON.
func WriteJSON(w http.ResponseWriter, status int, contentType string, body any) {
	text, err := JSON(body)
	if err != nil {
		panic(err) // a bug: one of our own types cannot be encoded
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) //nolint:gosec // it fails only when the caller has gone; JSON is no HTML
}
