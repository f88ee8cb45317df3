package verify

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Code says why a check has its outcome: one code for each cause. A check that an error decides has the error's code.
// The set of codes is part of the Admin API.
type Code string

// The codes that are not codes of errors.
const (
	CodeOK        Code = "ok"
	CodeNotJudged Code = "not_judged" // something else must be mended first, or GitHub did not tell

	CodeExpired          Code = "token_expired"
	CodeExpiresSoon      Code = "expires_soon"
	CodeExpiresLate      Code = "expires_late"
	CodeNeverExpires     Code = "never_expires"
	CodeExpiryUnreadable Code = "expiry_unreadable"
	CodeExpiryDisproved  Code = "expiry_disproved"

	CodeKindUnfit         Code = "kind_unfit" // no token of this kind reads such an account
	CodeScopeMissing      Code = "scope_missing"
	CodePermissionUnclear Code = "permission_unclear" // lacking, waiting for approval, or no Copilot: GitHub hides which
	CodeSurplusScopes     Code = "surplus_scopes"

	CodeWrongScope Code = "wrong_scope"
	CodeNoCopilot  Code = "no_copilot"
	CodeHidden     Code = "copilot_hidden" // no Copilot, or no right to see it: GitHub does not say which
	CodeNotOwner   Code = "not_owner"
	CodeInvited    Code = "invited"
	CodeNotMember  Code = "not_member"

	CodeReportsUnclear Code = "reports_unclear" // 404, and what would settle it could not be read
	CodeNobodyActive   Code = "nobody_active"
	CodeUsersMissing   Code = "users_missing"
	CodeNoSeats        Code = "no_seats"
)

// codesOfErrors lists the error codes that a check can have: GitHub's answers, and no answer in time. Two others are missing
// because only a poll can find them: the connector's token is gone, and nothing tells which account the numbers belong to.
var codesOfErrors = slices.DeleteFunc(fault.Codes(), func(code fault.Code) bool {
	return code.Ours() && code != fault.OutOfTime && code != fault.Internal || code == fault.NoToken || code == fault.Unconfirmed
})

// Codes lists every code that a check can have.
func Codes() []Code {
	codes := []Code{
		CodeOK, CodeNotJudged, CodeExpired, CodeExpiresSoon, CodeExpiresLate, CodeNeverExpires, CodeExpiryUnreadable,
		CodeExpiryDisproved, CodeKindUnfit, CodeScopeMissing, CodePermissionUnclear, CodeSurplusScopes, CodeWrongScope, CodeNoCopilot, CodeHidden,
		CodeNotOwner, CodeInvited, CodeNotMember, CodeReportsUnclear, CodeNobodyActive, CodeUsersMissing, CodeNoSeats,
	}
	for _, code := range codesOfErrors {
		codes = append(codes, Code(code))
	}
	return codes
}

// codeOf returns the code of an error that kept something from being read.
func codeOf(err error) Code {
	if code := fault.CodeOf(err); slices.Contains(codesOfErrors, code) {
		return Code(code)
	}
	return Code(fault.Internal)
}
