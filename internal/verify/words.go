package verify

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func asError(err error) *fault.Error {
	e, _ := errors.AsType[*fault.Error](err)
	return e
}

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

// name returns the account's name for use in a sentence.
func (e *evidence) name() string {
	if e.request.Account.Slug == "" {
		return "the account of the installation"
	}
	return fmt.Sprintf("the %s %q", cmp.Or(e.request.Account.Scope, "account"), e.request.Account.Slug)
}

// owner returns the name of the token's owner for use in a sentence.
func (e *evidence) owner() string {
	if e.identity.Login == "" {
		return "the token's owner"
	}
	return "@" + e.identity.Login
}

// newToken returns the advice how to make a token that has every right it needs.
func (e *evidence) newToken() access.Advice {
	if e.isApp() {
		return e.askPermission(access.Usage)
	}
	return e.newTokenOf("", 0)
}

// newTokenOf is the advice for a token of a certain kind, or of any if kind is empty. The token may live for at most maxDays; 0: there is
// no limit.
func (e *evidence) newTokenOf(kind credential.Kind, maxDays int) access.Advice {
	return access.Wanted{Account: e.request.Account, Kind: kind, Billing: e.request.Billing, MaxDays: maxDays}.Instructions()
}

// giver returns who can read everything of such an account, for use in a sentence.
func (e *evidence) giver() string { return access.GiverOf(e.request.Account.Scope, access.Seats).Who }

// ownersToken says whose tokens can read reports.
func (e *evidence) ownersToken() access.Advice {
	if e.isApp() {
		return e.askPermission(access.Usage)
	}
	of := access.GiverOf(e.request.Account.Scope, access.Usage)
	return access.Advise("Use a personal access token of an %s of %s. Or an owner gives %s the role %q; that opens usage, not seats.",
		of.Who, e.request.Account.Slug, e.owner(), of.Role)
}

// least returns the smallest grant that lets this kind of token read something.
func (e *evidence) least(what access.Capability) access.Grant {
	right, _ := access.For(e.request.Account.Scope, e.kind, what)
	return right.Least
}

func date(t time.Time) string { return t.UTC().Format("2 January 2006") }

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
