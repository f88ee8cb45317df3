package main

import (
	"fmt"
	"io"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// greet says where the API is and what can be tried.
func greet(w io.Writer, base, gitHubAPIURL string, now time.Time) {
	url := base + "/v1/tenants/demo/verify"
	if gitHubAPIURL != "" {
		_, _ = fmt.Fprintf(w, "The Admin API is at %s and asks the GitHub at %s. Try it with a token of yours:\n\n"+
			"  curl -s %s -d '{\"token\":\"ghp_…\",\"scope\":\"organization\",\"slug\":\"NAME\"}'\n\n", base, gitHubAPIURL, url)
		return
	}
	_, _ = fmt.Fprintf(w, "The Admin API is at %s and asks a simulated GitHub. Paste any of these; Ctrl-C ends it.\n", base)
	for _, s := range githubsim.Scenarios(now) {
		_, _ = fmt.Fprintf(w, "\n# %s: %s\ncurl -s %s -d '{\"token\":%q,\"scope\":%q,\"slug\":%q}'\n", s.Name, s.Shows, url, s.Token, s.Scope, s.Slug)
	}
	_, _ = fmt.Fprintf(w, "\nThe real GitHub: GITHUB_API_URL=https://api.github.com make run\n")
}
