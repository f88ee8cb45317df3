package verify

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// newToken returns the advice how to make a token that has every right it needs.
func (v *verdict) newToken() access.Advice {
	if v.isApp() {
		return v.askPermission(access.Usage)
	}
	return v.newTokenOf("", 0)
}

// newTokenOf is the advice for a token of a certain kind, or of any if kind is empty. The token may live for at most maxDays; 0: there is
// no limit.
func (v *verdict) newTokenOf(kind credential.Kind, maxDays int) access.Advice {
	return access.Wanted{Account: v.request.Account, Kind: kind, Billing: v.request.Billing, MaxDays: maxDays}.Instructions()
}

// ownersToken says whose tokens can read reports.
func (v *verdict) ownersToken() access.Advice {
	if v.isApp() {
		return v.askPermission(access.Usage)
	}
	of := access.GiverOf(v.request.Account.Scope, access.Usage)
	return access.Advise("Use a personal access token of an %s of %s. Or an owner gives %s the role %q; that opens usage, not seats.",
		of.Who, v.request.Account.Slug, v.owner(), of.Role)
}

func (v *verdict) giversToken(what access.Capability) access.Advice {
	if v.isApp() {
		return v.askPermission(what)
	}
	return access.Advise("Use a personal access token of an %s of %s: GitHub shows this to nobody else.",
		access.GiverOf(v.request.Account.Scope, what).Who, v.request.Account.Slug)
}

// othersToken returns the advice for a token whose owner is suspended.
func (v *verdict) othersToken() access.Advice {
	return access.Advise("Use a personal access token of somebody else. %s Or the person asks %s to lift the suspension.", v.newToken(), supportPage)
}

// anotherPasted returns the advice what to paste instead of a string that is no token.
func (v *verdict) anotherPasted() access.Advice {
	if v.request.Token.Surrounded() {
		return access.Advise("Paste the token again, from its first letter to its last and nothing else. If it is not at hand: %s", v.newToken())
	}
	return v.newToken()
}

func (v *verdict) renewShorter() access.Advice {
	return access.Advise("Renew it at %s with an expiry of 90 days or less. A reminder comes 14 days before.", v.tokensPage())
}

// lackedScopes lists the scopes that a classic token lacks of those it needs.
func (v *verdict) lackedScopes() (lacked access.Needs) {
	for _, need := range access.Needed(v.request.Account.Scope, v.kind, v.request.Billing) {
		if slices.ContainsFunc(need.For, v.held().Lacks) {
			lacked = append(lacked, access.Need{Grant: need.Grant})
		}
	}
	return lacked
}

// least returns the smallest grant that lets this kind of token read something.
func (v *verdict) least(what access.Capability) access.Grant {
	right, _ := access.For(v.request.Account.Scope, v.kind, what)
	return right.Least
}

// grant returns the advice how the token gets the right to read more.
func (v *verdict) grant(what access.Capability) access.Advice {
	if v.isApp() {
		return v.askPermission(what)
	}
	if _, ok := access.For(v.request.Account.Scope, v.kind, what); !ok {
		return v.newToken() // of another kind
	}
	return access.Advise("Open %s, choose this token and add %s. Its owner must be an %s of %s.", v.tokensPage(), access.Needs{{Grant: v.least(what)}},
		access.GiverOf(v.request.Account.Scope, what).Who, v.request.Account.Slug)
}

// askPermission says how the App gets a permission: its settings first, and then an owner of the account.
func (v *verdict) askPermission(what access.Capability) access.Advice { return v.ask(v.least(what)) }

func (v *verdict) ask(permission access.Grant) access.Advice {
	return access.Advise("Open %s and set %s. Then an owner of %s accepts the change at %s.", v.settings("/permissions"), permission, v.slug(), v.installed())
}

func (v *verdict) acceptPermission() access.Advice {
	return access.Advise("An owner of %s accepts the change at %s. What the App asks for is shown at %s.", v.slug(), v.installed(), v.settings("/permissions"))
}

func (v *verdict) connectAgain() access.Advice {
	return access.Advise("An owner of %s signs in to GitHub, opens %s, and comes back from there to CloudMonitor, which connects the account.", v.slug(), v.installPage())
}
