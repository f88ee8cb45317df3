package github

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// redirect is an answer that names another address. It is not followed, because the token must not go to another address.
type redirect struct {
	status   int
	from, to *url.URL
}

// refuseRedirect keeps API calls where they were sent.
func refuseRedirect(to *http.Request, via []*http.Request) error {
	return &redirect{status: to.Response.StatusCode, from: via[0].URL, to: to.URL}
}

// accountPage matches the paths under which GitHub has accounts, with the account's name or number.
var accountPage = regexp.MustCompile(`/(orgs|organizations|enterprises)/([A-Za-z0-9][A-Za-z0-9-]{0,99})(?:/|$)`)

// account returns the account's present place at GitHub: the kind of path, and the name, or the id for a path below
// organizations. Both are empty if the redirect is temporary or is about something else.
func (r *redirect) account() (kind, name string) {
	before, after := accountPage.FindStringSubmatch(r.from.Path), accountPage.FindStringSubmatch(r.to.Path)
	if before == nil || after == nil || r.to.Host != r.from.Host ||
		strings.EqualFold(before[0], after[0]) || !slices.Contains(moved, r.status) {
		return "", ""
	}
	return after[1], after[2]
}

func (r *redirect) code() fault.Code {
	switch kind, _ := r.account(); {
	case kind != "":
		return fault.Renamed
	case r.to.Host != r.from.Host:
		return fault.NotGitHub // for example a network's sign-in page
	}
	return fault.Unexpected
}

// Error tells of the address only what can be an account's name, because the rest may hold a secret.
func (r *redirect) Error() string {
	switch kind, name := r.account(); {
	case kind != "":
		return "it is now at /" + kind + "/" + name
	case r.to.Host != r.from.Host:
		return "the answer redirects to another host"
	}
	return "it answered with a redirect, which is not followed with a token"
}
