package page_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	devpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long a test waits for what the page must show.
const patience = 30 * time.Second

// atATime is how many browsers run side by side.
var atATime = make(chan struct{}, 2)

// tab is a browser with one page open.
type tab struct {
	t   testing.TB
	ctx context.Context

	mu    sync.Mutex
	said  []string // on the console, violations of the policy among them
	wrong []string // errors and violations
}

// view is how somebody looks at the page.
type view struct {
	width  int64
	height int64
	scheme string
	before string // a script that runs before the page's own
}

var desktop = view{width: 1280, height: 900, scheme: "light"}

// helpers reach into the element's shadow tree.
const helpers = `
window.page = {
	root: () => document.querySelector("copilot-connectors")?.shadowRoot ?? document,
	one: (selector) => page.root().querySelector(selector) ?? document.querySelector(selector),
	all: (selector) => [...page.root().querySelectorAll(selector)],
	named: (text) => [...page.all("a, button, summary, input, select"), ...document.querySelectorAll("button")].find((e) => (e.getAttribute("aria-label") ?? e.innerText ?? "").trim() === text),
	text: () => page.root().querySelector("main")?.innerText ?? document.body.innerText,
	until: (holds) => new Promise((done) => { const look = () => { let is; try { is = holds(); } catch {} is ? done(true) : requestAnimationFrame(look); }; look(); }),
};
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective + " " + e.blockedURI + " " + e.sample));
`

// browse opens an address in a fresh browser. What goes wrong in the page fails the test.
func browse(t testing.TB, address string, v view) *tab {
	t.Helper()
	path := chromium(t)
	atATime <- struct{}{}
	t.Cleanup(func() { <-atATime })
	dir, err := os.MkdirTemp("", "browser") // Chromium still writes when it is told to end, so t.TempDir would complain
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	allocator, stop := chromedp.NewExecAllocator(t.Context(),
		chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("lang", "en-US"),
		chromedp.Flag("hide-scrollbars", true), chromedp.WSURLReadTimeout(patience))
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil { // it starts the browser, which lives as long as ctx
		t.Fatalf("start %s: %v", path, err)
	}
	b.do("look as "+v.scheme,
		call(log.Enable, cdp.Empty{}),
		call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: v.width, Height: v.height, DeviceScaleFactor: 1, Mobile: v.width < 600}),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: v.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}}),
		call(devpage.AddScriptToEvaluateOnNewDocument, devpage.AddScriptToEvaluateOnNewDocumentParams{Source: helpers + v.before}),
		chromedp.Navigate(address))
	t.Cleanup(b.checkNothingWentWrong)
	return b
}

// call makes an action of a command, whose answer nobody needs.
func call[P, R any](command cdp.Command[P, R], parameters P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, command, parameters)
		return chromedp.Void{}, err
	}
}

// chromium finds the browser. Where there is none the test is skipped by name; with CI=true it fails.
func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const what = "the tests in a browser: they need Chromium (.ci/chromium installs it)"
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip("skipped: " + what)
	return ""
}

func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		for _, argument := range e.Args {
			b.said = append(b.said, string(argument.Value)+argument.Description)
		}
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			b.wrong = append(b.wrong, b.said[len(b.said)-1])
		}
	case *runtime.EventExceptionThrown:
		b.wrong = append(b.wrong, e.ExceptionDetails.Text+" "+description(e.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		b.said = append(b.said, e.Entry.Text)
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork { // what the API refuses is no fault of the page
			b.wrong = append(b.wrong, e.Entry.Text)
		}
	}
}

func description(thrown *runtime.RemoteObject) string {
	if thrown == nil {
		return ""
	}
	return thrown.Description
}

func (b *tab) checkNothingWentWrong() {
	var violations []string
	if b.ctx.Err() == nil && !b.t.Failed() {
		violations = read[[]string](b, "window.violations")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, what := range append(violations, b.wrong...) {
		b.t.Errorf("the page: %s", what)
	}
}

func (b *tab) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.shoot("failed")
		b.t.Fatalf("%s: %v", what, err)
	}
}

// read evaluates an expression, a promise too.
func read[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.shoot("failed")
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits until an expression holds.
func (b *tab) until(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("page.until(() => "+expression+")", chromedp.EvalAwaitPromise))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), "navigated") { // else the next document is looked at
			b.shoot("failed")
			b.t.Fatalf("%s: %v", expression, err)
		}
	}
}

// sees waits until a text is on the screen.
func (b *tab) sees(text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("page.text().includes(%q)", text))
}

// click clicks with the mouse on what a selector finds.
func (b *tab) click(selector string) { b.t.Helper(); b.clickOn(fmt.Sprintf("page.one(%q)", selector)) }

// press clicks on the button or link that is named so.
func (b *tab) press(name string) { b.t.Helper(); b.clickOn(fmt.Sprintf("page.named(%q)", name)) }

// clickOn clicks where an element is once it takes clicks and holds still: panels that come late move what is below them.
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

// choose chooses a simulated account.
func (b *tab) choose(name string) {
	b.t.Helper()
	b.until(`page.one("#example")`)
	read[bool](b, fmt.Sprintf(`(() => { const s = page.one("#example"); s.value = [...s.options].find((o) => o.text.startsWith(%q)).value; s.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`, name+":"))
}

// enter presses the key of that name.
var enter = chromedp.KeyEvent(kb.Enter)

func (b *tab) reload() { b.t.Helper(); b.do("reload", chromedp.Reload()) }

// open goes to a place within the page.
func (b *tab) open(hash string) {
	b.t.Helper()
	read[bool](b, fmt.Sprintf("(location.hash = %q, true)", hash))
}

// shoot keeps what is on the screen, all of it, to be looked at.
func (b *tab) shoot(name string) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Logf("no screenshot: %v", err)
		return
	}
	dir := filepath.Join("..", "..", ".cache", "screenshots")
	path := filepath.Join(dir, strings.NewReplacer("/", "-", " ", "-").Replace(b.t.Name()+"-"+name)+".png")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.t.Logf("screenshot: %s", path)
}
