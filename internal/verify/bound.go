package verify

import (
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// bound reports whether an installation of the stack's own App is judged.
func (e *evidence) bound() bool { return e.kind == credential.GitHubAppInstallation }

// unproved reports whether nothing has shown yet whose installation it is. A fault of the account can be the reason.
func (e *evidence) unproved() bool { return e.bound() && e.installation().AccountID == "" }

// slug returns the account's name for a sentence, also if the name is not known yet.
func (e *evidence) slug() string {
	if e.request.Account.Slug == "" {
		return "the account"
	}
	return e.request.Account.Slug
}

// installPage returns the page on which an owner installs the stack's App. GitHub sends the owner back from there with a code.
func (e *evidence) installPage() access.Link {
	return access.Link{
		Title: "Install the App", URL: fmt.Sprintf("https://%s/apps/%s/installations/new", e.request.Account.Host, e.installation().Slug),
	}
}

func (e *evidence) connectAgain() access.Advice {
	return access.Advise("An owner of %s signs in to GitHub, opens %s, and comes back from there to CloudMonitor, which connects the account.", e.slug(), e.installPage())
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
