package main

import (
	"fmt"
	"io"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// greet says where the API is and what can be tried, in lines to be pasted into a shell.
func greet(w io.Writer, base, gitHubAPIURL string, now time.Time) {
	tenant := base + "/v1/tenants/demo"
	if gitHubAPIURL != "" {
		const form = `{"token":"ghp_…","scope":"organization","slug":"NAME"}`
		_, _ = fmt.Fprintf(w, "Open %s/ in a browser. The Admin API is there too and asks the GitHub at %s. Try it with a token of yours; Ctrl-C ends it.\n", base, gitHubAPIURL)
		_, _ = fmt.Fprintf(w, "\n# Verify: what the token can read, and the last 14 days. Nothing is stored\ncurl -s %s/verify -d '%s'\n", tenant, form)
		greetSaving(w, base, tenant, form, "ghp_…")
		return
	}
	_, _ = fmt.Fprintf(w, "Open %s/ in a browser. The Admin API is there too and asks a simulated GitHub: paste any of these; Ctrl-C ends it.\n", base)
	scenarios := githubsim.Scenarios(now)
	for _, s := range scenarios {
		_, _ = fmt.Fprintf(w, "\n# %s: %s\ncurl -s %s/verify -d '%s'\n", s.Name, s.Shows, tenant, form(s))
	}
	greetSaving(w, base, tenant, form(scenarios[0]), scenarios[0].Token)
	_, _ = fmt.Fprintf(w, "\nThe real GitHub: GITHUB_API_URL=https://api.github.com make run\n")
}

func form(s githubsim.Scenario) string {
	return fmt.Sprintf(`{"token":%q,"scope":%q,"slug":%q}`, s.Token, s.Scope, s.Slug)
}

func greetSaving(w io.Writer, base, tenant, form, token string) {
	_, _ = fmt.Fprintf(w, `
# Save: the token is verified again and kept, and the days of up to a year are read behind, the newest first
curl -s %[2]s/connectors -d '%[3]s'
ID=$(curl -s %[2]s/connectors | cut -d'"' -f6)

# Poll all as at 06:00 UTC, which answers when all is done; or this one, behind
curl -s -X POST %[1]s/local/schedules/poll
curl -s -X POST %[2]s/connectors/$ID/poll

# What was read: the last 28 days, who did what (?from=YYYY-MM-DD&to=YYYY-MM-DD: another range), seats, the month's cost
curl -s %[2]s/connectors
curl -s %[2]s/connectors/$ID
curl -s %[2]s/connectors/$ID/usage
curl -s %[2]s/connectors/$ID/users
curl -s %[2]s/connectors/$ID/seats
curl -s %[2]s/connectors/$ID/cost
curl -s "%[2]s/connectors/$ID/export?kind=usage&format=csv"

# Who is mailed, agreed prices, another token
curl -s -X PATCH %[2]s/connectors/$ID -d '{"notifyEmails":["you@example.com"],"prices":{"business":"17.50"}}'
curl -s -X PUT %[2]s/connectors/$ID/token -d '{"token":%[4]q}'

# Remind as at 07:00 UTC, and the mails so far
curl -s -X POST %[1]s/local/schedules/remind
curl -s %[1]s/local/mail

# Who did what; and away with it
curl -s %[2]s/connectors/$ID/audit
curl -s -X DELETE %[2]s/connectors/$ID
`, base, tenant, form, token)
}
