package page_test

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// axe-core must find nothing on any screen, with all folded parts open.
func TestEveryScreenIsAccessible(t *testing.T) {
	t.Parallel()
	run := shared(t)
	accounts := run.accounts(t)
	id := idOf(connected(t, accounts[0]))
	b := browse(t, run.address+"/", desktop)
	b.until(`page.one(".card [data-figure=idleSeatCost]")`)
	b.isAccessible("connectors")
	for _, tab := range []string{"overview", "usage", "people", "teams", "seats", "cost", "health"} {
		b.open("#/c/" + id + "/" + tab)
		b.until(`page.one(".tabs [aria-current]")?.innerText.toLowerCase() === "` + tab + `" && page.all(".loading").length === 0 && page.all(".panel").length > 0`)
		b.isAccessible(tab)
	}
	b.open("#/add")
	for _, name := range []string{accounts[0].Name, "missing scope", "expires soon"} {
		b.choose(name)
		b.until(`page.named("Verify")`)
		b.press("Verify")
		b.until(`page.one(".verdict")`)
		b.isAccessible("add: " + name)
	}
}

// isAccessible runs all rules of axe-core in the light scheme. The dark scheme only has other colours, so there it runs the rules
// about colours.
func (b *tab) isAccessible(screen string) {
	b.t.Helper()
	axe, err := os.ReadFile("third_party/axe-core/axe.min.js")
	if err != nil {
		b.t.Fatal(err)
	}
	read[bool](b, "if (!window.axe) {"+string(axe)+"}; true")
	for scheme, rules := range map[string]string{"light": "undefined", "dark": `["color-contrast", "link-in-text-block"]`} {
		b.look(scheme)
		found := read[[]string](b, `(async () => {
			page.all("details").forEach((d) => d.open = true);
			const {violations} = await axe.run(document, {resultTypes: ["violations"], runOnly: `+rules+`});
			return violations.map((v) => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map((n) => n.html + " " + n.failureSummary).join(" | "));
		})()`)
		for _, what := range found {
			b.t.Errorf("%s, %s: %s", screen, scheme, what)
		}
	}
}

// The keyboard alone must be enough from the empty page to the idle seats.
func TestTheKeyboardAloneIsEnough(t *testing.T) {
	t.Parallel()
	run := start(t)
	healthy := run.accounts(t)[0]
	b := browse(t, run.address+"/", desktop)
	b.sees("Connect the first account")
	b.tabTo("Add a connector")
	b.keys(kb.Enter)
	b.until(`page.one("#slug")`)
	b.tabToField("slug")
	b.keys(healthy.Slug)
	b.tabUntil("the choice of a credential", `e.name === "credential"`)
	b.keys(kb.ArrowRight) // from the App to the token
	b.tabToField("token")
	b.keys(healthy.Token + kb.Enter)
	b.until(`page.one(".verdict").innerText.startsWith("Ready to save")`)
	b.tabTo("Save connector")
	b.keys(kb.Enter)
	b.until(`page.one(".status-active")`)
	b.tabTo("Seats")
	b.keys(kb.Enter)
	b.until(`page.one("[data-tile=idle]")`)
	b.tabTo("Choose all shown")
	b.keys(kb.Enter)
	b.until(`page.one(".reclaim pre")?.innerText.includes("gh api --method DELETE /orgs/octo-demo/")`)
}

func (b *tab) keys(text string) {
	b.t.Helper()
	b.do("type", chromedp.KeyEvent(text))
}

// tabTo presses Tab until the control of that name has the focus.
func (b *tab) tabTo(name string) {
	b.t.Helper()
	b.tabUntil(name, `(e.getAttribute("aria-label") ?? e.innerText).trim() === "`+name+`"`)
}

func (b *tab) tabToField(id string) { b.t.Helper(); b.tabUntil(id, `e.id === "`+id+`"`) }

func (b *tab) tabUntil(what, holds string) {
	b.t.Helper()
	for range 120 {
		b.keys(kb.Tab)
		if read[bool](b, `(() => { const e = page.root().activeElement ?? document.activeElement; return !!e && (`+holds+`); })()`) {
			return
		}
	}
	b.shoot("failed")
	b.t.Fatalf("Tab never reaches %s", what)
}
