package seat

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Summary counts an account's seats at one instant, as the Admin API shows them without the list. Unknown money is nil; a sum
// with an unknown part is unknown.
type Summary struct {
	AsOf                time.Time    `json:"asOf"`
	Plan                copilot.Plan `json:"plan"`
	Basis               Basis        `json:"basis"`
	Total               int          `json:"total"`        // listed seats, or announced seats if no list was read
	NotListed           *int         `json:"notListed"`    // seats that GitHub announces but does not list; nil: no list was read
	PricePerSeat        *money.Money `json:"pricePerSeat"` // nil also if seats have different plans
	MonthlyCost         *money.Money `json:"monthlyCost"`  // of all seats, including those not listed
	IdleAfterDays       int          `json:"idleAfterDays"`
	Active              Count        `json:"active"`
	New                 Count        `json:"new"`
	Idle                Count        `json:"idle"`
	NeverUsed           Count        `json:"neverUsed"`
	PendingCancellation Count        `json:"pendingCancellation"`
	Unknown             Count        `json:"unknown"`
}

// Count is a number of seats and what they cost for a month. Both are nil if no list was read.
type Count struct {
	Count       *int         `json:"count"`
	MonthlyCost *money.Money `json:"monthlyCost"`
}

// Announced returns the summary of seats whose number GitHub announced, but whose list was not read.
func (v View) Announced(total int, plan copilot.Plan) Summary {
	return Summary{AsOf: v.At.UTC(), Plan: plan, Basis: v.basis(), Total: total, IdleAfterDays: v.IdleAfterDays}
}

// Summarise counts seats, one for each person, and adds up their cost. A cancelled seat costs until its date.
func (v View) Summarise(seats []Seat, notListed int, prices money.Prices) Summary {
	tally := v.JudgeAll(seats).Tally(notListed)
	return tally.Summary(prices)
}

// List returns the results of Summarise and Rows together.
func (v View) List(seats []Seat, notListed int, prices money.Prices) (Summary, []Row) {
	rows := v.Rows(seats, prices)
	judged := Judged{v, seats, make([]Status, len(rows))}
	for i := range rows {
		judged.statuses[i] = rows[i].Status
	}
	tally := judged.Tally(notListed)
	return tally.Summary(prices), rows
}

// IdleCost returns what the idle and the never used seats cost for a month.
func (s *Summary) IdleCost() *money.Money { return s.Idle.MonthlyCost.Add(s.NeverUsed.MonthlyCost) }
