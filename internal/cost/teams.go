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

// TeamRow is the part of a team in the total spend. A person in n teams adds 1/n of the money and the credits to each.
type TeamRow struct {
	Team          *string          `json:"team"`       // nil: the row of people in no team
	Unassigned    bool             `json:"unassigned"` // true for people in no visible team, and for money that cannot be divided
	SeatDays      *int64           `json:"seatDays"`   // whole in each team
	SeatCost      *money.Money     `json:"seatCost"`
	CreditsUsed   *metrics.Credits `json:"creditsUsed"`
	CreditsBilled *money.Money     `json:"creditsBilled"` // beyond the pool, by the share in the used credits; nil: unknown
	IdleSeatCost  *money.Money     `json:"idleSeatCost"`  // what idle and never used seats cost for a month
	TotalSpend    *money.Money     `json:"totalSpend"`

	DaysByPlan map[PlanShare]int64 `json:"-"` // the seat-days by plan and by the number of teams that share the seat
}

// PlanShare identifies seats of a plan whose holders are in so many teams. An equal part of such a seat belongs to each team.
type PlanShare struct {
	Plan  copilot.Plan
	Teams int64
}

// noTeam stands for people in no team.
const noTeam = ""

// seatCost returns the exact cost of the seats: for each day, the price of a month divided by the days of the month. It returns nil if
// the seats or one of their prices are unknown.
func (t tally) seatCost(p money.Prices) *big.Rat {
	sum := t.noSeats()
	for held, days := range t.days {
		sum = plus(sum, t.costOf(held, days, p))
	}
	return sum
}

// noSeats returns 0, the cost of no seats, or nil if the seats are unknown.
func (t tally) noSeats() *big.Rat {
	if !t.known {
		return nil
	}
	return nothing
}

func (t tally) costOf(held holding, days int64, p money.Prices) *big.Rat {
	price := t.priceOfADay(held.plan, p)
	if price == nil {
		return nil
	}
	return price.Mul(price, big.NewRat(days, 1))
}

// priceOfADay returns the price of a seat for a day of the month, or nil if it is unknown.
func (t tally) priceOfADay(plan copilot.Plan, p money.Prices) *big.Rat {
	price := p.Plans[plan].Seat
	if price == nil {
		return nil
	}
	return new(big.Rat).Mul(price.Rat(), big.NewRat(1, int64(t.period.Days())))
}

// seatCosts returns the exact cost of each team's seats. It returns nil if the seats are unknown, and nil for a team if one of its
// prices is unknown.
func (t tally) seatCosts(p money.Prices) map[string]*big.Rat {
	if !t.known {
		return nil
	}
	return t.byTeam.costs(t.byTeam.days, func(plan copilot.Plan) *big.Rat { return t.priceOfADay(plan, p) })
}

// byTeam returns the teams by name, with the row of no team at the end. The rows add up to the month's figures, to the cent.
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
	held.byTeam.fill(rows, small)
	used := team.Rounded(allOf(teams, credits))
	for i, billed := range sharesOf(m.Credits.Billed, allOf(teams, credits)) {
		if credits != nil || rows[i].Unassigned { // without credits the whole cannot be divided
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

// smallTeams returns the teams that are too small to be shown. The size of a team is the average number of its people's seats.
func (f Facts) smallTeams(held tally) map[string]bool {
	if f.SmallestGroup == 0 {
		return nil
	}
	days, small := held.byTeam.sizes(held.byTeam.days), map[string]bool{}
	for name := range cmp.Or(f.Teams, new(team.Sums)).Exact() {
		days[name] += 0
	}
	for name, n := range days {
		small[name] = name != noTeam && f.isSmall(n)
	}
	return small
}

// hideTeams moves the parts of some teams to the row of no team.
func hideTeams(parts map[string]*big.Rat, hidden map[string]bool) {
	for name, part := range parts {
		if hidden[name] {
			parts[noTeam] = plus(cmp.Or(parts[noTeam], nothing), part)
			delete(parts, name)
		}
	}
}

// teamCredits returns the credits of each team, exactly and in millionths. They are nil if unknown.
func (f Facts) teamCredits(used *metrics.Credits) map[string]*big.Rat {
	if used == nil || f.Teams == nil {
		return nil
	}
	return f.Teams.Exact()
}

// idleCosts returns what the idle seats of each team cost for a month, exactly.
func (f Facts) idleCosts() map[string]*big.Rat {
	if f.Latest == nil {
		return nil
	}
	on := calendar.DateOf(f.Latest.AsOf)
	divided, seats := f.Seats.held.byTeam, counts(nil)
	for i := range f.Idle {
		seat := &f.Idle[i]
		if f.Prices.Plans[seat.Plan].Seat == nil || !seat.BilledOn(on) {
			continue
		}
		divided.each(seat, team.Mask(f.Period.From, calendar.Range{From: on, To: on}), func(number uint32, teams int64, _ uint32) {
			seats.add(PlanShare{seat.Plan, teams}, number, 1)
		})
	}
	return divided.costs(seats, func(plan copilot.Plan) *big.Rat { return f.Prices.Plans[plan].Seat.Rat() })
}

// IdleByTeam returns what the idle seats of teams cost for a month, in the order of names, which have "" for no team at the end. The
// whole follows after them. The parts add up to the whole, to the cent.
func (f Facts) IdleByTeam(names []string, hidden map[string]bool) []*money.Money {
	whole, costs := f.Latest.IdleCost(), f.idleCosts()
	hideTeams(costs, hidden)
	return append(sharesOf(whole, allOf(names, costs)), whole)
}

// IdleTeams returns the teams that have idle seats and are not hidden, in any order.
func (f Facts) IdleTeams(hidden map[string]bool) []string {
	costs := f.idleCosts()
	hideTeams(costs, hidden)
	return slices.Collect(maps.Keys(costs))
}

// teamNames returns the names of all teams that have a part, in order, with noTeam at the end.
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

// allOf returns the parts of teams in the order of names. A team without a part has 0.
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

// sharesOf divides money by weights, so that the shares add up to it. If nobody has a weight, the last share is the whole. nil money
// is unknown.
func sharesOf(whole *money.Money, weights []*big.Rat) []*money.Money {
	shares := make([]*money.Money, len(weights))
	if whole == nil {
		return shares
	}
	for i, cents := range money.Allocate(exactShares(whole, weights)) {
		shares[i] = &money.Money{Cents: cents, Currency: whole.Currency, Estimated: whole.Estimated}
	}
	return shares
}

// exactShares returns the shares of an amount by weights, in cents, before rounding. The last has it all if no weight is positive.
func exactShares(whole *money.Money, weights []*big.Rat) []*big.Rat {
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
	return exact
}

// parts rounds amounts so that they add up to their rounded sum. If one is unknown there is no sum, and each is rounded by itself.
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

// Spend returns the sum of the seat cost and the amount billed beyond the pool. If one of them is unknown, it adds nothing and the sum is
// an estimate. The result is nil if both are unknown.
func Spend(seats, billed *money.Money) *money.Money {
	known := cmp.Or(seats, billed)
	if seats != nil && billed != nil || known == nil {
		return seats.Add(billed)
	}
	return &money.Money{Cents: known.Cents, Currency: known.Currency, Estimated: true}
}
