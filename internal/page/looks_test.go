package page_test

import (
	"fmt"
	"strings"
	"testing"
)

var windows = []struct {
	width, height int64
	schemes       []string
}{
	{320, 640, []string{"light", "dark"}},
	{768, 1024, []string{"light"}},
	{1440, 900, []string{"light", "dark"}},
	{3840, 2160, []string{"light"}},
}

// Every screen is drawn at each width and in both colour schemes. Nothing may be wider than the window. The pictures are kept for
// people to look at.
func TestEveryScreenFitsEveryWindow(t *testing.T) {
	t.Parallel()
	run := shared(t)
	accounts := run.accounts(t)
	id := idOf(connected(t, accounts[0]))
	for _, w := range windows {
		t.Run(fmt.Sprint(w.width), func(t *testing.T) {
			t.Parallel()
			b := browse(t, run.address+"/", view{width: w.width, height: w.height, scheme: "light"})
			b.sees("octo-demo")
			b.until(`page.one(".card [data-figure=idleSeatCost]")`)
			b.fits("connectors", w.schemes)
			for tab, shows := range map[string]string{
				"overview": "People a day", "usage": "Day by day", "people": "octo-dev-", "teams": "What each team costs", "seats": "octo-dev-", "cost": "How it adds up", "health": "Who changed what",
			} {
				b.open("#/c/" + id + "/" + tab)
				b.sees(shows)
				b.until(`page.all(".loading").length === 0`)
				b.fits(tab, w.schemes)
			}
			for _, name := range []string{"healthy organization, classic token", "missing scope"} {
				b.open("#/add")
				b.choose(name)
				b.press("Verify")
				b.until(`page.one(".verdict")`)
				b.fits(strings.Fields(name)[0], w.schemes)
			}
		})
	}
}

// fits saves a picture in each scheme, and fails the test if the page is wider than the window.
func (b *tab) fits(name string, schemes []string) {
	b.t.Helper()
	for _, scheme := range schemes {
		b.look(scheme)
		b.shoot(name + "-" + scheme)
		b.isNotTooWide(name)
	}
}

func (b *tab) isNotTooWide(name string) {
	b.t.Helper()
	beyond := read[[]string](b, `(() => { const width = document.documentElement.clientWidth; if (document.documentElement.scrollWidth <= width) return [];
		return page.all("*").filter((e) => e.getBoundingClientRect().right > width + 1).map((e) => e.tagName + "." + e.getAttribute("class")).slice(0, 8); })()`)
	if len(beyond) > 0 {
		b.t.Errorf("%s is wider than the window: %v", name, beyond)
	}
}
