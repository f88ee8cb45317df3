package cost

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Previous has the figures of the same days of the month before, as the Admin API shows them. A nil figure is unknown, and Reasons says
// why.
type Previous struct {
	From                   calendar.Date     `json:"from"`
	To                     calendar.Date     `json:"to"`
	SeatCost               *money.Money      `json:"seatCost"`
	Credits                PreviousCredits   `json:"credits"`
	TotalSpend             *money.Money      `json:"totalSpend"`
	ActiveDevelopers       *int64            `json:"activeDevelopers"`
	CostPerActiveDeveloper *money.Money      `json:"costPerActiveDeveloper"`
	IdleSeatCost           *money.Money      `json:"idleSeatCost"`
	Reasons                map[string]string `json:"reasons"`
}

// PreviousCredits has the AI credits of these days.
type PreviousCredits struct {
	Used       *metrics.Credits `json:"used"`
	Included   *int64           `json:"included"`
	GrossValue *money.Money     `json:"grossValue"`
	Billed     *money.Money     `json:"billed"`
}

// Before returns the month before, up to the same day of the month, or to its own end if it is shorter.
func (p Period) Before() Period {
	before := Period{From: (p.From - 1).FirstOfMonth()}
	before.To = min(before.From+p.To-p.From, before.End())
	before.Over = before.To == before.End()
	return before
}

// partial reports whether the period ends before its month, which is over.
func (f Facts) partial() bool { return !f.Period.Over && f.Period.End() < f.Today }

// Previous computes the figures of a month that is over, or of its first days. GitHub bills whole months. So for the first days the
// billed amount is estimated: it is the value of the credits used beyond the pool.
func (f Facts) Previous() Previous {
	if f.partial() {
		f.Bill = nil
	}
	m := f.figures(f.Seats.undivided(f.Period.To))
	if f.partial() {
		m.Credits.Billed = f.Prices.Money(f.beyond(m.Credits.Used, f.pool(m.Credits.Included)))
		f.spend(&m)
	}
	p := Previous{
		From: m.From, To: m.To, SeatCost: m.SeatCost, TotalSpend: m.TotalSpend,
		Credits:          PreviousCredits{Used: m.Credits.Used, Included: m.Credits.Included, GrossValue: m.Credits.GrossValue, Billed: m.Credits.Billed},
		ActiveDevelopers: m.ActiveDevelopers, CostPerActiveDeveloper: m.CostPerActiveDeveloper, IdleSeatCost: m.IdleSeatCost,
		Reasons: map[string]string{},
	}
	for name, reason := range f.reasons(&m) {
		if slices.Contains(previousFigures, name) {
			p.Reasons[name] = reason
		}
	}
	return p
}

var previousFigures = []string{
	"seatCost", "credits.used", "credits.included", "credits.grossValue", "credits.billed", "totalSpend", "activeDevelopers",
	"costPerActiveDeveloper", "idleSeatCost",
}
