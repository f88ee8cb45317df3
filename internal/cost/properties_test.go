package cost_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

var periods = rapid.Custom(func(t *rapid.T) cost.Period {
	first := time.Date(rapid.IntRange(2024, 2027).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")), 1, 0, 0, 0, 0, time.UTC)
	last := calendar.DateOf(first.AddDate(0, 1, -1))
	to := calendar.Date(rapid.IntRange(int(calendar.DateOf(first)), int(last)).Draw(t, "to"))
	return cost.Period{From: calendar.DateOf(first), To: to, Over: to == last && rapid.Bool().Draw(t, "over")}
})

// seatsNear draws grants that come and go around a period.
func seatsNear(p cost.Period, plans ...copilot.Plan) *rapid.Generator[[]seat.Seat] {
	dates := rapid.Map(rapid.IntRange(int(p.From)-10, int(p.To)+10), func(n int) calendar.Date { return calendar.Date(n) })
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) seat.Seat {
		return seat.Seat{
			UserID:              rapid.Ptr(rapid.Int64Range(1, 6), true).Draw(t, "person"),
			Team:                rapid.SampledFrom([]string{"", "core", "ops", "web"}).Draw(t, "team"),
			Plan:                rapid.SampledFrom(plans).Draw(t, "plan"),
			CreatedAt:           rapid.Ptr(rapid.Map(dates, calendar.Date.Start), true).Draw(t, "created"),
			PendingCancellation: rapid.Ptr(dates, true).Draw(t, "leaves"),
		}
	}), 0, 9)
}

func snapshotsNear(t *rapid.T, p cost.Period, plans ...copilot.Plan) (days []cost.DaySeats) {
	for date := p.From - 8; date <= p.To+8; date++ {
		if rapid.IntRange(0, 3).Draw(t, "a snapshot") == 0 {
			days = append(days, cost.DaySeats{Date: date, Seats: seatsNear(p, plans...).Draw(t, date.String()), NotListed: rapid.SampledFrom([]int{0, 0, 1, 7}).Draw(t, "not listed")})
		}
	}
	return days
}

func heldIn(p cost.Period, days []cost.DaySeats) *cost.SeatDays { return cost.SeatDaysOf(p, days...) }

// odd draws amounts that do not divide evenly.
var odd = rapid.Custom(func(t *rapid.T) money.Decimal {
	return *decimal(fmt.Sprintf("%d.%05d", rapid.IntRange(-3, 40).Draw(t, "whole"), rapid.IntRange(0, 99_999).Draw(t, "fraction")))
})

func drawBill(t *rapid.T) *cost.CreditBill {
	return &cost.CreditBill{ReadAt: rapid.Map(rapid.Int64Range(1.7e9, 1.9e9), func(s int64) time.Time { return time.Unix(s, 0) }).Draw(t, "read"), Items: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) cost.CreditItem {
		return cost.CreditItem{
			Model: rapid.SampledFrom([]string{"GPT-5", "Auto: GPT-5", "Claude Haiku 4.5", "Gemini 2.5 Pro", "Others", ""}).Draw(t, "model"), UnitType: "credits",
			SKU:           rapid.SampledFrom([]string{"Copilot AI Credits", "Copilot AI Credits: agents", "Spark AI Credits", ""}).Draw(t, "sku"),
			GrossQuantity: new(odd.Draw(t, "gross quantity")), GrossAmount: new(odd.Draw(t, "gross")), NetQuantity: new(odd.Draw(t, "net quantity")), NetAmount: new(odd.Draw(t, "net")),
		}
	}), 0, 8).Draw(t, "bill")}
}

