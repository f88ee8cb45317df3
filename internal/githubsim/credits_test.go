package githubsim_test

import (
	"math"
	"net/http"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

type creditUsage struct {
	TimePeriod struct{ Year, Month, Day int }
	UsageItems []struct {
		Model, UnitType                            string
		GrossQuantity, DiscountQuantity, NetAmount float64
	}
}

func (u creditUsage) gross() (sum float64) {
	for _, item := range u.UsageItems {
		sum += item.GrossQuantity
	}
	return sum
}

const creditPath = "/organizations/octo-test/settings/billing/ai_credit/usage"

func TestTheBillHasTheCreditsOfTheUsersReports(t *testing.T) {
	gh := start(t, organization(nil))
	var month, day, person float64
	for _, line := range gh.lines(orgReports + "users-28-day/latest") {
		row := decode[userRow](t, []byte(line))
		if row.Day < "2026-11-01" || row.Credits == nil {
			continue
		}
		month += *row.Credits
		if row.Day == "2026-11-19" {
			day += *row.Credits
		}
		if row.Login == "octo-dev-003" {
			person += *row.Credits
		}
	}
	for query, want := range map[string]float64{
		"": month, "?year=2026&month=11": month, "?day=19": day, "?user=Octo-Dev-003": person,
		"?product=Copilot": month, "?product=actions": 0, "?month=12": 0, "?year=2026&month=5": 0,
	} {
		if got := read[creditUsage](gh, creditPath+query); math.Abs(got.gross()-want) > 0.001 {
			t.Errorf("%q: %.2f credits, reports show %.2f", query, got.gross(), want)
		}
	}
	all := read[creditUsage](gh, creditPath)
	for _, item := range all.UsageItems {
		if item.NetAmount != 0 || item.DiscountQuantity != item.GrossQuantity {
			t.Errorf("%s: billed within the pool: %+v", item.Model, item)
		}
		if alone := read[creditUsage](gh, creditPath+"?model="+item.Model[:4]); len(alone.UsageItems) > 1 {
			t.Errorf("model %s: %+v", item.Model, alone)
		}
	}
	if whole := read[creditUsage](gh, creditPath+"?year=2026"); whole.gross() <= all.gross() || whole.TimePeriod.Month != 0 {
		t.Errorf("the year: %+v", whole)
	}
	for _, query := range []string{"?month=13", "?month=-1", "?day=x", "?year=2023"} {
		if got := gh.get(creditPath+query, classicToken); got.status != http.StatusBadRequest {
			t.Errorf("%s: got %d, want 400", query, got.status)
		}
	}
}

func TestCreditsBeyondThePoolAreBilled(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.Plan = githubsim.PlanUnknown }))
	var billed float64
	usage := read[creditUsage](gh, creditPath)
	for _, item := range usage.UsageItems {
		billed += item.NetAmount
	}
	if math.Abs(billed-usage.gross()/100) > 0.001 {
		t.Errorf("a plan without pool is billed %.2f for %.2f credits", billed, usage.gross())
	}
}
