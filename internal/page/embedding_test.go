package page_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/page"
)

// session is another application that embeds the element, together with an API of another origin. The API accepts only the
// session's current token.
type session struct {
	mu    sync.Mutex
	token int // the number of the current token
	given int // how many tokens were given out
}

func (s *session) present() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("token-%d", s.token)
}

// end makes the current token invalid.
func (s *session) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token++
}

// TestAnotherApplicationEmbedsTheElement runs docs/embedding.html.
func TestAnotherApplicationEmbedsTheElement(t *testing.T) {
	t.Parallel()
	run := shared(t)
	id := idOf(connected(t, run.accounts(t)[0]))
	s := &session{token: 1}
	application := httptest.NewUnstartedServer(nil)
	api := httptest.NewServer(s.gateway(t, run, "http://"+application.Listener.Addr().String()))
	t.Cleanup(api.Close)
	example, err := os.ReadFile("../../docs/embedding.html")
	if err != nil {
		t.Fatal(err)
	}
	document := strings.NewReplacer("https://HOST", api.URL, `tenant="acme"`, `tenant="demo"`).Replace(string(example))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, document)
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /session/token", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		s.given++
		s.mu.Unlock()
		_, _ = io.WriteString(w, s.present())
	})
	application.Config.Handler = mux
	application.Start()
	t.Cleanup(application.Close)

	b := browse(t, application.URL, desktop)
	b.sees("octo-demo")
	b.until(`document.title === "Connectors"`)
	s.end()
	b.open("#/c/" + id + "/seats")
	b.sees("octo-dev-001")
	b.until(`document.title === "octo-demo, seats"`)
	if s.given < 2 || s.given > 6 { // each of several parallel calls may be refused and fetch a token
		t.Errorf("%d tokens were fetched", s.given)
	}
}

// gateway stands for API Gateway with AllowedOrigins: anybody gets the page's files; the API needs the current token.
func (s *session) gateway(t *testing.T, run program, origin string) http.Handler {
	t.Helper()
	behind, err := url.Parse(run.address)
	if err != nil {
		t.Fatal(err)
	}
	files, err := page.Handler(page.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	api := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(behind)
		r.Out.Header = http.Header{}
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") == origin {
			w.Header().Set("Access-Control-Allow-Origin", origin)
		}
		switch {
		case r.Method == http.MethodOptions:
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
			w.Header().Set("Access-Control-Allow-Headers", "authorization, content-type")
		case !strings.HasPrefix(r.URL.Path, "/v1/"):
			files.ServeHTTP(w, r)
		case r.Header.Get("Authorization") != "Bearer "+s.present():
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"message":"Unauthorized"}`)
		default:
			api.ServeHTTP(w, r)
		}
	})
}
