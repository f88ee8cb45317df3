package main

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// guarded protects the local program, which has no authentication, from web pages of other sites. It refuses a request
// that the browser marks as cross-site, and a request whose Host is not ours: an attacker's domain name may resolve to
// this machine (DNS rebinding). listen is the host in LISTEN.
func guarded(next http.Handler, listen string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !isOurs(r, listen):
			edge.NewProblem(http.StatusForbidden, "forbidden_host", "The local API answers by its own address only: localhost, 127.0.0.1, [::1] or the one in LISTEN.").Write(w)
		case crossSite(r):
			edge.NewProblem(http.StatusForbidden, "cross_site", "The local API answers no web page of another site.").Write(w)
		case !edge.CleanPath(r): // otherwise ServeMux answers with a redirect in HTML
			edge.NewProblem(http.StatusNotFound, "not_found", "There is no such path: it holds empty segments, or dots for folders.").Write(w)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isOurs reports whether the Host of a request names this program. It ignores the port, which may have been forwarded.
func isOurs(r *http.Request, listen string) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(r.Host, "["), "]")
	}
	switch host {
	case "127.0.0.1", "::1":
		return true
	case "":
		return false
	}
	if strings.EqualFold(host, "localhost") || strings.EqualFold(host, listen) {
		return true
	}
	// If LISTEN means all addresses, ours is the one that was called.
	called, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	address, err := netip.ParseAddr(host)
	return err == nil && called != nil && address == called.AddrPort().Addr().Unmap()
}

// crossSite reports whether a page of another site has sent the request, with any method. A link to the start page is allowed,
// because the page with the link cannot read the answer.
func crossSite(r *http.Request) bool {
	if r.Method == http.MethodGet && r.URL.Path == "/" && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document" {
		return false
	}
	changing := r.Clone(r.Context())
	changing.Method = http.MethodPost // CrossOriginProtection accepts every request with a method such as GET
	return http.NewCrossOriginProtection().Check(changing) != nil
}
