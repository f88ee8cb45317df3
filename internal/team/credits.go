package team

import (
	"math/big"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Exact returns the credits of each team, in millionths. The key "" has the credits of people in no team.
func (s *Sums) Exact() map[string]*big.Rat {
	credits := map[string]*big.Rat{"": s.Unassigned.Exact()}
	for name, sum := range s.Teams {
		credits[name] = sum.Exact()
	}
	return credits
}

// Credits returns the credits of each team, rounded so that they add up. The largest remainders are rounded up. Of equal remainders
// the first team by name comes first, and no team comes last.
func (s *Sums) Credits() map[string]metrics.Credits {
	exact := s.Exact()
	names := sortedNames(exact)
	names = append(names[1:], "") // it is the first of any strings
	list := make([]*big.Rat, len(names))
	for i, name := range names {
		list[i] = exact[name]
	}
	credits := make(map[string]metrics.Credits, len(names))
	for i, part := range Rounded(list) {
		credits[names[i]] = part
	}
	return credits
}

// Rounded rounds credits in millionths so that they add up.
func Rounded(exact []*big.Rat) []metrics.Credits {
	rounded := make([]metrics.Credits, len(exact))
	for i, n := range money.Allocate(exact) {
		rounded[i] = metrics.Credits(n)
	}
	return rounded
}

// Divided divides a team's credits in proportion to exact parts.
func Divided(whole metrics.Credits, exact []*big.Rat) []metrics.Credits {
	sum := new(big.Rat)
	for _, part := range exact {
		sum.Add(sum, part)
	}
	if sum.Sign() == 0 {
		return make([]metrics.Credits, len(exact))
	}
	scale := new(big.Rat).Quo(big.NewRat(int64(whole), 1), sum)
	scaled := slices.Clone(exact)
	for i, part := range exact {
		scaled[i] = new(big.Rat).Mul(part, scale)
	}
	return Rounded(scaled)
}
