package verify

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// isApp reports whether the credential is a GitHub App, which belongs to no person.
func (e *evidence) isApp() bool { return e.kind.IsApp() }

// open finds the App's installation. After an error it still keeps the known part. An installation of the stack's App also tells the
// account where it was not named.
func (e *evidence) open(ctx context.Context, gh GitHub) {
	var known credential.Installation
	if e.bound() { // a proof is compared with the account, which may have another name now
		known.AccountID = e.request.AccountID
	}
	installation, err := gh.Open(ctx, e.request.Account, known)
	e.identity, e.identityErr = credential.Identity{App: installation.After(e.request.App)}, err
	if account := &e.request.Account; e.bound() {
		account.Scope, account.Slug = cmp.Or(account.Scope, installation.AccountScope), cmp.Or(account.Slug, installation.AccountSlug)
	}
	if fault.Is(err, fault.Renamed) {
		e.newName = installation.AccountSlug
	}
}

// explainApp returns why a GitHub App gets no token for the account.
func (e *evidence) explainApp() cause {
	switch {
	case fault.Is(e.identityErr, fault.Permission):
		return causePermission
	case fault.Is(e.identityErr, fault.OtherAccount):
		return causeOtherAccount
	case fault.CodeOf(e.identityErr).RefusesToken():
		return causeSaid(e.identityErr, causeUnexplained)
	}
	return causeSaid(e.identityErr, causeUnreachable)
}

// installation returns what GitHub said about the App and its installation. The zero value means that GitHub said nothing.
func (e *evidence) installation() credential.Installation {
	if e.identity.App == nil {
		return credential.Installation{}
	}
	return *e.identity.App
}

// settings returns a page of the App's settings. If the App is not known, it returns the list of the account's Apps.
func (e *evidence) settings(path string) access.Link {
	settings := access.AppSettings(e.request.Account, e.identity.App)
	if e.installation().Settings != "" {
		settings.URL += path
	}
	return settings
}

// installed returns the page on which an owner of the account manages the installation.
func (e *evidence) installed() access.Link {
	if id := e.installation().ID; id != 0 {
		return e.page("The installation", fmt.Sprintf("/settings/installations/%d", id))
	}
	return e.page("The installed GitHub Apps", "/settings/installations")
}

func (e *evidence) appName() string {
	if slug := e.installation().Slug; slug != "" {
		return fmt.Sprintf("the GitHub App %q", slug)
	}
	return "the GitHub App of this client id"
}

func (v *verdict) appToken() finding {
	switch v.cause {
	case causeCode:
		return v.codeRefused()
	case causeAppKey:
		if v.bound() {
			return v.stacksKeyRefused()
		}
		return fail(Code(fault.KeyRefused), "GitHub does not accept the App's key",
			fmt.Sprintf("GitHub does not accept this key for this client id%s. The key belongs to another App or was deleted, or the App was deleted.", said(v.shown)),
			access.Advise("Open %s, choose the App, compare its client id, and generate a new private key. Paste both here. If the App is gone, register a new one.",
				v.settings("")))
	case causeClock:
		return fail(Code(fault.ClockWrong), "The clock here is wrong",
			fmt.Sprintf("GitHub accepts nothing that is signed here%s: the clock of this machine differs from GitHub's. It shows %s.", said(v.shown), v.now.Format("15:04:05 UTC on 2 January 2006")),
			access.Advise("Set the clock of the machine on which the connector runs, and verify again."))
	case causeAppSuspended, causeSuspended:
		return fail(Code(fault.AppSuspended), "The App's installation is suspended",
			fmt.Sprintf("The installation of %s on %s is suspended.", v.appName(), v.name()),
			access.Advise("An owner of %s lifts the suspension at %s.", v.slug(), v.installed()))
	case causeToken:
		return fail(Code(fault.TokenRefused), "GitHub refuses the App's token",
			fmt.Sprintf("GitHub refuses the installation token%s: the App was uninstalled or suspended a moment ago.", said(v.shown)),
			access.Advise("Look at %s and verify again.", v.installed()))
	case causeUnreachable, causeRateLimited:
		return v.blocked()
	default: // the App itself is not the cause
	}
	f := pass(fmt.Sprintf("It is %s.", v.appName()))
	f.title = "GitHub accepts the App's key"
	return f
}

