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
		t.Fatal("there are no teams")
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
