package main

import (
	"fmt"
	"io"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/platform"
)

// greet prints what the program is, its address, commands to paste into a shell, and where to read more.
func greet(w io.Writer, base, gitHubAPIURL string, now time.Time) {
	inside, read, body := "a simulated GitHub inside", "", "-d '"+form(githubsim.Scenarios(now)[0])+"'"
	if gitHubAPIURL != "" {
		inside = "the GitHub at " + gitHubAPIURL
		read = "\n# Paste a token of yours, and put the account's name for NAME: neither the screen nor the history shows the token\nread -rs TOKEN\n"
		body = `-d @- <<<"{\"token\":\"$TOKEN\",\"scope\":\"organization\",\"slug\":\"NAME\"}"`
	}
	_, _ = fmt.Fprintf(w, `CloudMonitor's GitHub Copilot connector %[1]s, with %[2]s. Ctrl-C ends it.

In a browser: %[3]s/
In a shell:
%[4]s
# Verify a token: what it can read, and the last 14 days. Nothing is stored
curl -s %[3]s/v1/tenants/%[5]s/verify %[6]s

# Save it: the days of up to a year are then read in the background, the newest first
curl -s %[3]s/v1/tenants/%[5]s/connectors %[6]s

# The connectors, and how they fare
curl -s %[3]s/v1/tenants/%[5]s/connectors

Every call is in docs/API.md; README.md has lines to paste.
To travel in time: NOW=%[7]s make run starts the clock then, over what was saved.
`, platform.Version(), inside, base, read, shownTenant, body, now.AddDate(0, 0, 60).UTC().Format(time.RFC3339))
	if gitHubAPIURL == "" {
		_, _ = fmt.Fprintf(w, "An account for each thing that can be wrong: curl -s %[1]s/local/simulated-accounts\n"+
			"Likewise with a GitHub App: curl -s %[1]s/local/simulated-apps\n"+
			"The real GitHub: GITHUB_API_URL=https://api.github.com make run\n", base)
	}
}

func form(s githubsim.Scenario) string {
	return fmt.Sprintf(`{"token":%q,"scope":%q,"slug":%q}`, s.Token, s.Scope, s.Slug)
}
