package page_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"cloudmonitor.ai/copilot-connector/internal/page"
)

// What the issuer knows about the person who signs in. The claim sub names the tenant, because every issuer gives it.
const (
	person, password = "test-user2", "verysecure"
	theirTenant      = "id2"
	clientID         = "page"
)

// issuing is an OpenID provider whose access tokens are JWTs.
type issuing struct{ *storage.Storage }

func (s issuing) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	client, err := s.Storage.GetClientByClientID(ctx, id)
	return withJWTs{client}, err
}

type withJWTs struct{ op.Client }

func (withJWTs) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }

// issuer starts an OpenID provider that sends people back to the page.
func issuer(t *testing.T, back string) string {
	t.Helper()
	var provider http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { provider.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	client := storage.NativeClient(clientID, back)
	clients := map[string]*storage.Client{clientID: client}
	provider = exampleop.SetupServer(server.URL, issuing{storage.NewStorageWithClients(storage.NewUserStore(server.URL), clients)}, nil, false)
	return server.URL
}

// gateway stands for the API with a JWT authorizer, as in the template: the page at /, and the API behind the authorizer.
func gateway(t *testing.T, run program) string {
	t.Helper()
	behind, err := url.Parse(run.address)
	if err != nil {
		t.Fatal(err)
	}
	var shown http.Handler
	var by string
	api := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(behind) // the local program answers only to its own name
		r.Out.Header = http.Header{"Content-Type": r.In.Header["Content-Type"]}
	}}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { shown.ServeHTTP(w, r) })
	mux.HandleFunc("/v1/tenants/{tenant}/", func(w http.ResponseWriter, r *http.Request) {
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		verifier := op.NewAccessTokenVerifier(by, rp.NewRemoteKeySet(http.DefaultClient, by+"/keys"))
		claims, err := op.VerifyAccessToken[*oidc.AccessTokenClaims](r.Context(), token, verifier)
		switch {
		case err != nil:
			http.Error(w, `{"message":"Unauthorized"}`, http.StatusUnauthorized)
		case claims.Subject != r.PathValue("tenant"):
			http.NotFound(w, r)
		default:
			api.ServeHTTP(w, r)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	by = issuer(t, server.URL+"/")
	shown = page.SignedIn(page.Issuer{URL: by, ClientID: clientID, Scope: "openid profile", TenantClaim: "sub"}, http.DefaultClient, slog.New(slog.DiscardHandler))
	return server.URL
}

func TestAPersonSignsInAndSeesTheirTenant(t *testing.T) {
	t.Parallel()
	run := shared(t)
	b := browse(t, gateway(t, run)+"/#/add", desktop)
	b.press("Sign in")
	b.until(`document.querySelector("#username")`)
	b.fill("#username", person)
	b.fill("#password", password)
	b.do("send the form", enter)
	b.until(`page.one("#slug")`) // the place within the page survives the way to the issuer and back

	healthy := run.accounts(t)[0]
	b.fill("#slug", healthy.Slug)
	b.click("[name=credential]:not(:checked)")
	b.fill("#token", healthy.Token)
	b.press("Verify")
	b.until(`page.one(".verdict")`)
	b.press("Save connector")
	b.sees("Spend in November 2026")
	var list struct{ Connectors []struct{ Slug string } }
	run.get(t, "/v1/tenants/"+theirTenant+"/connectors", &list)
	if len(list.Connectors) != 1 {
		t.Errorf("the tenant has %+v", list)
	}
	left := read[string](b, `location.search + JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage}) + document.cookie`)
	if left != "{}{}" {
		t.Errorf("the sign-in leaves behind: %s", left)
	}
	b.hasNoTrace(healthy.Token)
}

func TestASignInThatThisWindowDidNotBeginIsRefused(t *testing.T) {
	t.Parallel()
	run := shared(t)
	b := browse(t, gateway(t, run)+"/?code=stolen&state=forged", desktop)
	b.sees("This sign-in was not begun in this window")
	if address := read[string](b, "location.href"); strings.Contains(address, "stolen") {
		t.Errorf("the code stays in the address: %s", address)
	}
}

func TestThePageReportsAFaultyIssuer(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]string{
		"another issuer": `{"issuer":"https://other.example.com","authorization_endpoint":"https://a.example.com","token_endpoint":"https://a.example.com"}`,
		"no TLS":         `{"issuer":"ISSUER","authorization_endpoint":"http://a.example.com","token_endpoint":"https://a.example.com"}`,
		"no endpoint":    `{"issuer":"ISSUER"}`,
		"no JSON":        `<html>`,
	} {
		server := httptest.NewUnstartedServer(nil)
		server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.ReplaceAll(document, "ISSUER", server.URL))
		})
		server.Start()
		t.Cleanup(server.Close)
		answer := httptest.NewRecorder()
		shown := page.SignedIn(page.Issuer{URL: server.URL, ClientID: clientID}, http.DefaultClient, slog.New(slog.DiscardHandler))
		shown.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
		if answer.Code != http.StatusServiceUnavailable || strings.Contains(answer.Body.String(), "<html") {
			t.Errorf("%s: got %d %s", name, answer.Code, answer.Body)
		}
	}
}
