package page_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// For every simulated account the screen must show the API's answer: a fitting sentence, each cause with its remedy, and the
// proof if there is one.
func TestEveryAccountShowsItsCauseAndRemedy(t *testing.T) {
	t.Parallel()
	run := shared(t)
	b := browse(t, run.address+"/#/add", desktop)
	for _, a := range run.accounts(t) {
		body, _ := json.Marshal(map[string]string{"token": a.Token, "scope": a.Scope, "slug": a.Slug})
		var verification struct {
			OK     bool
			Checks []struct {
				ID, Status, Title, Detail string
				Remedy                    *string
				Links                     []struct{ URL string }
			}
			Preview *struct{}
		}
		run.do(t, http.MethodPost, "/v1/tenants/demo/verify", string(body), &verification)

		b.choose(a.Name)
		b.press("Verify")
		b.until(`page.one(".verdict")`)
		shown := read[struct {
			Verdict, Text string
			Links         []string
			Save, Proof   bool
		}](b, `(() => { page.all(".checks details").forEach((d) => d.open = true); return {
			Verdict: page.one(".verdict h2").innerText, Text: page.one(".checks").innerText,
			Links: page.all(".checks a").map((a) => a.getAttribute("href")), Save: !!page.one("#save"), Proof: !!page.one(".proof"),
		}; })()`)
		starts := map[bool]string{true: "Ready to save", false: "Not ready: "}[verification.OK]
		if !strings.HasPrefix(shown.Verdict, starts) {
			t.Errorf("%s: the verdict on the page is %q", a.Name, shown.Verdict)
		}
		if shown.Save != verification.OK || shown.Proof != (verification.Preview != nil) {
			t.Errorf("%s: Save %v, proof %v", a.Name, shown.Save, shown.Proof)
		}
		for _, check := range verification.Checks {
			words := []string{check.Title, check.Detail}
			if check.Remedy != nil && (check.Status == "fail" || check.Status == "warn") {
				words = append(words, *check.Remedy)
			}
			for _, text := range words {
				if !strings.Contains(flat(shown.Text), flat(text)) {
					t.Errorf("%s: %s is not on the screen: %s", a.Name, check.ID, text)
				}
			}
			for _, link := range check.Links {
				if check.Status != "pass" && check.Status != "skip" && !strings.Contains(strings.Join(shown.Links, " "), link.URL) {
					t.Errorf("%s: %s has no link to %s", a.Name, check.ID, link.URL)
				}
			}
		}
		b.choose("healthy organization, fine-grained token") // this removes the result
		b.until(`!page.one(".verdict")`)
	}
}

// flat replaces line breaks in a text by spaces.
func flat(text string) string {
	return clockTime.ReplaceAllString(strings.Join(strings.Fields(text), " "), "")
}

// The clock moves on between the API's answer and the page's.
var clockTime = regexp.MustCompile(`\d\d:\d\d:\d\d`)

type money struct{ Amount, Currency string }

// shown returns an amount as the page writes it.
func (m *money) shown() string {
	if m == nil {
		return "–"
	}
	whole, cents, _ := strings.Cut(m.Amount, ".")
	return "$" + grouped(whole) + "." + cents
}

func grouped(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	return grouped(digits[:len(digits)-3]) + "," + digits[len(digits)-3:]
}

func count(n *int) string {
	if n == nil {
		return "–"
	}
	return grouped(fmt.Sprint(*n))
}

