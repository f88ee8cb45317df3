package page_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/page"
)

func serve(t *testing.T, settings page.Settings) *httptest.Server {
	t.Helper()
	handler, err := page.Handler(settings)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// answer is what a browser gets.
type answer struct {
	status int
	header http.Header
	text   string // after decompression
	sent   int    // bytes of the body as sent
}

// get requests an address as a browser does.
func get(t testing.TB, address string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	sent, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{response.StatusCode, response.Header, string(sent), len(sent)}
	if response.Header.Get("Content-Encoding") != "gzip" {
		return a
	}
	reader, err := gzip.NewReader(strings.NewReader(string(sent)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	a.text = string(text)
	return a
}

var named = regexp.MustCompile(`(?:src|href)="([^"]+)"`)

// The whole page may take 70 KB on the network.
const budget = 70_000

func TestThePageAndItsFilesFitTheBudgetAndAreCached(t *testing.T) {
	t.Parallel()
	server := serve(t, page.Settings{Tenant: "demo"})
	document := get(t, server.URL+"/")
	if document.status != http.StatusOK || document.header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("the page: %d, Cache-Control %q", document.status, document.header.Get("Cache-Control"))
	}
	total := document.sent
	names := named.FindAllStringSubmatch(document.text, -1)
	if len(names) != 4 {
		t.Fatalf("the page names %d files: %v", len(names), names)
	}
	for _, name := range names {
		file := get(t, server.URL+name[1])
		if file.status != http.StatusOK {
			t.Errorf("%s got %d, want 200", name[1], file.status)
		}
		if got := file.header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", name[1], got)
		}
		if !regexp.MustCompile(`\.[0-9a-f]{16}\.(js|css|svg)$`).MatchString(name[1]) {
			t.Errorf("%s has no hash of its content in its name", name[1])
		}
		total += file.sent
	}
	if total > budget {
		t.Errorf("the page travels as %d bytes, more than %d", total, budget)
	}
}

func TestTheElementsAddressIsStable(t *testing.T) {
	t.Parallel()
	server := serve(t, page.Settings{Tenant: "demo"})
	script := get(t, server.URL+"/page/copilot-connectors.js")
	if script.status != http.StatusOK || script.header.Get("Cache-Control") != "public, max-age=300" || script.header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("got %d %v", script.status, script.header)
	}
	hashed := regexp.MustCompile(`"(/page/copilot-connectors\.[0-9a-f]{16}\.js)"`).FindStringSubmatch(script.text)
	if hashed == nil || !strings.Contains(get(t, server.URL+"/").text, `src="`+hashed[1]+`"`) {
		t.Errorf("the script loads %v: %s", hashed, script.text)
	}
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	server := serve(t, page.Settings{Tenant: "demo"})
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action https://github.com https://*.ghe.com; " +
		"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
	for _, path := range []string{"/", "/page/nothing.js"} {
		header := get(t, server.URL+path).header
		for name, want := range map[string]string{
			"Content-Security-Policy":   policy,
			"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
			"Referrer-Policy":           "no-referrer",
			"X-Content-Type-Options":    "nosniff",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

func TestWithASignInThePolicyAllowsTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	server := serve(t, page.Settings{SignIn: &page.SignIn{
		Issuer: "https://login.example.com/\"><script>", TokenEndpoint: "https://tokens.example.com/oauth2/token", ClientID: "page",
	}})
	document := get(t, server.URL+"/")
	if policy := document.header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' https://tokens.example.com;") {
		t.Errorf("the policy is %q", policy)
	}
	if strings.Contains(document.text, "<script>") || !strings.Contains(document.text, `content="page"`) {
		t.Errorf("the settings are not written as text:\n%s", document.text)
	}
}

func TestAnInvalidTokenEndpointIsRefused(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"", "tokens.example.com", "https://a;script-src *"} {
		if _, err := page.Handler(page.Settings{SignIn: &page.SignIn{TokenEndpoint: endpoint}}); err == nil {
			t.Errorf("%q was accepted", endpoint)
		}
	}
}
