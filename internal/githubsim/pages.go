package githubsim

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"slices"
)

// GitHub's pages for registering and installing an App, much shortened.
const pageTop = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Simulated GitHub</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui;max-width:40em;margin:3em auto;padding:0 1em}</style><p><b>This is the simulated GitHub.</b></p>
`

// showPage answers with a page. Every argument is escaped.
func showPage(w http.ResponseWriter, status int, format string, args ...string) {
	escaped := make([]any, len(args))
	for i, arg := range args {
		escaped[i] = html.EscapeString(arg)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, pageTop+format, escaped...) // fails only if the browser has disconnected
}

func showMessage(w http.ResponseWriter, status int, message string) {
	showPage(w, status, "<p>%s</p>\n", message)
}

// showRegister shows the App to be registered, with the button that registers it.
func showRegister(w http.ResponseWriter, organization, state string, m manifest, posted string) {
	may := ""
	for _, name := range slices.Sorted(maps.Keys(m.Permissions)) {
		may += name + ": " + m.Permissions[name] + "; "
	}
	showPage(w, http.StatusOK, `<h1>Create GitHub App for %[1]s</h1>
<form method="post" action="/organizations/%[1]s/settings/apps?state=%[2]s"><input type="hidden" name="manifest" value="%[3]s">
<p><label>GitHub App name <input name="name" value="%[4]s" maxlength="34" required></label></p>
<p>It may: %[5]s</p>
<p><button id="create">Create GitHub App for %[1]s</button></p></form>
`, organization, state, posted, m.Name, may)
}

func showInstall(w http.ResponseWriter, app, owner string) {
	showPage(w, http.StatusOK, `<h1>Install %[1]s</h1>
<form method="post" action="/apps/%[1]s/installations"><p><button id="install">Install on %[2]s</button></p></form>
`, app, owner)
}
