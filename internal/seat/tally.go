package seat

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Tally counts the seats of a snapshot, one for each person, that are alike. A Summary follows from it with any prices, and it
// names nobody, so it is kept for each day.
type Tally struct {
	AsOf          time.Time `json:"asOf"`
	Basis         Basis     `json:"basis"`
	IdleAfterDays int       `json:"idleAfterDays"` // by which the statuses were decided
	NotListed     int       `json:"notListed,omitempty"`
	Alike         []Alike   `json:"alike"`
}

// Alike is how many seats have the same status, plan and bill.
type Alike struct {
	Status Status       `json:"status"`
	Plan   copilot.Plan `json:"plan"`
	Billed bool         `json:"billed"` // paid for on the day of the snapshot
	Count  int          `json:"count"`
}

// Tally counts seats that are alike. Its order is the same for the same seats.
func (j Judged) Tally(notListed int) Tally {
	t := Tally{AsOf: j.view.At.UTC(), Basis: j.view.basis(), IdleAfterDays: j.view.IdleAfterDays, NotListed: notListed}
	on := calendar.DateOf(j.view.At)
	for i := range j.seats {
		alike := Alike{Status: j.statuses[i], Plan: j.seats[i].Plan, Billed: j.seats[i].BilledOn(on)}
		at := slices.IndexFunc(t.Alike, func(a Alike) bool {
			return a.Billed == alike.Billed && a.Status == alike.Status && a.Plan == alike.Plan
		})
		if at < 0 {
			at, t.Alike = len(t.Alike), append(t.Alike, alike)
		}
		t.Alike[at].Count++
	}
	slices.SortFunc(t.Alike, func(a, b Alike) int {
		return cmp.Or(cmp.Compare(a.Status, b.Status), cmp.Compare(a.Plan, b.Plan), boolCompare(a.Billed, b.Billed))
	})
	return t
}

// Summary adds up the seats and their cost. The plan of seats that are not listed is known only if all listed seats have the
// same plan.
func (t *Tally) Summary(prices money.Prices) Summary {
	sums := make(map[Status]*Count, len(Statuses()))
	for _, status := range Statuses() {
		sums[status] = &Count{Count: new(0), MonthlyCost: prices.Money(new(big.Rat))}
	}
	total, all := 0, prices.Money(new(big.Rat))
	plans := make([]Seat, len(t.Alike))
	for i, alike := range t.Alike {
		plans[i].Plan = alike.Plan
		sum, cost := sums[alike.Status], costOf(alike.Plan, alike.Billed, prices).Times(int64(alike.Count))
		*sum.Count += alike.Count
		total += alike.Count
		sum.MonthlyCost, all = sum.MonthlyCost.Add(cost), all.Add(cost)
	}
	shared := prices.Seat(SharedPlan(plans))
	if t.NotListed > 0 {
		all = all.Add(shared.Times(int64(t.NotListed)))
	}
	return Summary{
		AsOf: t.AsOf, Plan: HighestPlan(plans), Basis: t.Basis, Total: total, NotListed: new(t.NotListed),
		PricePerSeat: shared, MonthlyCost: all, IdleAfterDays: t.IdleAfterDays,
		Active: *sums[Active], New: *sums[New], Idle: *sums[Idle], NeverUsed: *sums[NeverUsed],
		PendingCancellation: *sums[PendingCancellation], Unknown: *sums[Unknown],
	}
}
