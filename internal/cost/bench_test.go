package cost_test

import (
	"fmt"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// BenchmarkAMonth measures the largest account whose seats are listed: a snapshot of 80,000 seats each day. For comparison, a map
// counts each person's days.
func BenchmarkAMonth(b *testing.B) {
	period := cost.Period{From: *dayOf("2026-10-01"), To: *dayOf("2026-10-31"), Over: true}
	seats := make([]seat.Seat, 80_000)
	for i := range seats {
		seats[i] = seat.Seat{UserID: person(int64(i + 1)), Team: fmt.Sprint("team-", i%200), Plan: copilot.PlanBusiness, CreatedAt: daysAgo(400)}
	}
	prices := money.ListPrices(period.From)
	b.ReportAllocs()
	testworld.Beside(b, "map", func() {
		held := make(map[int64]int)
		for day := period.From; day <= period.To; day++ {
			for i := range seats {
				held[*seats[i].UserID]++
			}
		}
	}, func() {
		held := cost.NewSeatDays(period)
		for day := period.From; day <= period.To; day++ {
			changes := cost.DayChanges{Date: day, Plan: copilot.PlanBusiness}
			if day == period.From {
				changes.Added = seats
			}
			if err := held.Add(changes); err != nil {
				b.Fatal(err)
			}
		}
		m := cost.Facts{Period: period, Prices: prices, Seats: held}.Month()
		if m.SeatCost.Cents != 80_000*19_00 {
			b.Fatal(m.SeatCost)
		}
	})
}
