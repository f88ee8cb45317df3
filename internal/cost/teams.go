package cost

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// TeamRow is the part of a team in the total spend.
type TeamRow struct {
	Team       *string      `json:"team"`       // nil: the row of what belongs to no team
	Unassigned bool         `json:"unassigned"` // seats without a team, and what is billed beyond the pool that all share
	SeatDays   *int64       `json:"seatDays"`
	SeatCost   *money.Money `json:"seatCost"`
	Billed     *money.Money `json:"billed"` // nil for teams
	TotalSpend *money.Money `json:"totalSpend"`

	DaysByPlan map[copilot.Plan]int64 `json:"-"` // the seat-days by plan
}

// noTeam stands for the seats that were given directly.
const noTeam = ""

// seatCost is what the seats cost, exactly: for each day the price of a month divided by the days of the month. It is
// nil when the seats, or any of their prices, are not known.
func (t tally) seatCost(p money.Prices) *big.Rat {
	sum := t.noSeats()
	for held, days := range t.days {
		sum = plus(sum, t.costOf(held.plan, days, p))
	}
	return sum
}

// noSeats is what no seats cost, nil when nobody knows whether there were any.
func (t tally) noSeats() *big.Rat {
	if !t.known {
		return nil
	}
	return nothing
}

func (t tally) costOf(plan copilot.Plan, days int64, p money.Prices) *big.Rat {
	price := p.Plans[plan].Seat
	if price == nil {
		return nil
	}
	return new(big.Rat).Mul(price.Rat(), big.NewRat(days, int64(t.period.Days())))
}

// byTeam lists teams by name and the row of no team at the end, which also has what is billed. The rows add up to the
// seat cost and the total spend to the cent.
func (t tally) byTeam(p money.Prices, billed *money.Money) []TeamRow {
	days, costs := map[string]map[copilot.Plan]int64{noTeam: {}}, map[string]*big.Rat{noTeam: t.noSeats()}
	for held, n := range t.days {
		if _, known := costs[held.team]; !known {
			days[held.team], costs[held.team] = map[copilot.Plan]int64{}, nothing
		}
		days[held.team][held.plan] += n
		costs[held.team] = plus(costs[held.team], t.costOf(held.plan, n, p))
	}
	teams := append(slices.Sorted(maps.Keys(days))[1:], noTeam) // it is the first of any strings
	exact := make([]*big.Rat, len(teams))
	for i, team := range teams {
		exact[i] = costs[team]
	}
	rows := make([]TeamRow, len(teams))
	for i, cost := range parts(p, exact) {
		team := teams[i]
		rows[i] = TeamRow{Team: named(team), SeatCost: cost, TotalSpend: cost, DaysByPlan: days[team]}
		if t.known {
			var sum int64
			for _, n := range days[team] {
				sum += n
			}
			rows[i].SeatDays = &sum
		}
	}
	unassigned := &rows[len(rows)-1]
	unassigned.Unassigned, unassigned.Billed = true, billed
	unassigned.TotalSpend = spend(unassigned.SeatCost, billed)
	return rows
}

// parts rounds amounts so that they add up to their rounded sum. Where one is not known there is no sum, and each is
// rounded by itself.
func parts(p money.Prices, amounts []*big.Rat) []*money.Money {
	rounded := make([]*money.Money, len(amounts))
	inCents := make([]*big.Rat, len(amounts))
	for i, amount := range amounts {
		rounded[i] = p.Money(amount)
		if rounded[i] == nil {
			inCents = nil
		}
		if inCents != nil {
			inCents[i] = money.Cents(amount)
		}
	}
	if inCents != nil {
		for i, n := range money.Allocate(inCents) {
			rounded[i].Cents = n
		}
	}
	return rounded
}

func named(s string) *string {
	if s == noTeam {
		return nil
	}
	return &s
}

// spend is what seats cost and what is billed beyond their pool. What of the two is not known adds nothing, and makes the
// sum an estimate; nil: neither is known.
func spend(seats, billed *money.Money) *money.Money {
	known := cmp.Or(seats, billed)
	if seats != nil && billed != nil || known == nil {
		return seats.Add(billed)
	}
	return &money.Money{Cents: known.Cents, Currency: known.Currency, Estimated: true}
}
