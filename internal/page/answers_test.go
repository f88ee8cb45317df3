package page_test

import (
	"fmt"
	"net/url"
	"testing"
)

// The first screen, or a page one click away, must answer the questions of a person who sees the page for the first time.
func TestTheOverviewAnswersWhatPeopleAsk(t *testing.T) {
	t.Parallel()
	run, path := startConnected(t)
	var usage struct {
		Totals struct {
			Completions struct{ ByEditor struct{ Rows []rows } }
			Chat        struct{ ByModel []rows }
		}
	}
	run.get(t, path+"/usage", &usage)
	b := browse(t, run.address+"/#/c/"+idOf(path)+"/overview", desktop)
	b.until(`page.all(".loading").length === 0 && page.one(".do-next")`)
	for question, answer := range map[string]string{
		"what is wasted":                 `/\$\d+/.test(page.one("[data-figure=idleSeatCost]").innerText)`,
		"is adoption growing":            `/(Growing|Steady|Shrinking): \d+ people/.test(page.text())`,
		"which editor":                   fmt.Sprintf(`page.one("table[aria-label=Editors] tbody th").innerText === %q`, most(usage.Totals.Completions.ByEditor.Rows)),
		"which model":                    fmt.Sprintf(`page.one("table[aria-label='Models in chat'] tbody th").innerText === %q`, most(usage.Totals.Chat.ByModel)),
		"will the pool last":             `/Lasts the month|Ends on/.test(page.one("[data-figure=pool]").innerText)`,
		"when does the token end":        `/token ends in \d+ days/.test(page.text())`,
		"what changed since yesterday":   `page.one(".compact").innerText.includes("Active people")`,
		"why is GitHub's page different": `page.named("Why does GitHub's page show other numbers?")`,
	} {
		if !read[bool](b, "!!("+answer+")") {
			t.Errorf("the overview does not answer: %s", question)
		}
	}
	b.press("How do I stop it?")
	b.press("Health")
	b.sees("Stop and delete")
	b.press("Overview")
	b.press("See who holds them")
	b.until(`page.one(".seat-idle")`)
	b.showsPeople("pseudonymous")
	b.press("Seats")
	b.until(`page.one("tr[aria-rowindex='2'] th").innerText.startsWith("person-")`)
	b.press("Choose all shown")
	b.sees("GitHub knows nobody by a pseudonym, so there are no commands.")
	b.showsPeople("hidden")
	b.press("People")
	b.sees("This connector shows no lists of people")
	b.showsPeople("named")
}

// showsPeople sets under Health how people are shown.
func (b *tab) showsPeople(mode string) {
	b.t.Helper()
	b.press("Health")
	b.until(`page.one("#people")`)
	read[bool](b, fmt.Sprintf(`(() => { const s = page.one("#people"); s.value = %q; s.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`, mode))
	read[bool](b, `(page.one("form.settings").requestSubmit(), true)`) // submits by script: panels that arrive late may move the button away from a click
	b.sees("Saved.")
}

type rows struct {
	Name                    string
	Suggested, Interactions int
}

func most(list []rows) string {
	var top rows
	for _, row := range list {
		if row.Suggested+row.Interactions > top.Suggested+top.Interactions {
			top = row
		}
	}
	return top.Name
}

func TestThePageTellsWhenThePoolEndsAndWhichPeopleAreMissing(t *testing.T) {
	t.Parallel()
	b := browse(t, stub(t, 3).address+"/#/c/"+stubID+"/overview", desktop)
	b.sees("Ends on Nov 20 at this pace")
	b.figure("totalSpend", "–") // the API counts seats that are unknown as 0
	b.sees("The seats were not read.")
	b.until(`page.one(".chart svg").getAttribute("aria-label").includes("The pool ends on Nov 20.")`)
	b.sees("GitHub's per-person reports name 3 of 11 people on 1 day")
	b.sees("Growing: 110 people in the week of Oct 26, 100 people in that of Oct 19 (+10%).")
	b.until(`page.one(".column-part")`)
	b.press("Usage")
	b.until(`page.text().includes("3 of 11 people read")`)
	b.until(`page.one(".short-mark text")`)
	b.sees("GitHub has sent no features for these days, so nobody knows.")
	b.sees("GitHub has sent nothing about agents for these days, so nobody knows.")
	b.sees("GitHub has sent an empty list of tools: nobody used any.")
}

func TestTheAPISortsAndFindsSeats(t *testing.T) {
	t.Parallel()
	s := stub(t, 2500)
	b := browse(t, s.address+"/#/c/"+stubID+"/seats?show=active", desktop)
	b.until(`page.one("tr[aria-rowindex='2']")`)
	asks := func(want string) {
		t.Helper()
		b.until(`page.one(".windowed").getAttribute("aria-busy") === "false"`)
		got, _ := s.lastAsked()
		values, _ := url.ParseQuery(got)
		values.Del("next")
		if values.Encode() != want {
			t.Errorf("the query is %s, want %s", values.Encode(), want)
		}
	}
	asks("order=desc&sort=idleDays&status=active")
	b.press("A month")
	b.until(`page.one("th[aria-sort=descending]").innerText.startsWith("A month")`)
	asks("order=desc&sort=monthlyCost&status=active")
	b.fill("input[type=search]", "dev-0")
	b.until(`performance.getEntriesByType("resource").some((e) => e.name.includes("q=dev-0"))`)
	b.until(`!page.named("Choose all shown").disabled`)
	b.press("Choose all shown")
	b.sees("2,500 chosen") // for this the page reads the list to its end
	asks("order=desc&q=dev-0&sort=monthlyCost&status=active")
	b.press("Save as CSV")
	b.until(`performance.getEntriesByType("resource").some((e) => e.name.includes("/export?"))`)
	asks("format=csv&kind=seats&order=desc&q=dev-0&sort=monthlyCost&status=active")
	read[bool](b, `(() => { const s = [...page.all("select")].at(-1); s.value = "backend"; s.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`)
	b.sees("Active given by backend")
	b.until(`performance.getEntriesByType("resource").some((e) => e.name.includes("team=backend"))`)
	asks("order=desc&q=dev-0&sort=monthlyCost&status=active&team=backend")
	b.until(`page.text().includes("2,500 seats shown")`)
	if _, many := s.lastAsked(); many < 7 || many > 9 {
		t.Errorf("%d queries were sent", many)
	}
}
