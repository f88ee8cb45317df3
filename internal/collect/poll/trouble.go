package poll

import (
	"fmt"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// trouble is something that can be wrong after a run: the condition, and the sentences that say what is wrong and what to do. A run with
// trouble is partial.
type trouble struct {
	when func(*judging) bool
	says func(*judging) string
}

// troubles returns the sentences about everything that is wrong.
func troubles(j *judging) []string {
	var sentences []string
	for _, row := range stops {
		if row.when(j) {
			if words := row.says(j); words != "" {
				sentences = append(sentences, words)
			}
			break // only one thing stops a run
		}
	}
	for _, row := range besides {
		if row.when(j) {
			sentences = append(sentences, row.says(j))
		}
	}
	return sentences
}

// heals ends the sentences about trouble that passes by itself.
const heals = " No day is lost: what was not read is read by the next poll."

// stops has the reasons why a run stops early. The first row whose condition holds counts. A row without words is no trouble.
var stops = []trouble{
	{func(j *judging) bool { return j.Stop == nil && j.Verified == nil }, silent},
	{(*judging).taken, func(j *judging) string {
		return fmt.Sprintf("The %s %s has another name now%s. The connector %s reads it under that name. Delete this one; the days that it has read stay until then.",
			j.Conn.Scope, j.Conn.Slug, why(j.Stop), j.Holder.ID)
	}},
	{func(j *judging) bool { return j.Holder != nil }, func(j *judging) string {
		return fmt.Sprintf("The %s %s has another name now%s. The connector %s holds that name and has not shown yet which account it reads.%s",
			j.Conn.Scope, j.Conn.Slug, why(j.Stop), j.Holder.ID, heals)
	}},
	{func(j *judging) bool { return j.MovesOn() }, func(j *judging) string {
		return fmt.Sprintf("The %s %s has another name now%s. The next poll reads it under that name.%s", j.Conn.Scope, j.Conn.Slug, why(j.Stop), heals)
	}},
	{func(j *judging) bool { return j.denied() }, func(j *judging) string { return failures(j.Verified) }},
	{func(j *judging) bool { return j.Stop == nil && j.Verified.OK }, silent}, // the reports are late
	{func(j *judging) bool { return j.Stop == nil || fault.Is(j.Stop, fault.NotFound) && j.Verified != nil }, func(*judging) string {
		return "GitHub shows no reports, and could not be asked why." + heals
	}},
	{func(j *judging) bool { return j.ofApp() && fault.Is(j.Stop, fault.TokenRefused) }, func(*judging) string {
		return "GitHub refuses the token of the App: it was uninstalled or suspended a moment ago." + heals
	}},
	{func(j *judging) bool { return j.ofApp() && fault.Is(j.Stop, fault.NoToken) }, func(j *judging) string {
		return fmt.Sprintf("The App's key is not in the vault any more. Generate a private key in %s, and paste it here with the client id.",
			access.AppSettings(j.Conn.Account, j.Conn.Credential.App))
	}},
	{stoppedBy(fault.TokenRefused), func(j *judging) string {
		return fmt.Sprintf("GitHub has refused the token since the poll of %s: it has expired or was revoked. %s The days missed until then are read afterwards.",
			j.Began.UTC().Format("2 January 2006"), newToken(j.Conn))
	}},
	{stoppedBy(fault.NoToken), func(j *judging) string { return "The token is not in the vault any more. " + newToken(j.Conn) }},
	{stoppedBy(fault.OtherAccount), func(j *judging) string {
		return fmt.Sprintf("Another %s has the name %s now%s. Nothing of it is kept. %s", j.Conn.Scope, j.Conn.Slug, why(j.Stop), j.ownAccount())
	}},
	{func(j *judging) bool { return fault.Is(j.Stop, fault.OutOfTime) && !LastAttempt(j.Task) }, silent},
	{stoppedBy(fault.OutOfTime), func(*judging) string {
		return "GitHub is so slow that nothing could be read in the time of a whole run." + heals
	}},
	{stoppedBy(fault.RateLimited), func(j *judging) string {
		return fmt.Sprintf("GitHub's rate limit is reached%s, until %s.%s", why(j.Stop),
			j.Began.Add(retryAfter(j.Stop)).UTC().Format("15:04 UTC on 2 January"), heals)
	}},
	{stoppedBy(fault.ReportHost, fault.ReportCut), func(j *judging) string {
		return fmt.Sprintf("The host where GitHub keeps the reports gave no whole report%s.%s", why(j.Stop), heals)
	}},
	{stoppedBy(fault.Unreachable), func(j *judging) string {
		return fmt.Sprintf("GitHub could not be reached%s. https://www.githubstatus.com tells whether it has trouble.%s", why(j.Stop), heals)
	}},
	{stoppedBy(fault.NotGitHub), func(j *judging) string {
		return fmt.Sprintf("Something between here and GitHub answers in its place%s. Ask those who run the network here to look for a proxy or filter.%s", why(j.Stop), heals)
	}},
	{func(j *judging) bool { // GitHub did not answer the first call, which asks for the token's owner
		return fault.CodeOf(j.Stop).Unusable() || fault.CodeOf(j.Stop).Absent()
	}, func(j *judging) string {
		return fmt.Sprintf("GitHub answered in a way it does not document%s. It may not be GitHub that answers.%s", why(j.Stop), heals)
	}},
	{func(j *judging) bool { return j.Refused() && j.Verified != nil && j.Verified.OK }, func(j *judging) string {
		return fmt.Sprintf("GitHub refused the reports%s, but not any more.%s", why(j.Stop), heals)
	}},
	{func(j *judging) bool { return j.Refused() }, func(j *judging) string {
		return fmt.Sprintf("GitHub refused the reports%s, and could not be asked for more.%s", why(j.Stop), heals)
	}},
	{func(*judging) bool { return true }, func(*judging) string { return "Something went wrong on our side; it is in our log." + heals }},
}

func silent(*judging) string { return "" }

func stoppedBy(codes ...fault.Code) func(*judging) bool {
	return func(j *judging) bool { return fault.Is(j.Stop, codes...) }
}

// stopKind returns the kind of a problem that somebody must mend before usage can be read, or "".
func (j *judging) stopKind() connector.StopKind {
	switch {
	case fault.CodeOf(j.Stop).EndsCredential():
		return connector.StoppedToken
	case j.denied(), j.taken(), fault.Is(j.Stop, fault.OtherAccount):
		return connector.StoppedReports
	}
	return ""
}

// stopCause returns the code of the problem of stopKind: that of the failed check or, if Verify was not asked, that of the error.
func (j *judging) stopCause() string {
	if check := failing(j.Verified); j.denied() && check != nil {
		return string(check.Code)
	}
	return string(fault.CodeOf(j.Stop))
}

// ofApp reports whether the connector reads with a GitHub App.
func (j *judging) ofApp() bool { return j.Conn.Credential.Kind.IsApp() }

// ownAccount returns the advice how to read the connector's account again, whose name another account has.
func (j *judging) ownAccount() string {
	const anew = "delete this connector and save the account by its new name; the days that were read stay until then."
	switch {
	case j.Conn.Credential.Endless():
		return "A poll follows yours to a new name. If the App is not installed there any more, an owner connects it again."
	case j.ofApp():
		return "A poll follows yours to a new name. If the App is not installed there any more, no poll can do so: " + anew
	}
	return "If yours was renamed, " + anew
}

// newToken returns the advice how to make a token that can read what this one could.
func newToken(c *connector.Connector) string { return c.Wanted().Instructions().Words }

// failures joins the texts of Verify's failed checks.
func failures(result *verify.Result) string {
	var sentences []string
	for _, check := range result.Checks {
		if check.Status == verify.Fail {
			sentences = append(sentences, check.Detail)
			if check.Remedy != nil {
				sentences = append(sentences, *check.Remedy)
			}
		}
	}
	return strings.Join(sentences, " ")
}

// failing returns the first failed check, or nil if there is none.
func failing(result *verify.Result) *verify.Check {
	if result != nil {
		for i, check := range result.Checks {
			if check.Status == verify.Fail {
				return &result.Checks[i]
			}
		}
	}
	return nil
}
