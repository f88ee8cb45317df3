package page_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A person who has no App: GitHub registers it in another tab, and an owner installs it there.
func TestAnAppIsRegisteredInstalledAndSavedFromThePage(t *testing.T) {
	t.Parallel()
	run := start(t)
	v := desktop
	v.before = `window.posted = null; const submit = HTMLFormElement.prototype.submit;
		HTMLFormElement.prototype.submit = function () { window.posted = {Action: this.action, Manifest: this.manifest.value}; submit.call(this); };`
	b := browse(t, run.address+"/#/add", v)
	b.until(`page.named("Connect CloudMonitor's App")`)
	b.press("Create the App on GitHub")
	b.sees("Type the organization's name first.")
	b.fill("#slug", "octo-app-not-installed")
	b.press("Create the App on GitHub")
	b.until("window.posted")
	posted := read[struct{ Action, Manifest string }](b, "window.posted")
	if back := post(t, posted.Action, url.Values{"manifest": {posted.Manifest}}); back != "" {
		t.Fatalf("GitHub redirects to %s without a question", back)
	}
	back := post(t, strings.Replace(posted.Action, "/apps/new", "/apps", 1), url.Values{"manifest": {posted.Manifest}})
	b.another(back)
	b.front()
	b.sees("is made. Its client id and key are filled in below")
	key := read[string](b, `page.one("#private-key").value`)
	b.press("Verify")
	b.until(`page.one("[data-code=app_not_installed] .remedy a")`)
	install := read[string](b, `page.named("Install the App on GitHub").href`)
	post(t, strings.TrimSuffix(install, "/new"), nil)
	b.press("Verify again")
	b.until(`page.one(".verdict")?.innerText.startsWith("Ready to save")`)
	b.press("Save connector")
	b.until(`location.hash.startsWith("#/c/")`)
	b.hasNoTrace(key[100:160])
	if left := read[string](b, `JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage}) + document.cookie`); left != "{}{}" {
		t.Errorf("the registration leaves behind: %s", left)
	}
}

// post posts a form to the simulated GitHub, and returns the address of the redirect.
func post(t *testing.T, address string, form url.Values) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s got %d", address, response.StatusCode)
	}
	return response.Header.Get("Location")
}

// The page must not use a code that it has not asked for: it could be the code of another person's App.
func TestACodeWithAnotherStateIsNotTaken(t *testing.T) {
	t.Parallel()
	run := start(t)
	b := browse(t, run.address+"/?code=stolen&state=app.forged#/add", desktop)
	b.sees("The tab in which you began is gone")
	if address := read[string](b, "location.href"); strings.Contains(address, "stolen") {
		t.Errorf("the code stays in the address: %s", address)
	}
	if n := read[int](b, `performance.getEntriesByType("resource").filter((e) => e.name.includes("registration")).length`); n != 0 {
		t.Errorf("the code was exchanged")
	}
}

// CloudMonitor's own App is connected by one button: no name and no key. Each call has a proof of its own.
func TestCloudMonitorsAppIsConnectedByOneButton(t *testing.T) {
	t.Parallel()
	run := start(t)
	v := desktop
	v.before = `window.open = (url) => { window.opened = url; return null; };`
	b := browse(t, run.address+"/#/add", v)
	opened := func() (page string) {
		t.Helper()
		b.until("window.opened")
		page = read[string](b, "window.opened")
		read[bool](b, "(window.opened = null, true)")
		return page
	}
	choose := func(page, link string) {
		t.Helper()
		choice := regexp.MustCompile(`href="(\?[^"]*` + link + `[^"]*)"`).FindStringSubmatch(get(t, page).text)
		if choice == nil {
			t.Fatalf("the page offers no owner: %s", get(t, page).text)
		}
		address, _, _ := strings.Cut(page, "?")
		b.another(get(t, address+html.UnescapeString(choice[1])).header.Get("Location"))
		b.front()
	}
	for query, says := range map[string]string{
		"&setup_action=request":                       "An owner must press this button",
		"&error=access_denied&error_description=none": "GitHub has sent no proof back",
	} {
		b.press("Connect CloudMonitor's App")
		b.sees("GitHub is open in another tab")
		b.press("Open it again")
		_, state, _ := strings.Cut(opened(), "state=")
		b.another(run.address + "/?state=" + state + query)
		b.front()
		b.sees(says)
	}
	b.press("Connect CloudMonitor's App")
	choose(opened(), "installation_id=51000010[^\"]*login=octo-owner")
	b.until(`page.one(".verdict")?.innerText.startsWith("Ready to save")`)
	b.press("Save connector")
	again := opened()
	if !strings.Contains(again, "/login/oauth/authorize?client_id=") { // GitHub sends nobody back from the page of an App that is installed already
		t.Errorf("the second proof is asked for at %s", again)
	}
	choose(again, "login=octo-owner")
	b.until(`location.hash.startsWith("#/c/")`)
	b.open(strings.Replace(read[string](b, "location.hash"), "/overview", "/health", 1))
	b.sees("none that you keep")
}
