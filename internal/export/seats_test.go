package export_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/export"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/spend"
)

func TestTheRowsOfSeatsAddUpToTheMonthlyCost(t *testing.T) {
	at := calendar.Date(20772).Start() // 2026-11-15
	rapid.Check(t, func(t *rapid.T) {
		held := rapid.SliceOf(rapid.Custom(func(t *rapid.T) seat.Seat {
			return seat.Seat{
				Plan:                rapid.SampledFrom([]copilot.Plan{copilot.PlanBusiness, copilot.PlanEnterprise, copilot.PlanUnknown}).Draw(t, "plan"),
				PendingCancellation: rapid.Ptr(rapid.Map(rapid.IntRange(-9, 9), func(days int) calendar.Date { return calendar.DateOf(at) + calendar.Date(days) }), true).Draw(t, "leaves"),
			}
		})).Draw(t, "seats")
		prices, view := money.ListPrices(calendar.DateOf(at)), seat.View{At: at, IdleAfterDays: 30}
		seats := &spend.Seats{Summary: view.Summarise(held, 0, prices), Rows: view.Rows(held, prices)}
		sum, known := new(big.Rat), true
		for i := range held {
			row := export.SeatOf(seats.AsOf, &seats.Rows[i])
			if known = known && row.MonthlyCost != nil; known {
				amount, _ := new(big.Rat).SetString(row.MonthlyCost.String())
				sum.Add(sum, amount)
			}
			if (row.MonthlyCost == nil) != (row.Currency == nil) {
				t.Errorf("a row has the cost %v in the currency %v", row.MonthlyCost, row.Currency)
			}
		}
		if known != (seats.MonthlyCost != nil) || known && sum.FloatString(2) != seats.MonthlyCost.Amount() {
			t.Errorf("the rows add up to %s, all known: %v; the summary has %v", sum.FloatString(2), known, seats.MonthlyCost)
		}
	})
}
