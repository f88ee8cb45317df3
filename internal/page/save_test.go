package page_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// A person who has never seen an API must get from nothing to the idle seats and their cost.
func TestFromNothingToWhoIsIdle(t *testing.T) {
	t.Parallel()
	run := start(t)
	healthy := run.accounts(t)[0]
	b := browse(t, run.address+"/", desktop)
	b.sees("Connect the first account")
	b.press("Add a connector")
	b.choose(healthy.Name)
	b.press("Verify")
	b.until(`page.one(".verdict").innerText.startsWith("Ready to save")`)
	b.until(`page.root().activeElement?.classList.contains("result")`) // so that a screen reader reads the result
	b.fill("#recipients", "owner@example.com")
	b.press("Save connector")
	b.sees("Spend in November 2026")
	b.until(`page.one(".status-active")`)
	b.press("Seats")
	b.click(`[data-tile="idle"]`)
	b.until(`page.all(".seat-idle").length > 0 && page.all(".seat-active").length === 0`)
	b.hasNoTrace(healthy.Token)

	var list struct {
		Connectors []struct{ NotifyEmails []string }
	}
	run.get(t, "/v1/tenants/demo/connectors", &list)
	if len(list.Connectors) != 1 || len(list.Connectors[0].NotifyEmails) != 1 {
		t.Errorf("the saved connectors are %+v", list)
	}
}

// hasNoTrace fails the test if the token is in a place where somebody could find it later.
func (b *tab) hasNoTrace(token string) {
	b.t.Helper()
	places := read[map[string]string](b, `(async () => ({
		"the document": document.documentElement.outerHTML + page.root().innerHTML,
		"a field": page.all("input, textarea").map((e) => e.value).join(" "),
		"the address": location.href + document.title + JSON.stringify(history.state),
		"storage": JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie,
		"databases": JSON.stringify(await indexedDB.databases()) + JSON.stringify(await caches.keys()),
	}))()`)
	b.mu.Lock()
	places["the console"] = strings.Join(b.said, "\n")
	b.mu.Unlock()
	for place, text := range places {
		if strings.Contains(text, token) {
			b.t.Errorf("the token is in %s", place)
		}
	}
}

func TestAConnectedAccountLeadsToItsConnector(t *testing.T) {
	t.Parallel()
	run, path := startConnected(t)
	accounts := run.accounts(t)
	var before, after struct{ Credential struct{ Fingerprint string } }
	run.get(t, path, &before)

	b := browse(t, run.address+"/#/add", desktop)
	b.choose(accounts[1].Name)
	b.press("Verify")
	b.until(`page.one("#save")`)
	b.press("Save connector")
	b.sees("This account has a connector already")
	b.press("Replace its credential with this one")
	b.until(`location.hash.startsWith("#/c/")`)
	b.sees("fine-grained token")
	run.get(t, path, &after)
	if before.Credential == after.Credential {
		t.Error("the token was not replaced")
	}
	b.hasNoTrace(accounts[1].Token)
}

func TestATextThatIsNotAGitHubTokenIsNotSent(t *testing.T) {
	t.Parallel()
	run := shared(t)
	b := browse(t, run.address+"/#/add", desktop)
	b.fill("#slug", "octo-demo")
	b.click("[name=credential]:not(:checked)")
	for pasted, says := range map[string]string{
		"sk-admin-0123456789abcdef": "a key of another AI provider",
		"gho_0123456789abcdef":      "an OAuth access token of GitHub",
		"hunter2":                   "no GitHub personal access token",
		"ghp_abc def":               "something else was copied with it",
		"ghp_":                      "cut off",
	} {
		b.fill("#token", pasted)
		b.press("Verify")
		b.sees(says)
	}
	requests := read[[]string](b, `performance.getEntriesByType("resource").map((e) => e.name)`)
	for _, address := range requests {
		if strings.Contains(address, "/verify") {
			t.Errorf("the text was sent to %s", address)
		}
	}
}

func TestTheTokenIsForgottenAfterAWhileAndOnLeaving(t *testing.T) {
	t.Parallel()
	run := shared(t)
	healthy := run.accounts(t)[0]
	b := browse(t, run.address+"/#/add", desktop)
	b.until(`page.one("#token")`)
	// A quarter of an hour passes at once.
	read[bool](b, `(() => { const set = window.setTimeout; window.setTimeout = (f, ms, ...rest) => set(f, ms >= 900000 ? 0 : ms, ...rest); return true; })()`)
	b.choose(healthy.Name)
	b.until(`page.one("#token").value === ""`)
	b.hasNoTrace(healthy.Token)

	b.fill("#token", healthy.Token)
	read[bool](b, `(window.left = page.one("#token"), true)`)
	b.open("#/")
	b.until(`!page.one("#token") && window.left.value === ""`)
}

func TestDeletingNeedsTheName(t *testing.T) {
	t.Parallel()
	run, path := startConnected(t)
	b := browse(t, run.address+"/#/c/"+idOf(path)+"/health", desktop)
	b.fill("#delete-slug", "octo-dem")
	b.until(`page.one(".destructive").disabled`)
	b.fill("#delete-slug", "octo-demo")
	b.press("Delete connector")
	b.sees("Connect the first account")
	var list struct{ Connectors []json.RawMessage }
	run.get(t, "/v1/tenants/demo/connectors", &list)
	if len(list.Connectors) != 0 {
		t.Errorf("%d connectors are left", len(list.Connectors))
	}
}
