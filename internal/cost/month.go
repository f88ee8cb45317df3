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

// Facts are the facts from which a month is computed.
type Facts struct {
	Scope  copilot.Scope // the account's scope
	Period Period
	Today  calendar.Date       // the day of the computation
	Prices money.Prices        // the prices of the month
	Seats  *SeatDays           // the seats of the period; never nil
	Latest *seat.Summary       // the summary of the period's last snapshot; nil: there is none
	Days   []metrics.Day       // the days of the period
	Teams  *team.Sums          // what the people of each team did in the period; nil: unknown
	Idle   []seat.Seat         // the idle and the never used seats of the period's last snapshot
	Active *int64              // distinct active people in the period; nil: unknown
	Bill   *CreditBill         // the bill of the month; nil: it was not read
	Parts  Parts               // the parts of the month's bill, and the budgets
	Reads  access.Capabilities // what the token may read

	SmallestGroup int // smaller groups are not shown separately; 0: all groups are shown
}

// Month is what Copilot cost in a month, as the Admin API shows it. A nil figure is unknown, and Reasons says why.
type Month struct {
	Month                  string            `json:"month"`
	From                   calendar.Date     `json:"from"`
	To                     calendar.Date     `json:"to"`
	SeatCost               *money.Money      `json:"seatCost"`
	SeatsAsOf              *calendar.Date    `json:"seatsAsOf"` // the day of the last snapshot that was used
	Credits                Credits           `json:"credits"`
	TotalSpend             *money.Money      `json:"totalSpend"` // seat cost plus the amount billed beyond the pool
	Projected              *Projection       `json:"projected"`  // nil if the month is over
	ActiveDevelopers       *int64            `json:"activeDevelopers"`
	CostPerActiveDeveloper *money.Money      `json:"costPerActiveDeveloper"`
	IdleSeatCost           *money.Money      `json:"idleSeatCost"` // what idle and never used seats cost for a month
	ByModel                ModelMix          `json:"byModel"`
	BySKU                  []SKURow          `json:"bySku"` // the most expensive first, then by name; nil if the bill is unknown
	ByTeam                 []TeamRow         `json:"byTeam"`
	ByOrganization         []OrganizationRow `json:"byOrganization"` // by name, then the row without a name; nil for an organization
	ByCostCenter           []CenterRow       `json:"byCostCenter"`   // by name, then the row without a name; nil: unknown
	Budgets                []BudgetRow       `json:"budgets"`        // nil: unknown
	Warnings               []string          `json:"warnings"`       // about budgets that do not limit spending; never nil
	CacheHitRate           *float64          `json:"cacheHitRate"`   // always nil: GitHub does not report it
	BatchShare             *float64          `json:"batchShare"`     // always nil: GitHub does not report it
	Previous               *Previous         `json:"previous"`       // nil: not requested
	Reasons                map[string]string `json:"reasons"`        // by figure: why it is null or too low, or since when its bill is outdated
}

// Credits has the AI credits of a month.
type Credits struct {
	Used         *metrics.Credits `json:"used"` // from the usage reports
	DaysWithData int              `json:"daysWithData"`
	Included     *int64           `json:"included"`    // the pool that the seats share
	GrossValue   *money.Money     `json:"grossValue"`  // the value of the used credits; the seats have paid for those inside the pool
	Billed       *money.Money     `json:"billed"`      // the amount beyond the pool
	BilledAsOf   *time.Time       `json:"billedAsOf"`  // when the bill was read; nil: it was not read
	Daily        []DayCredits     `json:"daily"`       // one for each day of the period
	ExhaustedOn  *calendar.Date   `json:"exhaustedOn"` // the day on which the pool ends; nil: not in this month, or unknown
}

// Projection is the end of the month at the present pace.
type Projection struct {
	CreditsUsed *metrics.Credits `json:"creditsUsed"`
	SeatCost    *money.Money     `json:"seatCost"`
	Billed      *money.Money     `json:"billed"`
	TotalSpend  *money.Money     `json:"totalSpend"`
}

// Month computes the month.
func (f Facts) Month() Month {
	held := f.Seats.through(f.Period.To)
	m := f.figures(held)
	m.ByModel, m.BySKU = f.modelMix(), f.bySKU()
	m.Credits.Daily = f.daily()
	m.Credits.ExhaustedOn = f.exhaustedOn(&m.Credits)
	m.ByTeam = f.byTeam(held, &m)
	if !f.Period.Over && !f.partial() {
		m.Projected = f.project(&m)
	}
	m.ByOrganization, m.ByCostCenter = f.byOrganization(held, m.Credits.Billed), f.byCostCenter(m.Credits.Billed)
	m.Budgets, m.Warnings = f.budgets()
	m.Reasons = f.reasons(&m)
	return m
}

// figures computes the figures of the whole account.
func (f Facts) figures(held tally) Month {
	m := Month{Month: f.Period.String(), From: f.Period.From, To: f.Period.To}
	m.Credits.Used, m.Credits.DaysWithData = metrics.CreditsUsed(f.Days)
	m.Credits.Billed = f.billed()
	if f.Bill != nil && !f.Bill.Absent && !f.Bill.ReadAt.IsZero() {
		m.Credits.BilledAsOf = new(f.Bill.ReadAt.UTC())
	}
	if m.Credits.Used != nil {
		m.Credits.GrossValue = f.Prices.Money(f.Prices.CreditValue(ratOf(*m.Credits.Used)))
	}
	m.SeatCost = f.Prices.Money(held.seatCost(f.Prices))
	if held.known {
		m.SeatsAsOf = new(f.Seats.date)
	}
	m.Credits.Included = f.included(held)
	f.spend(&m)
	if f.Latest != nil {
		m.IdleSeatCost = f.Latest.IdleCost()
	}
	return m
}

// spend computes the total spend and the cost per active developer.
func (f Facts) spend(m *Month) {
	m.TotalSpend = Spend(m.SeatCost, m.Credits.Billed)
	if f.Active != nil && m.Credits.DaysWithData > 0 {
		m.ActiveDevelopers = new(*f.Active)
		m.CostPerActiveDeveloper = m.TotalSpend.Over(*m.ActiveDevelopers)
	}
}
