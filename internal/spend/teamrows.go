package spend

import (
	"math/big"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// TeamRow is a team in a range of days, as the Admin API shows it. A nil figure is unknown. A person in n teams counts whole in people,
// counts and seats of each team, and adds 1/n of credits and money to each.
type TeamRow struct {
	Team           *string          `json:"team"`   // nil in the rows of no team and of all
	People         *int64           `json:"people"` // distinct people, active or not; nil: they are not kept any more
	ActiveUsers    *int64           `json:"activeUsers"`
	EngagedUsers   *int64           `json:"engagedUsers"`
	Suggested      *int64           `json:"suggested"`
	Accepted       *int64           `json:"accepted"`
	AcceptanceRate *float64         `json:"acceptanceRate"` // accepted ÷ suggested, four decimals; nil if nothing was suggested
	Interactions   *int64           `json:"interactions"`
	LinesAccepted  *int64           `json:"linesAccepted"`
	CreditsUsed    *metrics.Credits `json:"creditsUsed"`
	Seats          *int64           `json:"seats"` // on the last day of the range
	SeatCost       *money.Money     `json:"seatCost"`
	CreditsBilled  *money.Money     `json:"creditsBilled"`
	IdleSeatCost   *money.Money     `json:"idleSeatCost"` // for a month, by the range's last snapshot
	TotalSpend     *money.Money     `json:"totalSpend"`
}

// rowOf returns a row without money.
func (f *teamFacts) rowOf(name *string, heads *team.Heads, done *team.Sum) TeamRow {
	row := TeamRow{Team: name}
	if !f.removed {
		row.People = new(int64)
		if heads != nil {
			*row.People = heads.People
		}
	}
	if !f.whole {
		return row
	}
	row.ActiveUsers, row.EngagedUsers = new(int64), new(int64)
	if heads != nil {
		*row.ActiveUsers, *row.EngagedUsers = heads.Active, heads.Engaged
	}
	if done == nil {
		done = new(team.Sum)
	}
	row.Suggested, row.Accepted = done.Count(done.Suggested), done.Count(done.Accepted)
	row.LinesAccepted, row.Interactions = done.Count(done.LinesAccepted), done.Count(done.Interactions)
	if row.Suggested != nil && row.Accepted != nil {
		row.AcceptanceRate = metrics.Share(*row.Accepted, *row.Suggested)
	}
	return row
}

// amounts adds up the amounts of teams over months. If one month does not know an amount, the sum is unknown.
type amounts struct {
	byTeam    map[string]*big.Rat
	unknown   bool
	estimated bool
}

func (a *amounts) add(more map[string]*big.Rat) {
	if a.byTeam == nil {
		a.byTeam = map[string]*big.Rat{}
	}
	a.unknown = a.unknown || more == nil
	for name, amount := range more {
		if amount == nil {
			a.unknown = true
			continue
		}
		sum := a.byTeam[name]
		if sum == nil {
			sum = new(big.Rat)
		}
		a.byTeam[name] = sum.Add(sum, amount)
	}
}

// money rounds the amounts of teams so that they add up to the whole. The whole is the last result.
func (a *amounts) money(names []string, currency string) []*money.Money {
	list := make([]*money.Money, len(names)+1)
	if a.unknown {
		return list
	}
	exact := make([]*big.Rat, len(names))
	for i, name := range names {
		exact[i] = new(big.Rat)
		if amount := a.byTeam[name]; amount != nil {
			exact[i] = money.Cents(amount)
		}
	}
	var sum int64
	for i, cents := range money.Allocate(exact) {
		list[i] = &money.Money{Cents: cents, Currency: currency, Estimated: a.estimated}
		sum += cents
	}
	list[len(names)] = &money.Money{Cents: sum, Currency: currency, Estimated: a.estimated}
	return list
}
