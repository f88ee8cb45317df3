package verify

import (
	"fmt"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// said returns GitHub's words and the permissions that it names, in brackets, for use within a sentence. It never quotes
// our own words as GitHub's.
func said(err error) string {
	e := asError(err)
	switch {
	case e == nil || e.Said == "" && e.Accepts == "":
		return ""
	case e.Accepts == "":
		return fmt.Sprintf(" (GitHub says: %q)", e.Said)
	case e.Said == "":
		return fmt.Sprintf(" (GitHub would accept %s)", e.Accepts)
	default:
		return fmt.Sprintf(" (GitHub says: %q, and would accept %s)", e.Said, e.Accepts)
	}
}

// why returns the reason that an error gives, as the end of a sentence.
func why(err error) string {
	if words := fault.CauseOf(err); words != "" {
		return ": " + words
	}
	return ""
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func date(t time.Time) string { return t.UTC().Format("2 January 2006") }

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

func counted(n int, what string) string {
	switch n {
	case 0:
		return "no " + what
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// holder returns what holds the rights, for the beginning of a sentence.
func holder(kind credential.Kind) string {
	if kind.IsApp() {
		return "The App"
	}
	return "The token"
}

func scopeList(scopes []string) string {
	if len(scopes) == 0 {
		return "none"
	}
	return strings.Join(scopes, ", ")
}
