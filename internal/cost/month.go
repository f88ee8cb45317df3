package cost

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// Facts is what a month is computed from.
type Facts struct {
	Scope  copilot.Scope // of the account
	Period Period
	Today  calendar.Date       // on which it is computed
	Prices money.Prices        // of the month
	Seats  *SeatDays           // of the period; not nil
	Latest *seat.Summary       // of the period's last snapshot; nil: there is none
	Days   []metrics.Day       // of the period
	Teams  *team.Sums          // what the people of each team did in the period; nil: not known
	Idle   []seat.Seat         // those of the period's last snapshot that are idle or were never used
	Active *int64              // distinct people in the period; nil: not known for each of its days
	Bill   *CreditBill         // of the month; nil: it was not, or cannot be, read
	Parts  Parts               // of the bill, and budgets, of the month
	Reads  access.Capabilities // what the token may read

	SmallestGroup int // groups of fewer people are not shown by themselves; 0: every group is shown
}

// Month is what Copilot cost in a month, as the Admin API shows it. Nil is not known; Reasons says why.
type Month struct {
	Month                  string            `json:"month"`
	From                   calendar.Date     `json:"from"`
	To                     calendar.Date     `json:"to"`
	SeatCost               *money.Money      `json:"seatCost"`
	SeatsAsOf              *calendar.Date    `json:"seatsAsOf"` // the last day whose snapshot tells of the seats
	Credits                Credits           `json:"credits"`
	TotalSpend             *money.Money      `json:"totalSpend"` // seats, and what is billed beyond the pool
	Projected              *Projection       `json:"projected"`  // nil once the month is over
	ActiveDevelopers       *int64            `json:"activeDevelopers"`
	CostPerActiveDeveloper *money.Money      `json:"costPerActiveDeveloper"`
	IdleSeatCost           *money.Money      `json:"idleSeatCost"` // a month, of idle and never used seats
	ByModel                ModelMix          `json:"byModel"`
	BySKU                  []SKURow          `json:"bySku"` // the dearest first, then by name; nil where the bill is not known
	ByTeam                 []TeamRow         `json:"byTeam"`
	ByOrganization         []OrganizationRow `json:"byOrganization"` // by name, then the row without one; nil of an organization
	ByCostCenter           []CenterRow       `json:"byCostCenter"`   // by name, then the row without one; nil: not known
	Budgets                []BudgetRow       `json:"budgets"`        // nil: not known
	Warnings               []string          `json:"warnings"`       // of budgets that limit nothing; never nil
	CacheHitRate           *float64          `json:"cacheHitRate"`   // not to be had from Copilot
	BatchShare             *float64          `json:"batchShare"`     // not to be had from Copilot
	Previous               *Previous         `json:"previous"`       // nil: not asked for
	Reasons                map[string]string `json:"reasons"`        // why a figure is null, short of people, or a bill not GitHub's last word, by its name
}

// Credits is the AI credits of a month.
type Credits struct {
	Used         *metrics.Credits `json:"used"` // by the usage reports
	DaysWithData int              `json:"daysWithData"`
	Included     *int64           `json:"included"`    // the pool that the seats share
	GrossValue   *money.Money     `json:"grossValue"`  // of those used; the seats have paid for what is inside the pool
	Billed       *money.Money     `json:"billed"`      // beyond the pool
	BilledAsOf   *time.Time       `json:"billedAsOf"`  // when the bill was read; nil: it was not
	Daily        []DayCredits     `json:"daily"`       // one a day of the period
	ExhaustedOn  *calendar.Date   `json:"exhaustedOn"` // when more are used than included; nil: not in this month, or not known
}

// Projection is how the month will end at the present pace.
type Projection struct {
	CreditsUsed *metrics.Credits `json:"creditsUsed"`
	SeatCost    *money.Money     `json:"seatCost"`
	Billed      *money.Money     `json:"billed"`
	TotalSpend  *money.Money     `json:"totalSpend"`
}

// Month computes it.
func (f Facts) Month() Month {
	m := Month{Month: f.Period.String(), From: f.Period.From, To: f.Period.To, ByModel: f.modelMix(), BySKU: f.bySKU()}
	m.Credits.Used, m.Credits.DaysWithData = metrics.CreditsUsed(f.Days)
	m.Credits.Billed = f.billed()
	if f.Bill != nil && !f.Bill.Absent && !f.Bill.ReadAt.IsZero() {
		m.Credits.BilledAsOf = new(f.Bill.ReadAt.UTC())
	}
	if m.Credits.Used != nil {
		m.Credits.GrossValue = f.Prices.Money(f.Prices.CreditValue(ratOf(*m.Credits.Used)))
	}
	held := f.Seats.through(f.Period.To)
	m.SeatCost = f.Prices.Money(held.seatCost(f.Prices))
	if held.known {
		m.SeatsAsOf = new(f.Seats.date)
	}
	m.Credits.Included = f.included(held)
	m.Credits.Daily = f.daily()
	m.Credits.ExhaustedOn = f.exhaustedOn(&m.Credits)
	f.spend(&m)
	if f.Latest != nil {
		m.IdleSeatCost = f.Latest.IdleCost()
	}
	m.ByTeam = f.byTeam(held, &m)
	if !f.Period.Over && !f.partial() {
		m.Projected = f.project(&m)
	}
	m.ByOrganization, m.ByCostCenter = f.byOrganization(held, m.Credits.Billed), f.byCostCenter(m.Credits.Billed)
	m.Budgets, m.Warnings = f.budgets()
	m.Reasons = f.reasons(&m)
	return m
}

// spend adds up what was paid, and shares it among those who were active.
func (f Facts) spend(m *Month) {
	m.TotalSpend = Spend(m.SeatCost, m.Credits.Billed)
	if f.Active != nil && m.Credits.DaysWithData > 0 {
		m.ActiveDevelopers = new(*f.Active)
		m.CostPerActiveDeveloper = m.TotalSpend.Over(*m.ActiveDevelopers)
	}
}
