package cost

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// Money is an exact amount in one currency. A nil *Money is not known, which is never the same as nothing.
type Money struct {
	Amount    string `json:"amount"` // a decimal number
	Currency  string `json:"currency"`
	Estimated bool   `json:"estimated"` // from list or agreed prices, not from an invoice
}

// SeatSummary is what an account holds in seats at one instant, as the Admin API shows it without their list.
// Seats are not priced yet, so the money fields are nil. The counts are nil when the seats were not all listed.
type SeatSummary struct {
	AsOf                time.Time      `json:"asOf"`
	Plan                connector.Plan `json:"plan"`
	Total               int            `json:"total"`
	PricePerSeat        *Money         `json:"pricePerSeat"`
	MonthlyCost         *Money         `json:"monthlyCost"`
	IdleAfterDays       int            `json:"idleAfterDays"`
	Idle                SeatCount      `json:"idle"`
	NeverUsed           SeatCount      `json:"neverUsed"`
	PendingCancellation *int           `json:"pendingCancellation"`
}

// SeatCount is a number of seats and what they cost a month.
type SeatCount struct {
	Count       *int   `json:"count"`
	MonthlyCost *Money `json:"monthlyCost"`
}

// Announced is the summary of seats that were counted by GitHub but not listed.
func Announced(total int, plan connector.Plan, at time.Time, idleAfterDays int) SeatSummary {
	return SeatSummary{AsOf: at.UTC(), Plan: plan, Total: total, IdleAfterDays: idleAfterDays}
}

// Summarise counts seats, one per person, at that instant. lastUsage tells a person's last day in the usage
// reports, where there is one.
func Summarise(seats []Seat, at time.Time, idleAfterDays int, lastUsage func(userID int64) (connector.Date, bool)) SeatSummary {
	summary := SeatSummary{
		AsOf:          at.UTC(),
		Plan:          HighestPlan(seats),
		Total:         len(seats),
		IdleAfterDays: idleAfterDays,
	}
	var idle, neverUsed, leaving int
	for _, seat := range seats {
		var used *connector.Date
		if seat.UserID != nil {
			if day, ok := lastUsage(*seat.UserID); ok {
				used = &day
			}
		}
		switch seat.Status(at, idleAfterDays, used) {
		case SeatIdle:
			idle++
		case SeatNeverUsed:
			neverUsed++
		case SeatPendingCancellation:
			leaving++
		}
	}
	summary.Idle.Count, summary.NeverUsed.Count, summary.PendingCancellation = &idle, &neverUsed, &leaving
	return summary
}
