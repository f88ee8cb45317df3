package cost

import (
	"math/big"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// TeamSpend is what teams cost on days of a month, exactly: it is rounded once all months of a range are added up.
type TeamSpend struct {
	Prices    money.Prices
	SeatCost  map[string]*big.Rat // by team; nil: not known
	Billed    map[string]*big.Rat // beyond the pool, by the credits used; nil: not known
	Estimated bool                // what is billed is not GitHub's own amount
	Held      *team.Month         // who held a seat on which days
	Seats     map[string]int64    // whole in each team, on the last of the days; nil: not known
	AllSeats  int64               // on that day, each once
}

// TeamSpend computes it for some days of the period, given what the people of each team did on these. Seats must be those of the days.
func (f Facts) TeamSpend(days calendar.Range, done *team.Sums) TeamSpend {
	held := f.Seats.through(days.To)
	s := TeamSpend{Prices: f.Prices, SeatCost: held.seatCosts(f.Prices), Held: team.HeldIn(f.Period.From, held.held)}
	if held.known {
		s.Seats, s.AllSeats = held.last, held.lastAll
	}
	if billed := f.billed(); billed != nil {
		s.Billed, s.Estimated = f.teamsBilled(billed, days, done), billed.Estimated
	}
	return s
}

// Hide moves the parts of some teams to no team.
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

// teamsBilled shares out what is billed of the month: of a part of it, by the credits used in that part. What nobody used credits for
// belongs to no team, and to the whole month alone.
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
