package verify

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func asError(err error) *fault.Error {
	e, _ := errors.AsType[*fault.Error](err)
	return e
}

// said quotes GitHub's words and the permissions it names, in brackets, for use within a sentence.
func said(err error) string {
	words := fault.CauseOf(err)
	switch permissions := accepts(err); {
	case words == "" && permissions == "":
		return ""
	case permissions == "":
		return fmt.Sprintf(" (GitHub says: %q)", words)
	case words == "":
		return fmt.Sprintf(" (GitHub would accept %s)", permissions)
	default:
		return fmt.Sprintf(" (GitHub says: %q, and would accept %s)", words, permissions)
	}
}

// why adds the reason that an error gives to the end of a sentence.
func why(err error) string {
	if words := fault.CauseOf(err); words != "" {
		return ": " + words
	}
	return ""
}

// accepts names the permissions with which GitHub says it would have answered.
func accepts(err error) string {
	if e := asError(err); e != nil {
		return e.Accepts
	}
	return ""
}

// name names the account in a sentence.
func (e *evidence) name() string {
	return fmt.Sprintf("the %s %q", e.request.Account.Scope, e.request.Account.Slug)
}

// tokensPage is where the person sees tokens of this kind.
func (e *evidence) tokensPage() string {
	if e.fineGrained() {
		return fmt.Sprintf("https://%s/settings/personal-access-tokens", e.request.Account.Host)
	}
	return fmt.Sprintf("https://%s/settings/tokens", e.request.Account.Host)
}

// newToken says how to make a token that passes.
func (e *evidence) newToken() string {
	return access.Wanted{Account: e.request.Account}.Instructions().Words
}

// ownersToken says whose token can read reports.
func (e *evidence) ownersToken() string {
	of := access.GiverOf(e.request.Account.Scope, access.Usage)
	return fmt.Sprintf("Use a token of an %s of %s. Or an owner gives @%s the role %q; that opens usage, not seats.",
		of.Who, e.request.Account.Slug, e.identity.Login, of.Role)
}

func date(t time.Time) string { return t.UTC().Format("2 January 2006") }

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
