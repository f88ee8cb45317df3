package lambda_test

import (
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
)

func TestAnswers(t *testing.T) {
	for name, tc := range map[string]struct {
		handler http.HandlerFunc
		want    events.APIGatewayV2HTTPResponse
	}{
		"nothing written is an empty 200": {
			handler: func(http.ResponseWriter, *http.Request) {},
			want:    events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{}},
		},
		"repeated headers are joined, cookies are not": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Vary"] = []string{"Accept", "Origin"}
				w.Header()["Set-Cookie"] = []string{"a=1", "b=2"}
				w.WriteHeader(http.StatusNoContent)
			},
			want: events.APIGatewayV2HTTPResponse{
				StatusCode: 204, Headers: map[string]string{"Vary": "Accept, Origin"}, Cookies: []string{"a=1", "b=2"},
			},
		},
		"the first status counts, and the header as it was then": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusEarlyHints)
				w.WriteHeader(http.StatusTeapot)
				w.Header().Set("Too", "late")
				w.WriteHeader(http.StatusOK)
			},
			want: events.APIGatewayV2HTTPResponse{StatusCode: 418, Headers: map[string]string{}},
		},
		"text stays text": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`{"name":`))
				_, _ = w.Write([]byte(`"Jürgen"}`))
			},
			want: events.APIGatewayV2HTTPResponse{
				StatusCode: 200, Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"name":"Jürgen"}`,
			},
		},
		"bytes are sent as base64, with a detected type": {
			handler: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("\x1f\x8b\x08\x00")) },
			want: events.APIGatewayV2HTTPResponse{
				StatusCode: 200, Headers: map[string]string{"Content-Type": "application/x-gzip"},
				Body: "H4sIAA==", IsBase64Encoded: true,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := serve(t, tc.handler, events.APIGatewayV2HTTPRequest{RawPath: "/"})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("answer differs (-want +got):\n%s", diff)
			}
		})
	}
}
