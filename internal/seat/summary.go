package seat

import (
	"math/big"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Summary is what an account holds in seats at one instant, as the Admin API shows it without their list. Money is nil when
// it is not known: a sum of which any part is unknown is unknown.
type Summary struct {
	AsOf                time.Time    `json:"asOf"`
	Plan                copilot.Plan `json:"plan"`
	Basis               Basis        `json:"basis"`
	Total               int          `json:"total"`        // of those listed, or announced where no list was read
	NotListed           *int         `json:"notListed"`    // how many more GitHub announces; nil: no list was read
	PricePerSeat        *money.Money `json:"pricePerSeat"` // nil also where seats are of several plans
	MonthlyCost         *money.Money `json:"monthlyCost"`  // of all seats, also of those not listed
	IdleAfterDays       int          `json:"idleAfterDays"`
	Active              Count        `json:"active"`
	New                 Count        `json:"new"`
	Idle                Count        `json:"idle"`
	NeverUsed           Count        `json:"neverUsed"`
	PendingCancellation Count        `json:"pendingCancellation"`
	Unknown             Count        `json:"unknown"`
}

// Count is a number of seats and what they cost a month. Both are nil where the seats were not listed.
type Count struct {
	Count       *int         `json:"count"`
	MonthlyCost *money.Money `json:"monthlyCost"`
}

// Announced is the summary of seats that were counted by GitHub, but whose list was not read.
func (v View) Announced(total int, plan copilot.Plan) Summary {
	return Summary{AsOf: v.At.UTC(), Plan: plan, Basis: v.basis(), Total: total, IdleAfterDays: v.IdleAfterDays}
}

// Summarise counts seats, one per person, and what they cost. A leaving seat costs until its date. Of seats that are not
// listed the plan is known only where all that are listed share one.
func (v View) Summarise(seats []Seat, notListed int, prices money.Prices) Summary {
	costs := costsOn(calendar.DateOf(v.At), prices)
	return v.sum(seats, notListed, prices, func(i int) (Status, *money.Money) {
		return v.factsOf(&seats[i]).status(), costs(&seats[i])
	})
}

// List is Summarise and Rows in one.
func (v View) List(seats []Seat, notListed int, prices money.Prices) (Summary, []Row) {
	rows := v.Rows(seats, prices)
	return v.sum(seats, notListed, prices, func(i int) (Status, *money.Money) { return rows[i].Status, rows[i].MonthlyCost }), rows
}

// sum adds up seats of which each has a status and a cost. Those of one status that cost the same are counted first.
func (v View) sum(seats []Seat, notListed int, prices money.Prices, of func(i int) (Status, *money.Money)) Summary {
	type alike struct {
		status Status
		cost   *money.Money
	}
	counts := map[alike]int{}
	for i := range seats {
		status, cost := of(i)
		counts[alike{status, cost}]++
	}
	sums := make(map[Status]*Count, len(Statuses()))
	for _, status := range Statuses() {
		sums[status] = &Count{Count: new(0), MonthlyCost: prices.Money(new(big.Rat))}
	}
	all := prices.Money(new(big.Rat))
	for kind, n := range counts {
		sum, cost := sums[kind.status], kind.cost.Times(int64(n))
		*sum.Count += n
		sum.MonthlyCost, all = sum.MonthlyCost.Add(cost), all.Add(cost)
	}
	if notListed > 0 {
		all = all.Add(prices.Seat(SharedPlan(seats)).Times(int64(notListed)))
	}
	return Summary{
		AsOf: v.At.UTC(), Plan: HighestPlan(seats), Basis: v.basis(), Total: len(seats), NotListed: &notListed,
		PricePerSeat: prices.Seat(SharedPlan(seats)), MonthlyCost: all, IdleAfterDays: v.IdleAfterDays,
		Active: *sums[Active], New: *sums[New], Idle: *sums[Idle], NeverUsed: *sums[NeverUsed],
		PendingCancellation: *sums[PendingCancellation], Unknown: *sums[Unknown],
	}
}

// IdleCost returns what a month of the seats costs that nobody uses: those that are idle, and those never used.
func (s *Summary) IdleCost() *money.Money { return s.Idle.MonthlyCost.Add(s.NeverUsed.MonthlyCost) }
