package copilot

import (
	"fmt"
	"strings"
	"unicode"
)

// Scope is the kind of account whose Copilot is read.
type Scope string

// The two kinds of account that can hold Copilot Business or Enterprise.
const (
	Organization Scope = "organization"
	Enterprise   Scope = "enterprise"
)

// Article returns the scope with its article, for sentences.
func (s Scope) Article() string { return "an " + string(s) }

// GitHubCom is the host of every account that has no data residency.
const GitHubCom = "github.com"

// Account names one organization or enterprise on one GitHub host.
type Account struct {
	Host  string `json:"host"` // github.com or SUBDOMAIN.ghe.com, lower case
	Scope Scope  `json:"scope"`
	Slug  string `json:"slug"` // compared in any letter case, kept as given
}

// Profile is what GitHub itself calls an account. The id stays when the name changes, and is never given to another.
type Profile struct {
	ID   string // decimal digits
	Slug string
}

// ParseHost accepts github.com (also as the empty string) and SUBDOMAIN.ghe.com. The reason it returns never
// repeats what was given.
func ParseHost(given string) (host string, err error) {
	host = strings.ToLower(given)
	switch {
	case strings.ContainsFunc(given, beyondASCII): // ToLower makes an i of İ and a k of the Kelvin sign
	case host == "" || host == GitHubCom:
		return GitHubCom, nil
	case isResidency(host):
		return host, nil
	}
	return "", fmt.Errorf("must be github.com or SUBDOMAIN.ghe.com, the name alone without https:// or a path " +
		"(GitHub Enterprise Server has no Copilot reports)")
}

func beyondASCII(r rune) bool { return r > unicode.MaxASCII }

// isResidency takes one label only: api.SUBDOMAIN.ghe.com and anything deeper is not a host a person signs in to.
func isResidency(host string) bool {
	label, ok := strings.CutSuffix(host, ".ghe.com")
	return ok && len(label) <= 63 && strings.Trim(label, "-") == label && label != "" && strings.Trim(label, lowerCase+digits+"-") == ""
}

// ParseScope accepts the two scopes by their exact names.
func ParseScope(given string) (Scope, error) {
	if scope := Scope(given); scope == Organization || scope == Enterprise {
		return scope, nil
	}
	return "", fmt.Errorf("must be %q or %q", Organization, Enterprise)
}

// ParseSlug accepts a name as it stands in GitHub's addresses. The reason it returns never repeats what was given.
func ParseSlug(given string) (slug string, err error) {
	// GitHub lets organization and enterprise names hold letters, digits and hyphens only, which also keeps a token pasted
	// into the wrong field (they have an underscore) out of URLs and logs.
	if len(given) > 100 || strings.HasPrefix(given, "-") || given == "" || strings.Trim(given, lowerCase+upperCase+digits+"-") != "" {
		return "", fmt.Errorf("must be the name as in the address github.com/NAME or github.com/enterprises/NAME: " +
			"letters, digits and hyphens, at most 100, beginning with a letter or digit")
	}
	return given, nil
}

// Plan is a Copilot plan that an account pays for.
type Plan string

// The plans with a known price. GitHub has others whose names are not documented; they are unknown, and so is
// their price. The zero value is none of them: GitHub has not named a plan.
const (
	PlanBusiness   Plan = "business"
	PlanEnterprise Plan = "enterprise"
	PlanUnknown    Plan = "unknown"
)

// ParsePlan takes GitHub's plan_type. What GitHub calls unknown is a plan with a name of its own.
func ParsePlan(s string) Plan {
	if p := Plan(s); p == "" || p == PlanBusiness || p == PlanEnterprise {
		return p
	}
	return PlanUnknown
}

const (
	lowerCase = "abcdefghijklmnopqrstuvwxyz"
	upperCase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits    = "0123456789"
)
