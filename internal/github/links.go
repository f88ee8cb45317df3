package github

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// linkPolicy decides from which hosts a report may be fetched. Links come from outside. A server that fetches any URL can be
// used to reach hosts that the sender of the URL cannot reach (server-side request forgery).
type linkPolicy struct {
	host     string // the account's host
	loopback bool   // the API itself is on loopback, so its links may be too
}

// check accepts the report hosts that GitHub names (changelog of 2026-05-20), over https on its own port.
func (p linkPolicy) check(u *url.URL) error {
	if p.loopback && u.User == nil && (u.Scheme == "http" || u.Scheme == "https") && isLoopback(u) {
		return nil
	}
	if u.Scheme != "https" || u.User != nil || u.Port() != "" && u.Port() != "443" {
		return linkError("a link is not plain https")
	}
	host := strings.ToLower(u.Hostname())
	if host == "copilot-reports."+p.host || azureHost.MatchString(host) {
		return nil
	}
	return errUnknownHost
}

var azureHost = regexp.MustCompile(`^(copilot-reports-[a-z0-9-]+\.b01\.azurefd\.net|[a-z0-9-]+\.blob\.core\.windows\.net)$`)

// linkError says why a link, or the target of its redirect, is not followed.
type linkError string

const errUnknownHost linkError = "a link leads to a host that is not known as one of GitHub's report hosts"

func (l linkError) Error() string { return string(l) }

// newDownloadClient returns an HTTP client without the token. It checks every redirect as the link itself was checked.
func newDownloadClient(transport http.RoundTripper, links linkPolicy) *http.Client {
	return &http.Client{
		Transport: transport,
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return linkError("a link redirects too often")
			}
			req.Header.Del("Referer") // it would tell the next host the signed link
			return links.check(req.URL)
		},
	}
}

const maxRedirects = 3