func (v *verdict) appExpiry() finding {
	if v.bound() {
		return finding{status: Pass, code: CodeOK, title: "The App does not expire", detail: "An installation has no secret, and nothing of it expires."}
	}
	f := pass("A GitHub App does not expire. A reminder comes when the key is a year old.")
	f.title = "The App does not expire"
	return f
}

func (v *verdict) appPermission() finding {
	switch {
	case v.cause == causeWaiting:
		return fail(Code(fault.Waiting), "A permission waits to be accepted",
			fmt.Sprintf("%s asks for %s, and no owner of %s has accepted that yet.", capital(v.appName()), v.lacked(), v.name()), v.acceptPermission())
	case v.cause == causeRules:
		return v.againstRules()
	case v.cause == causePermission && v.lacked() == access.MembersGrant:
		return fail(Code(fault.Permission), "The App lacks the permission that shows who is an owner",
			fmt.Sprintf("%s cannot ask who is an owner of %s: it needs %s.", capital(v.appName()), v.name(), v.lacked()), v.ask(v.lacked()))
	case v.cause == causePermission, v.cause == causeRole, v.cause == causeKind, v.cause == causeScope:
		return fail(Code(fault.Permission), "The App lacks the permission for usage reports",
			fmt.Sprintf("%s may not read the usage reports of %s%s: it needs %s.", capital(v.appName()), v.name(), said(v.shown), v.least(access.Usage)), v.askPermission(access.Usage))
	case v.cause != causeNone:
		return v.blocked()
	}
	if surplus := access.AppSurplus(v.request.Account.Scope, v.kind, v.installation().Permissions); len(surplus) > 0 {
		return warn(CodeSurplusScopes, "The App can do more than is needed",
			fmt.Sprintf("The App can do more than is needed: %s. Whoever gets hold of its key could too.", strings.Join(surplus, ", ")),
			access.Advise("Open %s and set these permissions to \"No access\".", v.settings("/permissions")))
	}
	f := pass("It reads " + strings.Join(slices.Sorted(maps.Keys(v.installation().Permissions)), ", ") + ".")
	f.title = "The App has the permissions it needs, and no more"
	return f
}

// askPermission says how the App gets a permission: its settings first, and then an owner of the account.
func (e *evidence) askPermission(what access.Capability) access.Advice { return e.ask(e.least(what)) }

func (e *evidence) ask(permission access.Grant) access.Advice {
	return access.Advise("Open %s and set %s. Then an owner of %s accepts the change at %s.", e.settings("/permissions"), permission, e.slug(), e.installed())
}

func (e *evidence) acceptPermission() access.Advice {
	return access.Advise("An owner of %s accepts the change at %s. What the App asks for is shown at %s.", e.slug(), e.installed(), e.settings("/permissions"))
}

// lacked returns the permission for want of which GitHub lets the App read nothing.
func (v *verdict) lacked() access.Grant {
	if shown := asError(v.shown); shown != nil && shown.Accepts == access.Members {
		return access.MembersGrant
	}
	return v.least(access.Usage)
}

func (v *verdict) appAccount() finding {
	switch v.cause {
	case causeNotInstallers, causeNotOwner, causeElsewhere:
		return v.notBound()
	case causeNotInstalled:
		if v.bound() {
			return v.uninstalled()
		}
		other := "an enterprise, choose enterprise"
		if v.onEnterprise() {
			other = "an organization, choose organization"
		}
		return fail(Code(fault.NotInstalled), "The App is not installed there",
			fmt.Sprintf("%s is not installed on %s, or there is none of this name.", capital(v.appName()), v.name()),
			access.Advise("An owner of %s installs it at %s. Check the name, too. If it is that of %s as the scope.", v.slug(), v.settings("/installations"), other))
	case causeRenamed:
		return v.renamed()
	case causeOtherAccount:
		return v.otherHasName()
	case causeNoCopilot, causeHidden, causeNoAccount, causeOtherScope:
		return fail(CodeNoCopilot, "There is no Copilot Business or Enterprise",
			fmt.Sprintf("GitHub shows the App nothing of a Copilot of %s.", v.name()), v.subscribe())
	case causeNone:
		f := pass(fmt.Sprintf("%s is installed on %s.", capital(v.appName()), v.name()))
		f.title = "The App is installed on the account"
		return f
	default:
		return v.blocked()
	}
}
