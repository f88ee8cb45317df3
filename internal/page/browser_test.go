package page_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	devpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for something on the page.
const patience = 60 * time.Second

// tab is a window of the browser with one page open.
type tab struct {
	t   testing.TB
	ctx context.Context

	mu    sync.Mutex
	said  []string // on the console, with violations of the policy
	wrong []string // errors and violations
}

// view is the window and the settings with which a person looks at the page.
type view struct {
	width  int64
	height int64
	scheme string
	before string // a script that runs before the page's own
}

var desktop = view{width: 1280, height: 900, scheme: "light"}

// helpers find elements in the element's shadow tree.
const helpers = `
window.page = {
	root: () => document.querySelector("copilot-connectors")?.shadowRoot ?? document,
	one: (selector) => page.root().querySelector(selector) ?? document.querySelector(selector),
	all: (selector) => [...page.root().querySelectorAll(selector)],
	named: (text) => [...page.all("a, button, summary, input, select"), ...document.querySelectorAll("button")].find((e) => (e.getAttribute("aria-label") ?? e.innerText ?? "").trim() === text),
	text: () => page.root().querySelector("main")?.innerText ?? document.body.innerText,
	until: (holds) => new Promise((done) => { const look = () => { let is; try { is = holds(); } catch {} is ? done(true) : setTimeout(look, 40); }; look(); }),
};
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective + " " + e.blockedURI + " " + e.sample));
`

// browse opens an address in a window of its own, which shares nothing with other windows. Errors in the page fail the test.
func browse(t testing.TB, address string, v view) *tab {
	t.Helper()
	b := &tab{t: t}
	ctx, cancel := chromedp.NewContext(browser(t), chromedp.WithNewBrowserContext(), chromedp.WithListener(b.listen))
	t.Cleanup(cancel)
	b.ctx = ctx
	if err := chromedp.Do(ctx); err != nil { // this opens the window, which lives as long as ctx
		t.Fatalf("open a window: %v", err)
	}
	b.look(v.scheme)
	b.do("open "+address,
		call(log.Enable, cdp.Empty{}),
		call(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}), // although another test's window is in front
		call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: v.width, Height: v.height, DeviceScaleFactor: 1, Mobile: v.width < 600}),
		call(devpage.AddScriptToEvaluateOnNewDocument, devpage.AddScriptToEvaluateOnNewDocumentParams{Source: helpers + v.before}),
		chromedp.Navigate(address))
	t.Cleanup(b.checkNothingWentWrong)
	return b
}

// look sets the colour scheme that the person prefers.
func (b *tab) look(scheme string) {
	b.t.Helper()
	b.do("look as "+scheme, call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}))
}

// another opens an address in another tab of the same browser.
func (b *tab) another(address string) {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.t.Cleanup(cancel)
	(&tab{t: b.t, ctx: ctx}).do("open "+address, chromedp.Navigate(address))
}

// front brings the tab before the others: what is behind draws nothing and takes no clicks.
func (b *tab) front() {
	b.t.Helper()
	b.do("bring to the front", call(devpage.BringToFront, cdp.Empty{}))
}

// call returns an action that runs a command and drops its answer.
func call[P, R any](command cdp.Command[P, R], parameters P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, command, parameters)
		return chromedp.Void{}, err
	}
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
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork { // the page is not at fault if the API refuses something
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

// read evaluates an expression, and waits for it if it is a promise.
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

// until waits until an expression is true.
func (b *tab) until(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("page.until(() => "+expression+")", chromedp.EvalAwaitPromise))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), "navigated") { // after a navigation the next document is tried
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

// shoot saves a picture of the whole page for people to look at. It is a JPEG, because compressing a PNG takes many times as long.
func (b *tab) shoot(name string) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(80))
	if err != nil {
		b.t.Logf("no screenshot: %v", err)
		return
	}
	dir := filepath.Join("..", "..", ".cache", "screenshots")
	path := filepath.Join(dir, strings.NewReplacer("/", "-", " ", "-").Replace(b.t.Name()+"-"+name)+".jpeg")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.t.Logf("screenshot: %s", path)
}
