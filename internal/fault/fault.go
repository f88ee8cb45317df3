package fault

import (
	"errors"
	"strings"
	"time"
)

// Code says what kind of trouble an error is. The set is small and stable: it serves as the code of an
// answer, as a dimension of a metric and as what a test asserts.
type Code string

// The troubles between us and a GitHub account.
const (
	Unreachable   Code = "github_unreachable"      // no connection, TLS, a time-out, or a 5xx that stayed
	RateLimited   Code = "rate_limited"            // RetryAfter says when to go on
	NotPAT        Code = "not_a_pat"               // not a personal access token; never sent anywhere
	TokenRefused  Code = "token_refused"           // 401: wrong, revoked or expired
	TokenRules    Code = "token_rules"             // the account's owners forbid this kind of token
	TokenLifetime Code = "token_lifetime"          // the account's owners forbid tokens that live so long
	Suspended     Code = "person_suspended"        // GitHub has suspended the person behind the token
	IPRefused     Code = "ip_allow_list"           // the account takes no calls from our address
	Renamed       Code = "renamed"                 // the account has another name now
	NotGitHub     Code = "not_github"              // something between us and GitHub answered in its place
	SSORequired   Code = "sso_required"            // SAML single sign-on not authorised for the token
	SSOPartial    Code = "sso_partial"             // a list without the organizations that the token is not authorised for
	PolicyOff     Code = "policy_off"              // the Copilot usage metrics policy is not enabled
	Permission    Code = "permission_missing"      // a scope or permission the token lacks
	NotPrivileged Code = "role_missing"            // the token's owner lacks the role
	Refused       Code = "refused"                 // a 403 that says nothing we know
	NotFound      Code = "not_found"               // 404: wrong slug, no access, or nothing there
	NoReport      Code = "no_report"               // GitHub has no report for that day (yet): not an error, and not zero usage
	LinkAbsent    Code = "report_link_absent"      // GitHub names a report, and its link leads to nothing (yet)
	ReportBroken  Code = "report_broken"           // malformed, oversized, or behind a link that is none
	LinkUnknown   Code = "report_link_unknown"     // a report's link leads where we do not know GitHub to keep reports
	ReportHost    Code = "report_host_unreachable" // the host of a report's signed link gave no answer
	LinkRefused   Code = "report_link_refused"     // a signed link is not accepted (any more)
	Payment       Code = "payment_problem"         // GitHub reports a problem with the account's payment
	Unexpected    Code = "unexpected_answer"       // an answer GitHub does not document
	OutOfTime     Code = "out_of_time"             // our own time budget ended first
	TooMany       Code = "too_many"                // more than is read in one go
	ReportCut     Code = "report_cut"              // the connection ended before a report did
	ReportChanged Code = "report_changed"          // a report is not the one any more that was read in part
	OtherAccount  Code = "other_account"           // the numbers are of another account, which has taken the name
	Unconfirmed   Code = "account_unconfirmed"     // nothing in the same poll tells whose numbers they are
	Internal      Code = "internal"                // ours; the text is for the log only
)

// The troubles around us.
const (
	Store    Code = "store_failed" // the store gave no answer, or refused
	Vault    Code = "vault_failed"
	Queue    Code = "queue_failed"
	Mail     Code = "mail_failed"
	NoToken  Code = "token_gone" // the vault holds no token for the connector
	Conflict Code = "conflict"   // somebody else was faster

	TooFarOff Code = "schedule_too_far_off" // a schedule is due further from the clock than anybody can mean
)

// Error is the one error type that crosses the project's rooms.
type Error struct {
	Code       Code
	Op         string        // what was being done: "read seats page 3"
	Err        error         // the cause; nil where the code says it all
	Hint       string        // what a person can do or should know, in whole sentences; may be empty
	RetryAfter time.Duration // how long to wait at least, where the other side said so; else 0
	Said       string        // GitHub's own words, where it said any; nothing of ours
	Accepts    string        // the permissions that GitHub says would have sufficed, in its words; may be empty
	Rule       *Rule         // of TokenRules, TokenLifetime and IPRefused: the rule that keeps the token out
}

// Rule is a rule that owners have made for tokens or addresses, as far as GitHub tells it.
type Rule struct {
	Owner   string // the name of the account whose rule it is: an organization's slug, an enterprise's display name
	OwnedBy string // organization, enterprise or empty
	MaxDays int    // how long a token may live; 0: not told
}

// Error joins what was done, what kind of trouble came and why. The hint is for people and stays out.
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

// CauseOf returns what an error's cause says by itself, for use in a sentence; empty where the code says it all, and
// for an error that carries none.
func CauseOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Err != nil {
		return strings.TrimSuffix(e.Err.Error(), ".")
	}
	return ""
}
