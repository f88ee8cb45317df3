package page_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// simulatedApp is a simulated account for a GitHub App.
type simulatedApp struct {
	Name string
	App  struct{ ClientID, PrivateKey string }
}

// An App is pasted, verified, saved and replaced by another credential, in the narrowest window. No trace of the key may stay.
func TestAGitHubAppIsPastedVerifiedSavedAndReplaced(t *testing.T) {
	t.Parallel()
	run := start(t)
	var apps []simulatedApp
	run.get(t, "/local/simulated-apps", &apps)
	working := apps[0]
	b := browse(t, run.address+"/#/add", view{width: 320, height: 640, scheme: "dark"})
	b.choose("GitHub App suspended")
	b.press("Verify")
	b.until(`page.one("[data-code=app_suspended] .remedy a")`)
	b.choose(working.Name)
	b.until(`!page.one(".verdict")`)
	b.press("Verify")
	b.until(`page.one(".verdict").innerText.startsWith("Ready to save")`)
	b.isAccessible("add an App")
	b.fits("add-app", []string{"dark"})
	b.press("Save connector")
	b.until(`location.hash.startsWith("#/c/")`)
	b.hasNoTraceOfKey(working.App.PrivateKey)

	b.open("#/c/" + strings.TrimSuffix(strings.TrimPrefix(read[string](b, "location.hash"), "#/c/"), "/overview") + "/health")
	for _, text := range []string{"octo-copilot-reader", working.App.ClientID, "SHA256:", "organization_copilot_metrics: read", "a mail asks for a new key a year after"} {
		b.sees(text)
	}
	b.fill("#new-client-id", working.App.ClientID)
	b.chooseKeyFile(working.App.PrivateKey)
	b.until(`page.one("#new-private-key").value !== ""`)
	b.press("Replace credential")
	b.sees("The new credential is in use.")
	b.hasNoTraceOfKey(working.App.PrivateKey)

	healthy := run.accounts(t)[0] // its token does not read this account
	b.click(`.rotate [name=credential]:not(:checked)`)
	b.fill("#new-token", healthy.Token)
	b.press("Replace credential")
	b.until(`page.one(".rotate .check-fail .remedy")`)
	b.isAccessible("health of an App")
	b.fits("health-app", []string{"dark"})

	accounts := run.accounts(t) // one has a token that reads this account
	token := accounts[slices.IndexFunc(accounts, func(a account) bool { return a.Slug == "octo-app" })].Token
	b.fill("#new-token", token)
	b.press("Replace credential")
	b.sees("@octo-owner's classic token")
	b.sees("The new credential is in use.")
	b.click(`.rotate [name=credential]:not(:checked)`)
	b.fill("#new-client-id", working.App.ClientID)
	b.chooseKeyFile(working.App.PrivateKey)
	b.until(`page.one("#new-private-key").value !== ""`)
	b.press("Replace credential")
	b.until(`!page.text().includes("classic token") && page.text().includes("The new credential is in use.")`)
	b.open("#/")
	b.sees("GitHub App does not end, key")
	b.hasNoTrace(healthy.Token)
	b.hasNoTrace(token)
	b.hasNoTraceOfKey(working.App.PrivateKey)
}

// chooseKeyFile chooses a file with that text.
func (b *tab) chooseKeyFile(key string) {
	b.t.Helper()
	text, _ := json.Marshal(key)
	read[bool](b, `(() => { const files = new DataTransfer(); files.items.add(new File([`+string(text)+`], "key.pem"));
		const e = page.one("#new-key-file"); e.files = files.files; e.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`)
}

// hasNoTraceOfKey fails the test if it finds a line of the key.
func (b *tab) hasNoTraceOfKey(key string) {
	b.t.Helper()
	b.hasNoTrace(strings.Split(key, "\n")[2])
	if files := read[int](b, `page.all("input[type=file]").reduce((n, e) => n + e.files.length, 0)`); files != 0 {
		b.t.Errorf("%d files are still chosen", files)
	}
}

func TestATextThatIsNotAPrivateKeyIsNotSent(t *testing.T) {
	t.Parallel()
	run := shared(t)
	b := browse(t, run.address+"/#/add", desktop)
	b.until(`page.one("[name=credential]")`)
	b.click("[name=credential]")
	b.fill("#slug", "octo-app")
	b.fill("#client-id", "Iv23licanary")
	for pasted, says := range map[string]string{
		"ghp_012345678": "not the whole file of a private key",
		"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA\n-----END ENCRYPTED PRIVATE KEY-----": "an encrypted key",
		"-----BEGIN RSA PRIVATE KEY-----\nAA":                                            "not the whole file of a private key",
	} {
		b.fill("#private-key", pasted)
		b.press("Verify")
		b.sees(says)
	}
	if n := read[int](b, `performance.getEntriesByType("resource").filter((e) => e.name.endsWith("/verify")).length`); n != 0 {
		t.Errorf("the text was sent %d times", n)
	}
}
