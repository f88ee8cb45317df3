package cost_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

func TestEachOverageHasOneModelAndOnePrice(t *testing.T) {
	t.Parallel()
	f := november()
	f.Bill.Items = nil
	for _, item := range []struct{ model, price, gross, quantity, billed string }{
		{"a", "0.01", "90", "100", "1"},
		{"a", "0.01", "9", "20", "0.20"},
		{"a", "0.02", "80", "50", "1"},
		{"a", "0.01", "70", "", "0.30"},
		{"a", "0.02", "60", "", "0.20"},
		{"Auto: a", "0.02", "5", "", "0.05"},
		{"for nothing", "0", "50", "7", "0"},
		{"at less than nothing", "-0.01", "40", "0", "0.01"},
		{"inside the pool", "0.01", "30", "0", "0"},
		{"inside the pool, it seems", "0.01", "29", "", "0"},
		{"a cent for who knows what", "", "20", "", "0.01"},
		{"next to nothing", "0.01", "10", "0.000001", "0"},
	} {
		row := cost.CreditItem{Product: "Copilot", SKU: "Copilot AI Credits", Model: item.model, UnitType: "ai-credits", GrossAmount: decimal(item.gross), NetAmount: decimal(item.billed)}
		if item.price != "" {
			row.PricePerUnit = decimal(item.price)
		}
		if item.quantity != "" {
			row.NetQuantity = decimal(item.quantity)
		}
		f.Bill.Items = append(f.Bill.Items, row)
	}
	billed := func(cents int64) *money.Money { return &money.Money{Cents: cents, Currency: money.GitHubCurrency} }
	credits := func(millionths metrics.Credits) *metrics.Credits { return &millionths }
	want := []cost.Overage{
		{Model: "a", Credits: credits(120_000_000), Price: decimal("0.01"), Billed: billed(120)},
		{Model: "a", Credits: credits(50_000_000), Price: decimal("0.02"), Billed: billed(100)},
		{Model: "a", Price: decimal("0.01"), Billed: billed(30)},
		{Model: "a", Price: decimal("0.02"), Billed: billed(25)},
		{Model: "for nothing", Credits: credits(7_000_000), Price: decimal("0"), Billed: billed(0)},
		{Model: "at less than nothing", Credits: credits(0), Billed: billed(1)},
		{Model: "a cent for who knows what", Billed: billed(1)},
		{Model: "next to nothing", Credits: credits(1), Price: decimal("0.01"), Billed: billed(0)},
	}
	if diff := cmp.Diff(want, f.Overages()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestATeamsOveragesAddUpToItsBill(t *testing.T) {
	t.Parallel()
	for name, smallest := range map[string]int{"all teams": 0, "small teams hidden": 5} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := november()
			f.SmallestGroup = smallest
			f.Bill.Items = nil
			for model, billed := range map[string]string{"a": "1", "b": "1", "c": "0.05", "d": "0.01", "e": "0.01", "f": "-0.02"} {
				f.Bill.Items = append(f.Bill.Items, row(model, "100", "1", "100", billed))
			}
			ofPart := func(teams uint32) *team.Sum {
				return &team.Sum{Credits: team.Parts{{Teams: teams, Credits: 500_000_000}}}
			}
			f.Teams = &team.Sums{Teams: map[string]*team.Sum{"core": ofPart(1), "ops": ofPart(1), "web": ofPart(3)}, Unassigned: *ofPart(1)}
			want, got, models := map[string]int64{}, map[string]int64{}, map[string]int64{}
			for _, row := range f.Month().ByTeam {
				if billed := row.CreditsBilled.Cents; billed != 0 {
					want[teamName(row.Team)] = billed
				}
			}
			for _, overage := range f.Overages() {
				got[teamName(overage.Team)] += overage.Billed.Cents
				models[overage.Model] += overage.Billed.Cents
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("by team, in cents (-month +overages):\n%s", diff)
			}
			if diff := cmp.Diff(map[string]int64{"a": 100, "b": 100, "c": 5, "d": 1, "e": 1, "f": -2}, models); diff != "" {
				t.Errorf("by model, in cents (-bill +overages):\n%s", diff)
			}
		})
	}
}

func teamName(of *string) string {
	if of == nil {
		return "no team"
	}
	return *of
}
