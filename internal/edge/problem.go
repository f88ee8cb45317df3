package edge

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Problem is an answer by RFC 9457. Its code is stable; its words are for people.
type Problem struct {
	Type   string       `json:"type"`
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Code   string       `json:"code"`
	Detail string       `json:"detail"`
	Errors []FieldError `json:"errors,omitempty"`

	RetryAfter time.Duration `json:"-"` // for the header; 0: none
}

// FieldError says what is wrong with one field. It never repeats what the field held: that may be a token.
type FieldError struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// NewProblem returns a problem without a type of its own.
func NewProblem(status int, code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// NoPath is the problem of a path that there is not.
func NoPath() *Problem {
	return NewProblem(http.StatusNotFound, "not_found", "There is nothing at this path.")
}

// Invalid is the problem of fields that cannot be taken.
func Invalid(errors ...FieldError) *Problem {
	sentences := make([]string, len(errors))
	for i, e := range errors {
		sentences[i] = e.Field + " " + e.Detail + "."
	}
	p := NewProblem(http.StatusBadRequest, "invalid_input", strings.Join(sentences, " "))
	p.Errors = errors
	return p
}

// TooLong is the problem of an answer that is longer than can be sent. advice, a sentence, may say what shorter one can.
func TooLong(advice string) *Problem {
	if advice == "" {
		advice = "Accept it compressed, by the header Accept-Encoding: gzip (curl --compressed)."
	}
	return NewProblem(http.StatusBadRequest, "too_long", "The answer is longer than 6 MB, the most that can be sent. "+advice)
}

// Write answers with the problem, in the place of whatever was answered before.
func (p *Problem) Write(w http.ResponseWriter) { p.WriteAs(w, p) }

// WriteAs is Write for a problem that has more to show.
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
		panic(err) // a value of ours that cannot be shown
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) //nolint:gosec // it fails only when the caller has gone; JSON is no HTML
}
