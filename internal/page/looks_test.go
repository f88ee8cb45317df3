package page_test

import (
	"fmt"
	"strings"
	"testing"
)

var views = []view{
	{width: 320, height: 640, scheme: "light"},
	{width: 320, height: 640, scheme: "dark"},
	{width: 768, height: 1024, scheme: "light"},
	{width: 1440, height: 900, scheme: "light"},
	{width: 1440, height: 900, scheme: "dark"},
	{width: 3840, height: 2160, scheme: "light"},
}

// Every screen is drawn at each width and in both colour schemes. Nothing may be wider than the window. The pictures are kept for
// people to look at.
func TestEveryScreenFitsEveryWindow(t *testing.T) {
	t.Parallel()
	run := shared(t)
	accounts := run.accounts(t)
	id := idOf(connected(t, accounts[0]))
	for _, v := range views {
		t.Run(fmt.Sprintf("%d %s", v.width, v.scheme), func(t *testing.T) {
			t.Parallel()
			b := browse(t, run.address+"/", v)
			b.sees("octo-demo")
			b.until(`page.one(".card [data-figure=idleSeatCost]")`)
			b.fits("connectors")
			for tab, shows := range map[string]string{
				"overview": "People a day", "usage": "Day by day", "people": "octo-dev-", "teams": "What each team costs", "seats": "octo-dev-", "cost": "How it adds up", "health": "Who changed what",
			} {
				b.open("#/c/" + id + "/" + tab)
				b.sees(shows)
				b.until(`page.all(".loading").length === 0`)
				b.fits(tab)
			}
			for _, name := range []string{"healthy organization, classic token", "missing scope"} {
				b.open("#/add")
				b.choose(name)
				b.press("Verify")
				b.until(`page.one(".verdict")`)
				b.fits(strings.Fields(name)[0])
			}
		})
	}
}

// fits saves a picture, and fails the test if the page is wider than the window.
func (b *tab) fits(name string) {
	b.t.Helper()
	b.shoot(name)
	beyond := read[[]string](b, `(() => { const width = document.documentElement.clientWidth; if (document.documentElement.scrollWidth <= width) return [];
		return page.all("*").filter((e) => e.getBoundingClientRect().right > width + 1).map((e) => e.tagName + "." + e.getAttribute("class")).slice(0, 8); })()`)
	if len(beyond) > 0 {
		b.t.Errorf("%s is wider than the window: %v", name, beyond)
	}
}