// The numbers on the screen must be the API's.
func TestTheNumbersOnTheScreenAreTheAPIs(t *testing.T) {
	t.Parallel()
	run := shared(t)
	for _, name := range []int{0, 3} { // an organization and an enterprise
		path := connected(t, run.accounts(t)[name])
		b := browse(t, run.address+"/#/c/"+idOf(path)+"/overview", desktop)
		var cost struct {
			TotalSpend, IdleSeatCost, CostPerActiveDeveloper, SeatCost *money
			Credits                                                    struct{ Billed *money }
			Projected                                                  *struct{ TotalSpend *money }
			ByTeam                                                     []struct{ TotalSpend *money }
		}
		run.get(t, path+"/cost", &cost)
		var usage struct {
			Totals struct {
				ActiveUsers, EngagedUsers *int
				Chat                      struct{ Interactions *int }
			}
			Previous struct {
				Totals struct{ ActiveUsers, EngagedUsers *int }
			}
		}
		run.get(t, path+"/usage?compare=previous", &usage)
		b.until(`page.all("[data-figure]").length >= 8`)
		for figure, want := range map[string]string{
			"totalSpend": cost.TotalSpend.shown(), "idleSeatCost": cost.IdleSeatCost.shown(), "costPerActiveDeveloper": cost.CostPerActiveDeveloper.shown(),
			"activeUsers": count(usage.Totals.ActiveUsers), "engagedUsers": count(usage.Totals.EngagedUsers), "chats": count(usage.Totals.Chat.Interactions),
		} {
			b.figure(figure, want)
		}
		for figure, before := range map[string]*int{"activeUsers": usage.Previous.Totals.ActiveUsers, "engagedUsers": usage.Previous.Totals.EngagedUsers} {
			b.until(fmt.Sprintf("page.one('[data-figure=%s] [data-before]').innerText.includes(%q)", figure, ": "+count(before)))
		}
		b.press("Cost")
		b.sees("How it adds up")
		b.figure("totalSpend", cost.TotalSpend.shown())
		b.figure("seatCost", cost.SeatCost.shown())
		b.figure("billed", cost.Credits.Billed.shown())
		b.figure("projected", cost.Projected.TotalSpend.shown())
		for _, team := range cost.ByTeam {
			b.sees(team.TotalSpend.shown())
		}

		type ofStatus struct{ Count *int }
		var seats struct {
			Total                                        int
			Idle, NeverUsed, Active, PendingCancellation ofStatus
		}
		run.get(t, path+"/seats", &seats)
		b.press("Seats")
		for tile, want := range map[string]*int{
			"all": &seats.Total, "idle": seats.Idle.Count, "never_used": seats.NeverUsed.Count, "active": seats.Active.Count,
			"pending_cancellation": seats.PendingCancellation.Count,
		} {
			b.until(fmt.Sprintf(`page.one("[data-tile=%s] strong").innerText === %q`, tile, count(want)))
		}
		var tried struct{ Idle, NeverUsed ofStatus }
		run.get(t, path+"/seats?idleAfterDays=7", &tried)
		read[bool](b, `(() => { const s = page.one("#idle-days"); s.value = 7; s.dispatchEvent(new Event("input", {bubbles: true})); return true; })()`)
		b.until(fmt.Sprintf(`page.one("[data-preview='7']")?.innerText.includes("%d idle")`, *tried.Idle.Count))

		b.showsFurther(t, run, path)

		var users struct{ Users []struct{ Login string } }
		run.get(t, path+"/users?sort=creditsUsed&order=desc", &users)
		b.press("People")
		b.until(fmt.Sprintf(`page.one("table")?.getAttribute("aria-rowcount") === "%d"`, len(users.Users)+1))
		b.until(fmt.Sprintf(`page.one("tr[aria-rowindex='2'] th").innerText === %q`, users.Users[0].Login))
	}
}

func (b *tab) figure(name, want string) {
	b.t.Helper()
	b.until(fmt.Sprintf("page.one('[data-figure=%s] [data-value]')", name))
	if got := read[string](b, fmt.Sprintf("page.one('[data-figure=%s] [data-value]').innerText", name)); got != want {
		b.t.Errorf("%s is %q on the screen, and %q by the API", name, got, want)
	}
}

func TestTheScreenSaysWhyNumbersAreUnknown(t *testing.T) {
	t.Parallel()
	run := shared(t)
	for _, a := range run.accounts(t) {
		if a.Name != "reports not ready" {
			continue
		}
		path := connected(t, a)
		b := browse(t, run.address+"/#/c/"+idOf(path)+"/overview", desktop)
		b.sees("No day of this range has been read yet")
		b.figure("costPerActiveDeveloper", "–")
		var cost struct{ Reasons map[string]string }
		run.get(t, path+"/cost", &cost)
		for _, name := range []string{"activeDevelopers", "credits.used"} {
			if reason := cost.Reasons[name]; reason != "" {
				b.sees(reason)
			}
		}
	}
}
