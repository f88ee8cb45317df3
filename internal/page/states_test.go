package page_test

import "testing"

func TestOnlyTheVisibleOfTenThousandSeatsAreDrawn(t *testing.T) {
	t.Parallel()
	s := stub(t, 10_000)
	b := browse(t, s.address+"/#/c/"+stubID+"/seats", desktop)
	b.until(`page.one("table[aria-rowcount='10001']")`)
	if rows := read[int](b, `page.all("tbody tr").length`); rows > 60 {
		t.Errorf("%d rows are drawn at once", rows)
	}
	b.press("Person")
	read[bool](b, `(() => { const f = page.one(".windowed"); f.scrollTop = f.scrollHeight; return true; })()`)
	b.until(`page.one(".windowed").innerText.includes("dev-09999")`)
	b.until(`page.one("tr[aria-rowindex='10001']")`)

	read[bool](b, `dispatchEvent(new Event("beforeprint"))`) // paper does not scroll
	b.until(`page.all("tbody tr").length === 2000`)
	b.sees("8,000 more rows are not on paper: the table saved as CSV has them all.")
	read[bool](b, `dispatchEvent(new Event("afterprint"))`)
	b.until(`page.all("tbody tr").length < 60`)
}

// Every tab shows a failed call with its request id and tries again. It keeps earlier numbers, with a warning.
func TestEveryTabShowsWhatFailedAndKeepsItsOldContent(t *testing.T) {
	t.Parallel()
	s := stub(t, 3)
	b := browse(t, s.address+"/#/", desktop)
	for _, name := range []string{"overview", "usage", "people", "teams", "seats", "cost", "health"} {
		s.failing.Store(true)
		b.open("#/c/" + stubID + "/" + name)
		b.until(`page.one("main .tabs") && page.one(".failure, .stale button") && page.all(".loading").length === 0`)
		b.sees("The store cannot be read.")
		b.sees("Request request-17")
		s.failing.Store(false)
		b.until(`(page.all(":is(.failure, .stale) button").filter((e) => e !== e.pressed).forEach((e) => { e.pressed = e; e.click(); }), !page.one(".failure, .stale button, .loading"))`)

		b.open("#/")
		b.until(`page.one("main h1")?.innerText === "GitHub Copilot connectors" && page.all(".loading").length === 0`)
		s.failing.Store(true)
		b.open("#/c/" + stubID + "/" + name)
		b.until(`page.text().includes("reading again failed: The store cannot be read. Request request-17.")`)
		b.until(`page.all(".failure").length === 0`)
	}
}

// A browser under LANG=C reports languages that Intl refuses.
func TestABrowserWithoutALanguageShowsThePage(t *testing.T) {
	t.Parallel()
	s := stub(t, 3)
	b := browse(t, s.address+"/#/c/"+stubID+"/seats", view{
		width: 1280, height: 900, scheme: "light",
		before: `Object.defineProperty(navigator, "languages", {get: () => ["c", "en-US@posix"]});`,
	})
	b.sees("dev-00002")
}

func TestConnectorsInTroubleComeFirst(t *testing.T) {
	t.Parallel()
	b := browse(t, stub(t, 3).address+"/", desktop)
	b.until(`page.all(".card h2").map((h) => h.innerText).join() === "refused,big"`)
}

func TestOlderChangesAreReadWhenSomebodyAsks(t *testing.T) {
	t.Parallel()
	b := browse(t, stub(t, 3).address+"/#/c/"+stubID+"/health", desktop)
	b.sees("the newest change")
	b.press("Show older ones")
	b.sees("the oldest change")
	b.until(`!page.named("Show older ones")`)
}

func TestAListThatFindsNothingSaysSo(t *testing.T) {
	t.Parallel()
	b := browse(t, stub(t, 3).address+"/#/c/"+stubID+"/people?team=backend", desktop)
	b.sees("Nobody is like that. Search for less, or choose another team.")
}
