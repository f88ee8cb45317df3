package verify

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

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

func (v *verdict) codeRefused() finding {
	return fail(Code(fault.CodeRefused), "GitHub does not accept the code",
		fmt.Sprintf("GitHub does not accept the code that shows who installs the App%s. A code is good for one call and ten minutes, and for the App that it was made for.",
			said(v.shown)), v.connectAgain())
}

func (v *verdict) stacksKeyRefused() finding {
	return fail(Code(fault.KeyRefused), "GitHub does not accept the key of CloudMonitor's App",
		fmt.Sprintf("GitHub does not accept the key of %s%s. The key or the App was deleted.", v.appName(), said(v.shown)),
		access.Advise("%s has nothing to do: the people who run CloudMonitor must mend its App.", v.slug()))
}

// notBound returns the finding that nothing proves that the installation belongs to the caller.
func (v *verdict) notBound() finding {
	id := v.installation().ID
	switch v.cause {
	case causeNotInstallers:
		return fail(Code(fault.NotInstallers), "The installation is not among the installer's",
			fmt.Sprintf("GitHub does not list the installation %d of %s for the person who signed in.", id, v.appName()), v.connectAgain())
	case causeNotOwner:
		return fail(Code(fault.NotOwner), "The installer is not an owner of the account",
			fmt.Sprintf("The person who signed in is not an owner of the organization of the installation %d. Only an owner can connect it.", id), v.connectAgain())
	default:
		return fail(Code(fault.Elsewhere), "The App is installed on another account",
			fmt.Sprintf("The installation %d is not on %s%s.", id, v.name(), why(v.shown)),
			access.Advise("Give the name and scope of the account on which the App is installed, or neither. To install it on %s: %s", v.slug(), v.installPage()))
	}
}

// uninstalled returns the finding that the installation is gone. If the App is installed again, that proves nothing about the person.
func (v *verdict) uninstalled() finding {
	return fail(Code(fault.NotInstalled), "The App is not installed any more",
		fmt.Sprintf("The installation %d of %s is gone: the App was uninstalled.", v.installation().ID, v.appName()),
		access.Together(" ", v.connectAgain(), access.Advise("That is also needed if the App is already installed again.")))
}
