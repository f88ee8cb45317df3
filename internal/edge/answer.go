package edge

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"sync"
)

const (
	// LambdaLimit is the largest answer in bytes, after compression and encoding. AWS limits a Lambda's whole result to 6 MB;
	// the rest is for the headers.
	LambdaLimit = 6<<20 - 64<<10

	// compressFrom is the length in bytes from which answers are compressed.
	compressFrom = 1 << 10
)

// Answer is an http.ResponseWriter that collects an answer until it is complete, so that a handler that fails half-way can
// still answer with a Problem. Send compresses the answer. If it is longer than the limit, Send answers with a Problem.
type Answer struct {
	to     http.ResponseWriter
	limit  int
	gzip   bool // the caller accepts it
	status int
	code   string // the code of the problem; empty: the answer is no problem

	body   bytes.Buffer
	packer *gzip.Writer                        // nil: the body is not compressed, or not yet
	extra  int                                 // bytes that escaping adds when the body becomes a string in JSON
	fits   func(share float64) (advice string) // see WhenTooLong; may be nil
}

// NewAnswer begins the answer to a request. limit is in bytes; 0 means LambdaLimit.
func NewAnswer(to http.ResponseWriter, r *http.Request, limit int) *Answer {
	if limit == 0 {
		limit = LambdaLimit
	}
	to.Header().Set("Cache-Control", "no-store")
	to.Header().Set("X-Content-Type-Options", "nosniff")
	to.Header().Set("Vary", "Accept-Encoding")
	return &Answer{to: to, limit: limit, gzip: AcceptsGzip(r.Header.Values("Accept-Encoding"))}
}

// Header implements http.ResponseWriter.
func (a *Answer) Header() http.Header { return a.to.Header() }

// WriteHeader implements http.ResponseWriter. As in net/http only the first call has an effect.
func (a *Answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write implements http.ResponseWriter. It never fails.
func (a *Answer) Write(text []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.packer != nil {
		return a.packer.Write(text)
	}
	a.extra += escapes(text)
	a.body.Write(text)
	if a.gzip && a.body.Len() >= compressFrom {
		a.compress()
	}
	return len(text), nil
}

// packers are reused, because each has almost a megabyte.
var packers = sync.Pool{New: func() any {
	packer, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // fails only for an invalid level
	return packer
}}

// compress compresses what was written so far, and from then on everything that is written.
func (a *Answer) compress() {
	plain := bytes.Clone(a.body.Bytes())
	a.body.Reset()
	a.packer = packers.Get().(*gzip.Writer)
	a.packer.Reset(&a.body)
	_, _ = a.packer.Write(plain) // cannot fail: it writes to memory
}

// release gives the packer back, if there is one.
func (a *Answer) release() {
	if a.packer != nil {
		packers.Put(a.packer)
		a.packer = nil
	}
}

// length returns how many bytes the answer written so far takes when it is sent.
func (a *Answer) length() int {
	if a.packer != nil {
		return base64Length(a.body.Len())
	}
	return a.body.Len() + a.extra
}

// Left returns the share of the limit that is left, or less than 0 if the answer is too long.
func (a *Answer) Left() float64 { return 1 - float64(a.length())/float64(a.limit) }

// TooLong reports whether the answer is longer than the limit.
func (a *Answer) TooLong() bool { return a.length() > a.limit }

// WhenTooLong sets the function that returns the advice for an answer that is too long, or takes too long. Its argument is the share of
// the answer that fits, between 0 and 1.
func (a *Answer) WhenTooLong(advice func(share float64) string) { a.fits = advice }

// AskForLess returns the advice how to ask for a share of the answer, or "" if there is none.
func (a *Answer) AskForLess(share float64) string {
	if a.fits == nil {
		return ""
	}
	return a.fits(share)
}

// Status returns the HTTP status that was sent.
func (a *Answer) Status() int { return a.status }

// Code returns the code of the problem that was sent, or "" if the answer was no problem.
func (a *Answer) Code() string { return a.code }

// Unwrap returns the underlying writer, for http.ResponseController.
func (a *Answer) Unwrap() http.ResponseWriter { return a.to }

// forget discards everything that was written so far.
func (a *Answer) forget() {
	a.status, a.code, a.extra = 0, "", 0
	a.release()
	a.body.Reset()
	for _, name := range []string{"Content-Disposition", "Content-Encoding", "Content-Type", "Link", "Location"} {
		a.Header().Del(name)
	}
}

// Send sends the answer. Nobody may write to it afterwards.
func (a *Answer) Send() {
	a.finish()
	if a.TooLong() {
		a.tooLong().Write(a)
		a.finish()
	}
	if a.packer != nil {
		a.Header().Set("Content-Encoding", "gzip")
		a.release()
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.status != http.StatusNoContent {
		a.Header().Set("Content-Length", strconv.Itoa(a.body.Len()))
	}
	a.to.WriteHeader(a.status)
	_, _ = a.to.Write(a.body.Bytes()) //nolint:gosec // it fails only when the caller has gone; no answer is HTML, and none is sniffed
}

func (a *Answer) finish() {
	if a.packer != nil {
		_ = a.packer.Close() // cannot fail: it writes to memory
	}
}

// tooLong answers with the problem of an answer that is longer than the limit.
func (a *Answer) tooLong() *Problem {
	return TooLong(a.AskForLess(float64(a.limit) / float64(a.length())))
}
