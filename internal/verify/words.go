package verify

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
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
func (e *evidence) newToken() string { return NewToken(e.request.Account, false) }

// NewToken says how to make a token that can read an account, billed AI credits too where these are wanted, and where to
// paste it.
func NewToken(account copilot.Account, billing bool) string {
	host, slug := account.Host, account.Slug
	enterprise, organization, administration := "scope read:enterprise", "scope read:org", ""
	if billing {
		enterprise, organization = "scopes read:enterprise and manage_billing:enterprise", "scopes read:org and manage_billing:copilot"
		administration = ` (for billed AI credits also "Administration: read")`
	}
	if account.Scope == copilot.Enterprise {
		return fmt.Sprintf("An owner or billing manager of the enterprise makes a classic token at https://%s/settings/tokens/new with the %s, "+
			"to expire in 90 days or less, and pastes it here. Fine-grained tokens cannot read an enterprise.", host, enterprise)
	}
	return fmt.Sprintf("An owner of %s makes a new token, to expire in 90 days or less, and pastes it here: a classic one at https://%s/settings/tokens/new "+
		"with the %s, or a fine-grained one at https://%s/settings/personal-access-tokens/new with %s as resource owner and the "+
		"organization permissions \"%s\" and \"%s\"%s.", slug, host, organization, host, slug, metricsPermission, seatsPermission, administration)
}

// ownersToken says whose token can read reports.
func (e *evidence) ownersToken() string {
	if e.onEnterprise() {
		return "Use a token of an enterprise owner or billing manager, or of somebody with the role \"View Enterprise Copilot Metrics\"."
	}
	return fmt.Sprintf("Use a token of an owner of %s. Or an owner gives @%s the role \"View Organization Copilot Metrics\" in the organization's "+
		"settings; that opens usage, not seats.", e.request.Account.Slug, e.identity.Login)
}

func date(t time.Time) string { return t.UTC().Format("2 January 2006") }

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
