package seat

import (
	"math/big"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Summary counts an account's seats at one instant, as the Admin API shows them without the list. Unknown money is nil; a sum
// with an unknown part is unknown.
type Summary struct {
	AsOf                time.Time    `json:"asOf"`
	Plan                copilot.Plan `json:"plan"`
	Basis               Basis        `json:"basis"`
	Total               int          `json:"total"`        // listed seats, or announced seats if no list was read
	NotListed           *int         `json:"notListed"`    // seats that GitHub announces but does not list; nil: no list was read
	PricePerSeat        *money.Money `json:"pricePerSeat"` // nil also if seats have different plans
	MonthlyCost         *money.Money `json:"monthlyCost"`  // of all seats, including those not listed
	IdleAfterDays       int          `json:"idleAfterDays"`
	Active              Count        `json:"active"`
	New                 Count        `json:"new"`
	Idle                Count        `json:"idle"`
	NeverUsed           Count        `json:"neverUsed"`
	PendingCancellation Count        `json:"pendingCancellation"`
	Unknown             Count        `json:"unknown"`
}

// Count is a number of seats and what they cost for a month. Both are nil if no list was read.
type Count struct {
	Count       *int         `json:"count"`
	MonthlyCost *money.Money `json:"monthlyCost"`
}

// Announced returns the summary of seats whose number GitHub announced, but whose list was not read.
func (v View) Announced(total int, plan copilot.Plan) Summary {
	return Summary{AsOf: v.At.UTC(), Plan: plan, Basis: v.basis(), Total: total, IdleAfterDays: v.IdleAfterDays}
}

// Summarise counts seats, one for each person, and adds up their cost. A cancelled seat costs until its date. The plan of seats
// that are not listed is known only if all listed seats have the same plan.
func (v View) Summarise(seats []Seat, notListed int, prices money.Prices) Summary {
	costs := costsOn(calendar.DateOf(v.At), prices)
	return v.sum(seats, notListed, prices, func(i int) (Status, *money.Money) {
		return v.factsOf(&seats[i]).status(), costs(&seats[i])
	})
}

// List returns the results of Summarise and Rows together.
func (v View) List(seats []Seat, notListed int, prices money.Prices) (Summary, []Row) {
	rows := v.Rows(seats, prices)
	return v.sum(seats, notListed, prices, func(i int) (Status, *money.Money) { return rows[i].Status, rows[i].MonthlyCost }), rows
}

// sum adds up seats with their status and cost. It first counts the seats with equal status and cost.
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

// IdleCost returns what the idle and the never used seats cost for a month.
func (s *Summary) IdleCost() *money.Money { return s.Idle.MonthlyCost.Add(s.NeverUsed.MonthlyCost) }
