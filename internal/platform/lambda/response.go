package lambda

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// responseWriter collects an answer, because a Lambda returns it as one value.
type responseWriter struct {
	header http.Header
	status int
	sent   http.Header // a copy of the header from the moment when the status was written, as on a real connection
	body   bytes.Buffer
}

func newResponseWriter() *responseWriter { return &responseWriter{header: http.Header{}} }

func (w *responseWriter) Header() http.Header { return w.header }

func (w *responseWriter) WriteHeader(status int) {
	if w.status != 0 || status < http.StatusOK { // a Lambda cannot send informational answers
		return
	}
	w.status, w.sent = status, w.header.Clone()
}

func (w *responseWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// response returns the answer in the gateway's form: cookies in a list of their own, other repeated headers joined.
func (w *responseWriter) response() events.APIGatewayV2HTTPResponse {
	w.WriteHeader(http.StatusOK)
	answer := events.APIGatewayV2HTTPResponse{
		StatusCode: w.status,
		Headers:    make(map[string]string, len(w.sent)),
		Cookies:    w.sent.Values("Set-Cookie"),
	}
	for name, values := range w.sent {
		if name != "Set-Cookie" {
			answer.Headers[name] = strings.Join(values, ", ")
		}
	}
	if w.body.Len() > 0 && w.sent.Get("Content-Type") == "" {
		answer.Headers["Content-Type"] = http.DetectContentType(w.body.Bytes())
	}
	answer.Body = w.body.String()
	if !utf8.ValidString(answer.Body) { // JSON would replace invalid UTF-8
		answer.Body, answer.IsBase64Encoded = base64.StdEncoding.EncodeToString(w.body.Bytes()), true
	}
	return answer
}
