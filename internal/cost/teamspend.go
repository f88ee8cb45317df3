package cost

import (
	"math/big"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// TeamSpend is the exact cost of teams on some days of a month. It is rounded after all months of a range are added up.
type TeamSpend struct {
	Prices    money.Prices
	SeatCost  map[string]*big.Rat // by team; nil: unknown
	Billed    map[string]*big.Rat // by team, beyond the pool, by the used credits; nil: unknown
	Estimated bool                // the billed amount is not GitHub's own
	Held      *team.Month         // who held a seat on which days
	Seats     map[string]int64    // seats on the last day, whole in each team; nil: unknown
	AllSeats  int64               // seats on the last day, each once
}

// TeamSpend computes the cost of teams for some days of the period, from what the people of each team did on these days. f.Seats must
// count exactly these days.
func (f Facts) TeamSpend(days calendar.Range, done *team.Sums) TeamSpend {
	held := f.Seats.through(days.To)
	s := TeamSpend{Prices: f.Prices, SeatCost: held.seatCosts(f.Prices), Held: team.HeldIn(f.Period.From, held.byTeam.held)}
	if held.known {
		s.Seats, s.AllSeats = held.byTeam.byName(held.byTeam.last), held.last
	}
	if billed := f.billed(); billed != nil {
		s.Billed, s.Estimated = f.teamsBilled(billed, days, done), billed.Estimated
	}
	return s
}

// Hide moves the parts of some teams to the row of no team.
func (s *TeamSpend) Hide(hidden map[string]bool) {
	hideTeams(s.SeatCost, hidden)
	hideTeams(s.Billed, hidden)
	for name, n := range s.Seats {
		if hidden[name] {
			s.Seats[noTeam] += n
			delete(s.Seats, name)
		}
	}
}

// teamsBilled divides the billed amount of the month by the used credits. For a part of the month, it divides the share that belongs to
// the credits used in that part. An amount without any used credits belongs to no team, and only to the whole month.
func (f Facts) teamsBilled(billed *money.Money, days calendar.Range, done *team.Sums) map[string]*big.Rat {
	cents := big.NewRat(billed.Cents, 100)
	used, _ := metrics.CreditsUsed(f.Days)
	whole := days.From == f.Period.From && days.To == f.Period.To
	switch {
	case billed.Cents == 0:
		return map[string]*big.Rat{noTeam: nothing}
	case (used == nil || *used == 0) && whole:
		return map[string]*big.Rat{noTeam: cents}
	case used == nil || *used == 0:
		return nil
	}
	perCredit := new(big.Rat).Quo(cents, big.NewRat(int64(*used), 1))
	shares := done.Exact()
	for name, credits := range shares {
		shares[name] = new(big.Rat).Mul(credits, perCredit)
	}
	return shares
}
