package fault

import (
	"errors"
	"strings"
	"time"
)

// Code is the kind of an error. The set is small and stable, because a code appears in the API's answers, is a dimension
// of metrics, and is what tests assert.
type Code string

// The errors between us and a GitHub account.
const (
	Unreachable   Code = "github_unreachable"      // no connection, a TLS failure, a time-out, or 5xx after all retries
	RateLimited   Code = "rate_limited"            // RetryAfter says how long to wait
	NotPAT        Code = "not_a_pat"               // not a personal access token; never sent anywhere
	TokenRefused  Code = "token_refused"           // 401: wrong, revoked or expired
	TokenRules    Code = "token_rules"             // the account's owners forbid this kind of token
	TokenLifetime Code = "token_lifetime"          // the account's owners forbid tokens that live so long
	Suspended     Code = "person_suspended"        // GitHub has suspended the person behind the token
	IPRefused     Code = "ip_allow_list"           // the account refuses calls from our IP address
	Renamed       Code = "renamed"                 // the account has another name now
	NotGitHub     Code = "not_github"              // something between us and GitHub, such as a proxy, answered instead
	KeyRefused    Code = "app_key_refused"         // a key that is none of the GitHub App's, or there is no such App
	ClockWrong    Code = "clock_wrong"             // our clock differs so much that GitHub takes nothing signed
	AppSuspended  Code = "app_suspended"           // the installation of the GitHub App is suspended
	NotInstalled  Code = "app_not_installed"       // the GitHub App is not installed on the account
	CodeRefused   Code = "code_refused"            // the code with which an installer proves who they are was used, has ended or is another App's
	NotInstallers Code = "installation_not_yours"  // the installer does not reach this installation of the stack's App
	NotOwner      Code = "installer_not_owner"     // the installer is no owner of the account
	Elsewhere     Code = "installed_elsewhere"     // the installation is on another account than the one that was named
	SSORequired   Code = "sso_required"            // the token is not authorised for SAML single sign-on
	SSOPartial    Code = "sso_partial"             // a list without the organizations that the token is not authorised for
	PolicyOff     Code = "policy_off"              // the Copilot usage metrics policy is not enabled
	Permission    Code = "permission_missing"      // a scope or permission the token lacks
	Waiting       Code = "permission_waiting"      // a permission that a GitHub App asks for and no owner has accepted yet
	NotPrivileged Code = "role_missing"            // the token's owner lacks the role
	Refused       Code = "refused"                 // a 403 whose reason we do not recognise
	NotFound      Code = "not_found"               // 404: wrong slug, no access, or nothing there
	NoReport      Code = "no_report"               // GitHub has no report for that day (yet): not an error, and not zero usage
	LinkAbsent    Code = "report_link_absent"      // GitHub names a report, but its link leads to nothing (yet)
	ReportBroken  Code = "report_broken"           // a report that is malformed or too large, or whose link is malformed
	LinkUnknown   Code = "report_link_unknown"     // a report's link leads to a host that is not known to keep GitHub's reports
	ReportHost    Code = "report_host_unreachable" // the host of a report's signed link gave no answer
	LinkRefused   Code = "report_link_refused"     // the host of a signed link refuses it, usually because it has expired
	Payment       Code = "payment_problem"         // GitHub reports a problem with the account's payment
	Unexpected    Code = "unexpected_answer"       // an answer GitHub does not document
	OutOfTime     Code = "out_of_time"             // our own time budget ended first
	TooMany       Code = "too_many"                // more data than we read at one time
	ReportCut     Code = "report_cut"              // the connection ended before a report did
	ReportChanged Code = "report_changed"          // GitHub replaced a report after we had read a part of it
	OtherAccount  Code = "other_account"           // the numbers belong to another account, which now has the name
	Unconfirmed   Code = "account_unconfirmed"     // no answer of the same poll shows to which account the numbers belong
	Internal      Code = "internal"                // a fault of this program; the text is for the log only
)

// The errors of our own surroundings.
const (
	Store    Code = "store_failed" // the store gave no answer, or refused the call
	Vault    Code = "vault_failed"
	Queue    Code = "queue_failed"
	Mail     Code = "mail_failed"
	NoToken  Code = "token_gone" // the vault holds no token for the connector
	Conflict Code = "conflict"   // another writer changed the item first

	TooFarOff Code = "schedule_too_far_off" // a schedule's instant is too far from the clock to be meant
)

// Error is the one error type that packages of this project return to each other.
type Error struct {
	Code       Code
	Op         string        // the operation that failed: "read seats page 3"
	Err        error         // the cause; nil if the code says everything
	Hint       string        // what a person can do or should know, in whole sentences; may be empty
	RetryAfter time.Duration // the shortest wait before a retry, if the other side named one; otherwise 0
	Said       string        // only GitHub's own words; may be empty
	Accepts    string        // the permissions that GitHub says are sufficient, in its words; may be empty
	Rule       *Rule         // set only for TokenRules, TokenLifetime and IPRefused: the rule that refuses the token
}

// Rule is a rule that the owners of an account have made for tokens or IP addresses, as far as GitHub describes it.
type Rule struct {
	Owner   string // the name of the account whose rule it is: an organization's slug, an enterprise's display name
	OwnedBy string // organization, enterprise or empty
	MaxDays int    // the longest lifetime of a token in days; 0: GitHub did not say
}

// Error returns the operation, the code and the cause. It leaves the hint out, which is for people.
func (e *Error) Error() string {
	parts := make([]string, 0, 3)
	if e.Op != "" {
		parts = append(parts, e.Op)
	}
	parts = append(parts, string(e.Code))
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether err carries any of the codes.
func Is(err error, codes ...Code) bool {
	if err == nil {
		return false
	}
	code := CodeOf(err)
	for _, c := range codes {
		if code == c {
			return true
		}
	}
	return false
}

// CodeOf returns the code err carries, Internal for an error without one, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// CauseOf returns the text of an Error's cause, without operation and code, for use in a sentence. It returns "" if the
// error has no cause or is not an Error.
func CauseOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Err != nil {
		return strings.TrimSuffix(e.Err.Error(), ".")
	}
	return ""
}
