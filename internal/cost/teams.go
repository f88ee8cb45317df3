package cost

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// TeamRow is the part of a team in the total spend. Somebody in n teams adds 1/n of the money and of the credits to each.
type TeamRow struct {
	Team          *string          `json:"team"`       // nil: the row of what belongs to no team
	Unassigned    bool             `json:"unassigned"` // of people in no team that GitHub shows, and of what cannot be shared out
	SeatDays      *int64           `json:"seatDays"`   // whole in each team
	SeatCost      *money.Money     `json:"seatCost"`
	CreditsUsed   *metrics.Credits `json:"creditsUsed"`
	CreditsBilled *money.Money     `json:"creditsBilled"` // beyond the pool, by the credits used; nil: not known
	IdleSeatCost  *money.Money     `json:"idleSeatCost"`  // a month, of idle and never used seats
	TotalSpend    *money.Money     `json:"totalSpend"`

	DaysByPlan map[PlanShare]int64 `json:"-"` // the seat-days by plan, and by how many teams share them
}

// PlanShare is seats of a plan whose holders are in so many teams: an equal part of them belongs to each.
type PlanShare struct {
	Plan  copilot.Plan
	Teams int64
}

// noTeam stands for what belongs to no team.
const noTeam = ""

// seatCost is what the seats cost, exactly: for each day the price of a month divided by the days of the month. It is
// nil when the seats, or any of their prices, are not known.
func (t tally) seatCost(p money.Prices) *big.Rat {
	sum := t.noSeats()
	for held, days := range t.days {
		sum = plus(sum, t.costOf(held, days, p))
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

func (t tally) costOf(held holding, days int64, p money.Prices) *big.Rat {
	price := p.Plans[held.plan].Seat
	if price == nil {
		return nil
	}
	return new(big.Rat).Mul(price.Rat(), big.NewRat(days, held.teams*int64(t.period.Days())))
}

// seatCosts is what the seats of each team cost, exactly; nil when the seats are not known, and for a team whose seats' prices are not.
func (t tally) seatCosts(p money.Prices) map[string]*big.Rat {
	if !t.known {
		return nil
	}
	costs := map[string]*big.Rat{}
	for held, days := range t.days {
		sum, known := costs[held.team]
		if !known {
			sum = nothing
		}
		costs[held.team] = plus(sum, t.costOf(held, days, p))
	}
	return costs
}

// byTeam lists teams by name and the row of no team at the end. The rows add up to the month's figures to the cent.
func (f Facts) byTeam(held tally, m *Month) []TeamRow {
	credits := f.teamCredits(m.Credits.Used)
	costs := held.seatCosts(f.Prices)
	idle := f.idleCosts()
	small := f.smallTeams(held)
	for _, parts := range []map[string]*big.Rat{costs, credits, idle} {
		hideTeams(parts, small)
	}
	teams := teamNames(costs, credits, idle)
	rows := make([]TeamRow, len(teams))
	seatCosts := allOf(teams, costs)
	if !held.known {
		clear(seatCosts)
	}
	for i, cost := range parts(f.Prices, seatCosts) {
		rows[i] = TeamRow{Team: named(teams[i]), Unassigned: teams[i] == noTeam, SeatCost: cost, DaysByPlan: map[PlanShare]int64{}}
		if held.known {
			rows[i].SeatDays = new(int64)
		}
	}
	for of, days := range held.days {
		name := of.team
		if small[name] {
			name = noTeam
		}
		row := &rows[slices.Index(teams, name)]
		*row.SeatDays += days
		row.DaysByPlan[PlanShare{of.plan, of.teams}] += days
	}
	used := team.Rounded(allOf(teams, credits))
	for i, billed := range sharesOf(m.Credits.Billed, allOf(teams, credits)) {
		if credits != nil || rows[i].Unassigned { // else the whole cannot be shared out
			rows[i].CreditsBilled = billed
		}
		if credits != nil {
			rows[i].CreditsUsed = &used[i]
		}
	}
	for i, cost := range sharesOf(m.IdleSeatCost, allOf(teams, idle)) {
		rows[i].IdleSeatCost = cost
	}
	for i := range rows {
		rows[i].TotalSpend = Spend(rows[i].SeatCost, rows[i].CreditsBilled)
	}
	return rows
}

// smallTeams are the teams that are too small to be shown: a team is as large as the seats of its people were on average.
func (f Facts) smallTeams(held tally) map[string]bool {
	if f.SmallestGroup == 0 {
		return nil
	}
	days, small := map[string]int64{}, map[string]bool{}
	for of, n := range held.days {
		days[of.team] += n
	}
	for name := range cmp.Or(f.Teams, new(team.Sums)).Exact() {
		days[name] += 0
	}
	for name, n := range days {
		small[name] = name != noTeam && f.isSmall(big.NewRat(n, 1))
	}
	return small
}

// hideTeams moves the parts of some teams to no team.
func hideTeams(parts map[string]*big.Rat, hidden map[string]bool) {
	for name, part := range parts {
		if hidden[name] {
			parts[noTeam] = plus(cmp.Or(parts[noTeam], nothing), part)
			delete(parts, name)
		}
	}
}

// teamCredits is the credits of each team, exactly and in millionths; nil when they are not known.
func (f Facts) teamCredits(used *metrics.Credits) map[string]*big.Rat {
	if used == nil || f.Teams == nil {
		return nil
	}
	return f.Teams.Exact()
}

// idleCosts is what the idle seats of each team cost a month, exactly.
func (f Facts) idleCosts() map[string]*big.Rat {
	if f.Latest == nil {
		return nil
	}
	costs := map[string]*big.Rat{}
	on := calendar.DateOf(f.Latest.AsOf)
	held := f.Seats.held
	for i := range f.Idle {
		seat := &f.Idle[i]
		price := f.Prices.Plans[seat.Plan].Seat
		if price == nil || !seat.BilledOn(on) {
			continue
		}
		held.eachTeam(seat, team.Mask(f.Period.From, calendar.Range{From: on, To: on}), func(name string, teams int64, _ uint32) {
			costs[name] = plus(cmp.Or(costs[name], nothing), new(big.Rat).Mul(price.Rat(), big.NewRat(1, teams)))
		})
	}
	return costs
}

// IdleByTeam is what the idle seats of teams cost a month, by names with "" for no team at the end, and behind them the whole. They add
// up to it to the cent.
func (f Facts) IdleByTeam(names []string, hidden map[string]bool) []*money.Money {
	whole, costs := f.Latest.IdleCost(), f.idleCosts()
	hideTeams(costs, hidden)
	return append(sharesOf(whole, allOf(names, costs)), whole)
}

// IdleTeams lists the teams that have idle seats and are not hidden, in any order.
func (f Facts) IdleTeams(hidden map[string]bool) []string {
	costs := f.idleCosts()
	hideTeams(costs, hidden)
	return slices.Collect(maps.Keys(costs))
}

// teamNames lists the teams that have any part, by name, and noTeam at the end.
func teamNames(parts ...map[string]*big.Rat) []string {
	names := map[string]bool{}
	for _, part := range parts {
		for name := range part {
			names[name] = true
		}
	}
	delete(names, noTeam)
	return append(slices.Sorted(maps.Keys(names)), noTeam)
}

// allOf lists the parts of teams, nothing where a team has none.
func allOf(teams []string, parts map[string]*big.Rat) []*big.Rat {
	list := make([]*big.Rat, len(teams))
	for i, name := range teams {
		part, known := parts[name]
		if !known {
			part = nothing
		}
		list[i] = part
	}
	return list
}

// sharesOf shares money out by weights, so that the shares add up to it. The last has it all where nobody has a weight. nil: it is not
// known.
func sharesOf(whole *money.Money, weights []*big.Rat) []*money.Money {
	shares := make([]*money.Money, len(weights))
	if whole == nil {
		return shares
	}
	sum := nothing
	for _, weight := range weights {
		sum = plus(sum, weight)
	}
	exact := make([]*big.Rat, len(weights))
	for i, weight := range weights {
		exact[i] = nothing
		if sum.Sign() > 0 {
			exact[i] = new(big.Rat).Mul(weight, new(big.Rat).Quo(big.NewRat(whole.Cents, 1), sum))
		}
	}
	if sum.Sign() <= 0 {
		exact[len(exact)-1] = big.NewRat(whole.Cents, 1)
	}
	for i, cents := range money.Allocate(exact) {
		shares[i] = &money.Money{Cents: cents, Currency: whole.Currency, Estimated: whole.Estimated}
	}
	return shares
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

// Spend is what seats cost and what is billed beyond their pool. What of the two is not known adds nothing, and makes the
// sum an estimate; nil: neither is known.
func Spend(seats, billed *money.Money) *money.Money {
	known := cmp.Or(seats, billed)
	if seats != nil && billed != nil || known == nil {
		return seats.Add(billed)
	}
	return &money.Money{Cents: known.Cents, Currency: known.Currency, Estimated: true}
}
