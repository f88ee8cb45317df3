package team

import (
	"math/big"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Part has credits of people who are in the same number of teams. The team gets 1/Teams of Credits.
type Part struct {
	Teams   uint32
	Credits metrics.Credits
}

// Parts are credits of a team, by the number of teams, ascending. They add up without fractions.
type Parts []Part

// Add adds credits.
func (p *Parts) Add(more Part) {
	at := 0
	for at < len(*p) && (*p)[at].Teams < more.Teams {
		at++
	}
	if at == len(*p) || (*p)[at].Teams != more.Teams {
		*p = slices.Insert(*p, at, Part{Teams: more.Teams})
	}
	(*p)[at].Credits += more.Credits
}

// Exact returns the credits that belong to the team, in millionths.
func (p Parts) Exact() *big.Rat {
	sum := new(big.Rat)
	for _, part := range p {
		sum.Add(sum, big.NewRat(int64(part.Credits), int64(part.Teams)))
	}
	return sum
}
