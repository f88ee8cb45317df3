package page_test

import (
	"net/http"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/page"
)

func TestAClientThatRefusesGzipGetsNone(t *testing.T) {
	t.Parallel()
	server := serve(t, page.Settings{Tenant: "demo"})
	script := named.FindStringSubmatch(get(t, server.URL+"/").text)[1]
	for encoding, want := range map[string]string{"gzip": "gzip", "gzip;q=0": "", "identity": "", "br": "", "*": "gzip"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+script, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept-Encoding", encoding)
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if got := response.Header.Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding: %s gets %q, want %q", encoding, got, want)
		}
	}
}
