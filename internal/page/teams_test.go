package page_test

import (
	"fmt"
	"strconv"
	"testing"
)

// One screen must answer what a team costs, per person, and compared with the month before.
func TestTheTeamsScreenAnswersWhatATeamCosts(t *testing.T) {
	t.Parallel()
	run := shared(t)
	path := connected(t, run.accounts(t)[0])
	var connector struct{ LastPoll struct{ At string } }
	run.get(t, path, &connector)
	today := connector.LastPoll.At[:len("2026-11-22")]
	var got struct {
		Teams []struct {
			Team       string
			People     int
			TotalSpend struct{ Amount string }
		}
	}
	run.get(t, path+"/teams?from="+today[:len("2026-11-")]+"01&to="+today, &got)
	if len(got.Teams) == 0 {
		t.Fatal("the account has no teams")
	}
	b := browse(t, run.address+"/#/c/"+idOf(path)+"/teams", desktop)
	b.until(`page.one("table[aria-label=Teams]") && page.all(".loading").length === 0`)
	for _, team := range got.Teams {
		spend, err := strconv.ParseFloat(team.TotalSpend.Amount, 64)
		if err != nil {
			t.Fatal(err)
		}
		row := fmt.Sprintf(`page.all("table[aria-label=Teams] tbody tr").find((row) => row.cells[0].innerText === %q)`, team.Team)
		for cell, want := range map[int]string{1: strconv.Itoa(team.People), 3: fmt.Sprintf("%.2f", spend), 4: fmt.Sprintf("%.2f", spend/float64(team.People))} {
			if shown := read[string](b, fmt.Sprintf(`%s.cells[%d].innerText.replace(/[^0-9.]/g, "")`, row, cell)); shown != want {
				t.Errorf("%s: cell %d shows %s, the API has %s", team.Team, cell, shown, want)
			}
		}
		b.until(row + `.cells[5].innerText.trim() !== ""`)
	}
}

// The numbers of one team under People and Usage are those of the API.
func TestPeopleAndUsageAreShownOfOneTeam(t *testing.T) {
	t.Parallel()
	run := shared(t)
	path := connected(t, run.accounts(t)[0])
	var users struct{ Total int }
	run.get(t, path+"/users?team=backend&sort=creditsUsed&order=desc", &users)
	var usage struct {
		Totals struct{ ActiveUsers, EngagedUsers *int }
	}
	run.get(t, path+"/usage?team=backend", &usage)
	b := browse(t, run.address+"/#/c/"+idOf(path)+"/people", desktop)
	b.chooseTeam("backend")
	b.sees(fmt.Sprintf("%d people active in backend", users.Total))
	b.press("Usage")
	b.chooseTeam("backend")
	b.sees("GitHub reports the rest for the whole account alone.")
	b.figure("activeUsers", count(usage.Totals.ActiveUsers))
	b.figure("engagedUsers", count(usage.Totals.EngagedUsers))
}

func (b *tab) chooseTeam(name string) {
	b.t.Helper()
	read[bool](b, fmt.Sprintf(`page.until(() => {
		const s = page.all("select").find((e) => [...e.options].some((o) => o.text === %[1]q));
		if (!s) return false;
		s.value = %[1]q;
		return s.dispatchEvent(new Event("change", {bubbles: true}));
	})`, name))
	b.until(`location.hash.includes("team=")`)
}
