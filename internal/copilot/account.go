package copilot

import (
	"fmt"
	"strings"
	"unicode"
)

// Scope is the kind of a GitHub account: organization or enterprise.
type Scope string

// The two kinds of account that can hold Copilot Business or Enterprise.
const (
	Organization Scope = "organization"
	Enterprise   Scope = "enterprise"
)

// Article returns the scope with its indefinite article: "an organization".
func (s Scope) Article() string { return "an " + string(s) }

// GitHubCom is the host of every account without data residency.
const GitHubCom = "github.com"

// Account names one organization or enterprise on one GitHub host.
type Account struct {
	Host  string `json:"host"` // github.com or SUBDOMAIN.ghe.com, lower case
	Scope Scope  `json:"scope"`
	Slug  string `json:"slug"` // kept as given; comparisons ignore letter case
}

// Profile is GitHub's own id and name of an account. The id stays the same when the name changes, and GitHub never gives it
// to another account.
type Profile struct {
	ID   string // decimal digits
	Slug string
}

// ParseHost accepts github.com, the empty string, which means github.com, and SUBDOMAIN.ghe.com. It returns the host in
// lower case. The error never repeats the input.
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

// isResidency accepts exactly one label before ghe.com: nobody signs in at api.SUBDOMAIN.ghe.com or at deeper names.
func isResidency(host string) bool {
	label, ok := strings.CutSuffix(host, ".ghe.com")
	return ok && len(label) <= 63 && strings.Trim(label, "-") == label && label != "" && strings.Trim(label, lowerCase+digits+"-") == ""
}

// ParseScope accepts exactly "organization" and "enterprise".
func ParseScope(given string) (Scope, error) {
	if scope := Scope(given); scope == Organization || scope == Enterprise {
		return scope, nil
	}
	return "", fmt.Errorf("must be %q or %q", Organization, Enterprise)
}

// ParseSlug accepts an account's name as GitHub's URLs spell it. The error never repeats the input.
func ParseSlug(given string) (slug string, err error) {
	// GitHub allows only letters, digits and hyphens in these names. Tokens have an underscore, so this check also keeps a
	// token that was pasted into the wrong field out of URLs and logs.
	if len(given) > 100 || strings.HasPrefix(given, "-") || given == "" || strings.Trim(given, lowerCase+upperCase+digits+"-") != "" {
		return "", fmt.Errorf("must be the name as in the address github.com/NAME or github.com/enterprises/NAME: " +
			"letters, digits and hyphens, at most 100, beginning with a letter or digit")
	}
	return given, nil
}

// Plan is a Copilot plan that an account pays for.
type Plan string

// The plans with a known price. GitHub does not document the names of its other plans: we treat them, and their price, as
// unknown. The zero value means that GitHub has not named a plan.
const (
	PlanBusiness   Plan = "business"
	PlanEnterprise Plan = "enterprise"
	PlanUnknown    Plan = "unknown"
)

// ParsePlan reads GitHub's plan_type. GitHub itself has a plan_type "unknown", which is kept as a plan of that name.
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
