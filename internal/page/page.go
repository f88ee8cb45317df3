// Package page serves the connector's page: a shell with the custom element, which shows the answers of the Admin API.
//
// The files are embedded. Command bundle makes those under dist from src with esbuild, so neither building nor running needs Node. The
// page is a client of the Admin API only, and this package must not know any other package of ours except edge.
// Start reading at Handler; the page itself starts at src/shell.ts and src/copilot-connectors.tsx.
package page

//go:generate go run ./bundle

import (
	"embed"
	"fmt"
	"html"
	"net/http"
	"strings"
)

//go:embed index.html mark.svg dist
var files embed.FS

// Settings say how the page finds the API and who signs in.
type Settings struct {
	Tenant string  // the tenant that is shown without a sign-in, as under `make run`; empty if SignIn is set
	SignIn *SignIn // nil: there is no sign-in

	SimulatedGitHub string // the address of a simulated GitHub; empty: there is none
}

// SignIn has what the page needs to know about an issuer of tokens.
type SignIn struct {
	Issuer                string // the issuer's own spelling
	AuthorizationEndpoint string
	TokenEndpoint         string
	ClientID              string
	Scope                 string
	TenantClaim           string // the claim of the access token that names the tenant
}

// element is the script of the custom element, which other applications embed.
const element = "copilot-connectors.js"

// Handler serves the page at / and its files under /page/. The names of the files have a hash of the content, so browsers may keep them
// for ever. They request the page itself each time. The element's script also has a name without a hash, for applications that
// embed it.
func Handler(settings Settings) (http.Handler, error) {
	assets, err := readAssets()
	if err != nil {
		return nil, err
	}
	document, err := document(settings, assets)
	if err != nil {
		return nil, err
	}
	policy, err := contentSecurityPolicy(settings)
	if err != nil {
		return nil, err
	}
	served := site{"/": {content: document, contentType: "text/html; charset=utf-8", cacheControl: "no-cache"}}
	for _, a := range assets {
		served[a.path] = a
		if a.name == element {
			served["/page/"+element] = asset{
				content: fmt.Appendf(nil, "export * from %q;\n", a.path), contentType: a.contentType, cacheControl: "public, max-age=300",
			}
		}
	}
	return protected(policy, served), nil
}

// site has files by path. It replaces ServeMux, which would redirect unclean paths.
type site map[string]asset

// ServeHTTP answers with a file or with 404.
func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, ok := s[r.URL.Path]
	switch {
	case !ok:
		http.Error(w, "There is no such file.", http.StatusNotFound)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "A file is only read.", http.StatusMethodNotAllowed)
	default:
		a.ServeHTTP(w, r)
	}
}

// document fills in the hashed names and the settings.
func document(settings Settings, assets []asset) ([]byte, error) {
	text, err := files.ReadFile("index.html")
	if err != nil {
		return nil, err
	}
	replace := []string{"{{settings}}", settings.meta()}
	for _, a := range assets {
		replace = append(replace, "{{"+a.name+"}}", a.path)
	}
	return []byte(strings.NewReplacer(replace...).Replace(string(text))), nil
}

// meta writes the settings as meta elements. An inline script would need a weaker content security policy.
func (s Settings) meta() string {
	pairs := [][2]string{{"tenant", s.Tenant}}
	if s.SignIn != nil {
		pairs = [][2]string{
			{"issuer", s.SignIn.Issuer},
			{"authorization-endpoint", s.SignIn.AuthorizationEndpoint},
			{"token-endpoint", s.SignIn.TokenEndpoint},
			{"client-id", s.SignIn.ClientID},
			{"scope", s.SignIn.Scope},
			{"tenant-claim", s.SignIn.TenantClaim},
		}
	}
	var b strings.Builder
	for _, pair := range pairs {
		_, _ = fmt.Fprintf(&b, "<meta name=\"connector:%s\" content=\"%s\">\n", pair[0], html.EscapeString(pair[1]))
	}
	return b.String()
}