func TestThePartsAddUpToTheWholeToTheCent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := periods.Draw(t, "period")
		f := cost.Facts{Period: p, Prices: money.ListPrices(p.From), Seats: heldIn(p, snapshotsNear(t, p, copilot.PlanBusiness, copilot.PlanEnterprise))}
		if rapid.Bool().Draw(t, "in another currency") {
			f.Prices.Currency = "EUR"
		}
		if rapid.Bool().Draw(t, "a bill") {
			f.Bill = drawBill(t)
		}
		m := f.Month()

		var seatCost, total *money.Money
		for i, row := range m.ByTeam {
			if seatCost, total = seatCost.Add(row.SeatCost), total.Add(row.TotalSpend); i == 0 {
				seatCost, total = row.SeatCost, row.TotalSpend
			}
		}
		if m.SeatCost == nil { // the total is then the bill, even if teams are known
			total = m.Credits.Billed
			if total != nil {
				total = &money.Money{Cents: total.Cents, Currency: total.Currency, Estimated: true}
			}
		}
		if diff := cmp.Diff([]*money.Money{m.SeatCost, m.TotalSpend}, []*money.Money{seatCost, total}); diff != "" {
			t.Errorf("by team, seats and total (-whole +parts):\n%s", diff)
		}
		var rows []cost.TierRow
		for _, row := range m.ByModel.Rows {
			rows = append(rows, row.TierRow)
		}
		for name, parts := range map[string][]cost.TierRow{"models": rows, "tiers": m.ByModel.Tiers} {
			var billed, shares int64
			shared := false
			for _, part := range parts {
				billed += part.Billed.Cents
				if part.Share != nil {
					shares, shared = shares+int64(*part.Share), true
				}
				if part.Share != nil && (*part.Share < 0 || *part.Share > 10_000) {
					t.Errorf("a share of %s is %d", name, *part.Share)
				}
			}
			if m.ByModel.Basis == cost.BasisDollars && billed != m.Credits.Billed.Cents {
				t.Errorf("%s add up to %d cents, billed are %s", name, billed, m.Credits.Billed)
			}
			if shared && shares != 10_000 {
				t.Errorf("the shares of %s add up to %d", name, shares)
			}
		}
		checkSKUs(t, &f, &m)
		checkOverages(t, &f, &m)
		if p := m.Projected; p != nil && p.Billed != nil && p.Billed.Cents < m.Credits.Billed.Cents {
			t.Errorf("%s are projected, but %s are billed already", p.Billed, m.Credits.Billed)
		}
	})
}

// checkSKUs checks that the SKUs add up to the bill, and to the same amount as the models.
func checkSKUs(t *rapid.T, f *cost.Facts, m *cost.Month) {
	if (m.BySKU == nil) != (m.Credits.Billed == nil) {
		t.Fatalf("billed is %v, by SKU it is %v", m.Credits.Billed, m.BySKU)
	}
	if m.BySKU == nil {
		return
	}
	var billed, gross, shares, models, credits int64
	for _, row := range m.BySKU {
		billed, gross, credits = billed+row.Billed.Cents, gross+row.GrossValue.Cents, credits+int64(*row.Credits)
		if row.Share != nil {
			shares += int64(*row.Share)
		}
		if row.Share != nil && (*row.Share < 0 || *row.Share > 10_000) {
			t.Errorf("the share of %s is %d", row.SKU, *row.Share)
		}
	}
	for _, row := range m.ByModel.Rows {
		models += row.GrossValue.Cents
	}
	if billed != m.Credits.Billed.Cents || gross != models || shares != 0 && shares != 10_000 {
		t.Errorf("the SKUs add up to %d cents, billed are %s; their value is %d, that of the models %d; their shares add up to %d", billed, m.Credits.Billed, gross, models, shares)
	}
	want := new(big.Rat)
	for _, item := range f.Bill.Items {
		quantity, _ := new(big.Rat).SetString(item.GrossQuantity.String())
		want.Add(want, quantity)
	}
	if want.Cmp(big.NewRat(credits, 1_000_000)) != 0 {
		t.Errorf("the SKUs have %d millionths of credits, the bill %s credits", credits, want.FloatString(6))
	}
}

// checkOverages checks that the overages add up to the bill.
func checkOverages(t *rapid.T, f *cost.Facts, m *cost.Month) {
	var billed int64
	for _, overage := range f.Overages() {
		billed += overage.Billed.Cents
	}
	if m.Credits.Billed != nil && billed != m.Credits.Billed.Cents {
		t.Errorf("the overages add up to %d cents, billed are %s", billed, m.Credits.Billed)
	}
}

func TestTheOrderOfSeatsAndRowsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := periods.Draw(t, "period")
		days := snapshotsNear(t, p, copilot.PlanBusiness, copilot.PlanEnterprise, copilot.PlanUnknown)
		f := cost.Facts{Period: p, Prices: money.ListPrices(p.From), Seats: heldIn(p, days), Bill: drawBill(t)}
		want, again := f.Month(), f.Month()
		if diff := cmp.Diff(want, again); diff != "" {
			t.Errorf("computed again (-first +second):\n%s", diff)
		}
		for i := range days {
			days[i].Seats = rapid.Permutation(days[i].Seats).Draw(t, "seats")
		}
		f.Seats, f.Bill = heldIn(p, days), &cost.CreditBill{ReadAt: f.Bill.ReadAt, Items: rapid.Permutation(f.Bill.Items).Draw(t, "rows")}
		if diff := cmp.Diff(want, f.Month()); diff != "" {
			t.Errorf("in another order (-before +after):\n%s", diff)
		}
	})
}

func TestEachPersonCountsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := periods.Draw(t, "period")
		days := snapshotsNear(t, p, copilot.PlanBusiness)
		people := map[int64]bool{}
		for i := range days {
			days[i].NotListed = 0
			for j := range days[i].Seats { // each seat gets a person of its own
				id := rapid.Int64Range(1, 4).Draw(t, "id")
				days[i].Seats[j].UserID, people[id] = &id, true
			}
		}
		m := cost.Facts{Period: p, Prices: money.ListPrices(p.From), Seats: heldIn(p, days)}.Month()
		if m.SeatCost == nil {
			return
		}
		var held int64
		for _, row := range m.ByTeam {
			held += *row.SeatDays
		}
		if most := int64(len(people)) * int64(p.To-p.From+1); held > most {
			t.Errorf("%d seat-days of %d people in %d days", held, len(people), p.To-p.From+1)
		}
		if included := m.Credits.Included; included != nil && *included > int64(len(people))*3000 {
			t.Errorf("%d credits of %d people", *included, len(people))
		}
	})
}

func TestASeatCostsItsPriceInAMonthOfAnyLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := periods.Draw(t, "period")
		costUpTo := func(to calendar.Date, seats ...seat.Seat) int64 {
			part := cost.Period{From: p.From, To: to}
			m := cost.Facts{Period: part, Prices: money.ListPrices(p.From), Seats: heldIn(part, []cost.DaySeats{{Date: p.From, Seats: seats}})}.Month()
			return m.SeatCost.Cents
		}
		held := seat.Seat{UserID: person(1), Plan: copilot.PlanBusiness}
		if got := costUpTo(p.End(), held); got != 19_00 {
			t.Errorf("the whole of %s costs %d cents", p, got)
		}
		if got := costUpTo(p.To, held); p.To > p.From && got <= costUpTo(p.To-1, held) {
			t.Errorf("up to %s the seat costs %d cents, not more than up to the day before", p.To, got)
		}
		leaves := p.To
		leaving := held
		leaving.PendingCancellation = &leaves
		if got := costUpTo(p.End(), leaving); got > 19_00 || got >= costUpTo(p.To, held) {
			t.Errorf("a seat that ends on %s costs %d cents", leaves, got)
		}
		if one, two := costUpTo(p.To, held), costUpTo(p.To, held, seat.Seat{Plan: copilot.PlanEnterprise}); two <= one {
			t.Errorf("two seats cost %d cents, one seat %d", two, one)
		}
	})
}

func TestNothingUnknownBecomesZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := periods.Draw(t, "period")
		days := snapshotsNear(t, p, copilot.PlanBusiness, copilot.PlanUnknown)
		f := cost.Facts{Period: p, Prices: money.ListPrices(p.From), Seats: heldIn(p, days)}
		if rapid.Bool().Draw(t, "no prices") {
			f.Prices = money.Prices{}
		}
		for date := p.From; date <= p.To; date++ {
			f.Days = append(f.Days, metrics.Day{Date: date, State: metrics.Final, Usage: metrics.Usage{
				ActiveUsers: new(int64(1)), CreditsUsed: rapid.Ptr(rapid.Just(metrics.Credits(0)), true).Draw(t, "credits"),
			}})
		}
		m := f.Month()
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		told := true
		for _, d := range f.Days {
			told = told && d.CreditsUsed != nil
		}
		if (m.Credits.Used != nil) != told || m.Credits.Billed != nil || m.ActiveDevelopers != nil {
			t.Errorf("credits used are known: want %v; billed and active developers must be unknown: %s", told, text)
		}
		unknown := f.Prices.Currency == ""
		for _, row := range m.ByTeam {
			unknown = unknown || row.SeatCost == nil
		}
		if (m.SeatCost == nil) != unknown || (m.TotalSpend == nil) != unknown {
			t.Errorf("unknown: %v: %s", unknown, text)
		}
		projected := cost.Projection{}
		if m.Projected != nil {
			projected = *m.Projected
		}
		over := m.Projected == nil // a month that is over has no reasons for its projection
		for figure, known := range map[string]bool{
			"projected.creditsUsed": over || projected.CreditsUsed != nil, "projected.seatCost": over || projected.SeatCost != nil,
			"projected.billed": over, "projected.totalSpend": over || projected.TotalSpend != nil,
			"seatCost": m.SeatCost != nil, "credits.used": m.Credits.Used != nil, "credits.included": m.Credits.Included != nil,
			"credits.grossValue": m.Credits.GrossValue != nil, "credits.billed": false, "bySku": false, "totalSpend": m.TotalSpend != nil,
			"projected": m.Projected != nil, "activeDevelopers": false, "costPerActiveDeveloper": false, "idleSeatCost": false,
		} {
			if reason, said := m.Reasons[figure]; said == known || said && reason == "" {
				t.Errorf("%s, known: %v, reason %q", figure, known, reason)
			}
		}
	})
}
