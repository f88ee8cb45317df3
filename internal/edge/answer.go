package edge

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
)

const (
	// LambdaLimit is how long an answer may be as it travels. AWS takes 6 MB of a Lambda's whole result; what is left here
	// is for the headers.
	LambdaLimit = 6<<20 - 64<<10

	// compressFrom is the length from which compression pays.
	compressFrom = 1 << 10
)

// Answer collects an answer until all of it is known, so that what goes wrong meanwhile can be answered instead. It is an
// http.ResponseWriter. What is sent in the end is compressed and no longer than it may be, or a Problem that says so.
type Answer struct {
	to     http.ResponseWriter
	limit  int
	gzip   bool // the caller accepts it
	status int
	code   string // of the problem; empty: there is none

	body   bytes.Buffer
	packer *gzip.Writer                        // nil: the body is not compressed, or not yet
	extra  int                                 // bytes that the body takes more as a string in JSON
	fits   func(share float64) (advice string) // nil: there is none
}

// NewAnswer begins the answer to a request. limit is LambdaLimit where it is 0.
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

// WriteHeader implements http.ResponseWriter. As with net/http the first status counts.
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

// compress goes on with a compressed body.
func (a *Answer) compress() {
	plain := bytes.Clone(a.body.Bytes())
	a.body.Reset()
	a.packer, _ = gzip.NewWriterLevel(&a.body, gzip.BestSpeed) // fails only for a level that there is not
	_, _ = a.packer.Write(plain)                               // to memory
}

// length is how long the answer is as it travels, as far as it was written.
func (a *Answer) length() int {
	if a.packer != nil {
		return base64Length(a.body.Len())
	}
	return a.body.Len() + a.extra
}

// Full reports whether an answer in parts is to end here: it leaves a third for what is being written.
func (a *Answer) Full() bool { return a.length() >= a.limit/3*2 }

// TooLong reports whether more was written than can be sent.
func (a *Answer) TooLong() bool { return a.length() > a.limit }

// WhenTooLong sets what is advised where the answer cannot be sent. It is called with the share of the answer that fits.
func (a *Answer) WhenTooLong(advice func(share float64) string) { a.fits = advice }

// Begun reports whether anything was answered.
func (a *Answer) Begun() bool { return a.status != 0 }

// Status returns the status of what was sent.
func (a *Answer) Status() int { return a.status }

// Code returns the code of the problem that was sent, empty where there is none.
func (a *Answer) Code() string { return a.code }

// Unwrap lets http.ResponseController reach the connection.
func (a *Answer) Unwrap() http.ResponseWriter { return a.to }

// forget takes back what was answered so far.
func (a *Answer) forget() {
	a.status, a.code, a.packer, a.extra = 0, "", nil, 0
	a.body.Reset()
	for _, name := range []string{"Content-Disposition", "Content-Encoding", "Content-Type", "Link", "Location"} {
		a.Header().Del(name)
	}
}

// Send sends the answer. Nothing can be written after it.
func (a *Answer) Send() {
	a.finish()
	if a.TooLong() {
		a.tooLong().Write(a)
		a.finish()
	}
	if a.packer != nil {
		a.Header().Set("Content-Encoding", "gzip")
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
		_ = a.packer.Close() // to memory
	}
}

// tooLong is the problem of an answer that cannot be sent.
func (a *Answer) tooLong() *Problem {
	advice := ""
	if a.fits != nil {
		advice = a.fits(float64(a.limit) / float64(a.length()))
	}
	return TooLong(advice)
}
