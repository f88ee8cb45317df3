package export_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/export"
	"cloudmonitor.ai/copilot-connector/internal/spend"
)

func TestTheSeatsOfATableAddUpToWhatTheyCostAMonth(t *testing.T) {
	at := calendar.Date(20772).Start() // 2026-11-15
	rapid.Check(t, func(t *rapid.T) {
		held := rapid.SliceOf(rapid.Custom(func(t *rapid.T) cost.Seat {
			return cost.Seat{
				Plan:                rapid.SampledFrom([]copilot.Plan{copilot.PlanBusiness, copilot.PlanEnterprise, copilot.PlanUnknown}).Draw(t, "plan"),
				PendingCancellation: rapid.Ptr(rapid.Map(rapid.IntRange(-9, 9), func(days int) calendar.Date { return calendar.DateOf(at) + calendar.Date(days) }), true).Draw(t, "leaves"),
			}
		})).Draw(t, "seats")
		prices, unseen := cost.ListPrices(calendar.DateOf(at)), func(int64) (calendar.Date, bool) { return 0, false }
		seats := &spend.Seats{
			SeatSummary: cost.Summarise(held, at, 30, unseen, prices), Rows: cost.SeatRows(held, at, 30, unseen), Held: held, Prices: prices,
		}
		sum, known := new(big.Rat), true
		for i := range held {
			row := export.SeatOf(seats, i)
			if known = known && row.MonthlyCost != nil; known {
				amount, _ := new(big.Rat).SetString(row.MonthlyCost.String())
				sum.Add(sum, amount)
			}
			if (row.MonthlyCost == nil) != (row.Currency == nil) {
				t.Errorf("%v in %v", row.MonthlyCost, row.Currency)
			}
		}
		if known != (seats.MonthlyCost != nil) || known && sum.FloatString(2) != seats.MonthlyCost.Amount() {
			t.Errorf("the rows add up to %s, and are known: %v; all cost %v", sum.FloatString(2), known, seats.MonthlyCost)
		}
	})
}
