package github

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// refusal is an answer by which GitHub, or whoever answers in its place, refuses a call.
type refusal struct {
	status                 int
	header                 http.Header
	message, documentation string // from GitHub's JSON; empty if the body is something else
}

// refusalRule is a row of the table that tells refusals apart. It matches if all of its conditions hold.
type refusalRule struct {
	status []int              // the status is one of these; empty means any status
	is     func(refusal) bool // a further condition, or nil
	words  []string           // the message holds all of them, in any letter case: GitHub fills in names and rewords the rest
	code   fault.Code
}

// refusalRules are tried from the top: the first that matches decides.
var refusalRules = []refusalRule{
	{is: refusal.demandsSSO, code: fault.SSORequired}, // GitHub sends it as a 404 too, with any body
	{is: refusal.foreign, code: fault.NotGitHub},      // even if its headers look like a rate limit

	{status: []int{http.StatusTooManyRequests}, code: fault.RateLimited},
	{status: []int{http.StatusForbidden}, is: refusal.limited, code: fault.RateLimited},
	{status: []int{http.StatusForbidden}, words: []string{"rate limit"}, code: fault.RateLimited},
	{status: []int{http.StatusForbidden}, words: []string{"login attempts"}, code: fault.RateLimited},

	{status: []int{http.StatusUnauthorized}, code: fault.TokenRefused},
	{words: []string{"saml enforcement"}, code: fault.SSORequired},
	{status: moved, code: fault.Renamed},

	{status: denied, words: []string{"usage metrics", "policy"}, code: fault.PolicyOff},
	{status: denied, words: []string{"metrics", "must be enabled"}, code: fault.PolicyOff},
	{status: denied, words: []string{"metrics", "disabled"}, code: fault.PolicyOff},
	{status: []int{http.StatusNotFound}, code: fault.NotFound},
	{status: []int{http.StatusUnprocessableEntity}, words: []string{"payment"}, code: fault.Payment},

	{status: []int{http.StatusForbidden}, words: []string{"your account", "suspended"}, code: fault.Suspended},
	{status: []int{http.StatusForbidden}, words: []string{"installation", "suspended"}, code: fault.AppSuspended},
	{status: []int{http.StatusForbidden}, words: []string{"ip allow list"}, code: fault.IPRefused},
	{status: []int{http.StatusForbidden}, words: []string{"forbids access via", "lifetime"}, code: fault.TokenLifetime},
	{status: []int{http.StatusForbidden}, words: []string{"forbids access via", "expir"}, code: fault.TokenLifetime},
	{status: []int{http.StatusForbidden}, words: []string{"forbids access via"}, code: fault.TokenRules},
	{status: []int{http.StatusForbidden}, words: []string{"resource not accessible"}, code: fault.Permission},
	{status: []int{http.StatusForbidden}, words: []string{"insufficient permissions"}, code: fault.NotPrivileged},
	{status: []int{http.StatusForbidden}, words: []string{"admin rights"}, code: fault.NotPrivileged},
	{status: []int{http.StatusForbidden}, words: []string{"must be an"}, code: fault.NotPrivileged},
	{status: []int{http.StatusForbidden}, words: []string{"organization role"}, code: fault.NotPrivileged},
	{status: []int{http.StatusForbidden}, code: fault.Refused},

	{is: refusal.serverError, code: fault.Unreachable},
	{code: fault.Unexpected},
}

var (
	denied = []int{http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity}
	moved  = []int{http.StatusMovedPermanently, http.StatusPermanentRedirect} // other redirects are temporary and tell no new name
)

func (r refusal) code() fault.Code {
	said := strings.ToLower(r.message)
	for _, rule := range refusalRules {
		if (len(rule.status) == 0 || slices.Contains(rule.status, r.status)) && (rule.is == nil || rule.is(r)) &&
			!slices.ContainsFunc(rule.words, func(words string) bool { return !strings.Contains(said, words) }) {
			return rule.code
		}
	}
	return fault.Unexpected
}

// rateLimits are the ends of the documentation links in GitHub's refusals for a rate limit.
const rateLimits = "rate-limits"

func (r refusal) limited() bool {
	return r.header.Get("Retry-After") != "" || r.header.Get("X-Ratelimit-Remaining") == "0" || strings.Contains(r.documentation, rateLimits)
}

func (r refusal) demandsSSO() bool {
	return strings.HasPrefix(strings.ToLower(r.header.Get("X-Github-Sso")), "required")
}

// foreign reports whether something between us and GitHub refuses. GitHub's own refusals all have a message in JSON.
func (r refusal) foreign() bool {
	return r.status >= http.StatusMultipleChoices && !r.serverError() && strings.TrimSpace(r.message) == ""
}

// serverError reports whether GitHub, or a proxy before it, has failed. A network's sign-in page is not a failure.
func (r refusal) serverError() bool {
	return r.status >= http.StatusInternalServerError && r.status != http.StatusNetworkAuthenticationRequired
}

// GitHub words a rule of the owners like this: The 'Acme Inc.' enterprise forbids access via a … if the token's lifetime is
// greater than 30 days. It names an enterprise by its display name.
var (
	ruleOwner    = regexp.MustCompile("(?i)(?:^|the )['`\"‘“](.+)['`\"’”](?: (organization|enterprise))? (?:forbids access via|has an IP allow list)")
	ruleLifetime = regexp.MustCompile(`(?i)greater than (\d{1,3}(?:,\d{3})|\d{1,5}) day`)
)

// ruleOf returns whose rule it is and how many days a token may live, as far as GitHub tells these.
func (c *Client) ruleOf(message string) *fault.Rule {
	rule := &fault.Rule{}
	if m := ruleOwner.FindStringSubmatch(message); m != nil {
		rule.Owner, rule.OwnedBy = c.quote(m[1]), strings.ToLower(m[2])
	}
	if m := ruleLifetime.FindStringSubmatch(message); m != nil {
		rule.MaxDays, _ = strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	}
	return rule
}
