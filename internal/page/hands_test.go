package page_test

import (
	"fmt"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// click clicks with the mouse on the element that the selector finds.
func (b *tab) click(selector string) { b.t.Helper(); b.clickOn(fmt.Sprintf("page.one(%q)", selector)) }

// press clicks on the button or link of that name.
func (b *tab) press(name string) { b.t.Helper(); b.clickOn(fmt.Sprintf("page.named(%q)", name)) }

// clickOn clicks on an element once it is enabled and holds still: panels that arrive late move what is below them.
func (b *tab) clickOn(element string) {
	b.t.Helper()
	b.until(`(() => {
		const e = ` + element + `;
		if (!e || e.disabled) return false;
		e.scrollIntoView({block: "center"});
		const {x, y} = e.getBoundingClientRect(), at = x + " " + y, still = e.lastSeenAt === at;
		e.lastSeenAt = at;
		return still;
	})()`)
	at := read[struct{ X, Y float64 }](b, `(() => { const e = `+element+`; e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return {X: r.x + r.width / 2, Y: r.y + r.height / 2}; })()`)
	b.do("click "+element, chromedp.MouseClickXY(at.X, at.Y))
}

// fill types a text into a field.
func (b *tab) fill(selector, text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("page.one(%q)", selector))
	read[bool](b, fmt.Sprintf("(() => { const e = page.one(%q); e.focus(); e.select(); return true; })()", selector))
	b.do("type into "+selector, call(input.InsertText, input.InsertTextParams{Text: text}))
}

// choose selects a simulated account.
func (b *tab) choose(name string) {
	b.t.Helper()
	b.until(`page.one("#example")`)
	read[bool](b, fmt.Sprintf(`(() => { const s = page.one("#example"); s.value = [...s.options].find((o) => o.text.startsWith(%q)).value; s.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`, name+":"))
}

// enter presses the Enter key.
var enter = chromedp.KeyEvent(kb.Enter)

func (b *tab) reload() { b.t.Helper(); b.do("reload", chromedp.Reload()) }

// open goes to a place within the page.
func (b *tab) open(hash string) {
	b.t.Helper()
	read[bool](b, fmt.Sprintf("(location.hash = %q, true)", hash))
}
