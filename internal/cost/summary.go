package cost

import (
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// SeatSummary is what an account holds in seats at one instant, as the Admin API shows it without their list. The
// counts are nil when the seats were not all listed, money when it is not known: a sum of which any part is unknown is
// unknown.
type SeatSummary struct {
	AsOf                time.Time    `json:"asOf"`
	Plan                copilot.Plan `json:"plan"`
	Total               int          `json:"total"`
	PricePerSeat        *Money       `json:"pricePerSeat"` // nil also where seats are of several plans
	MonthlyCost         *Money       `json:"monthlyCost"`
	IdleAfterDays       int          `json:"idleAfterDays"`
	Idle                SeatCount    `json:"idle"`
	NeverUsed           SeatCount    `json:"neverUsed"`
	PendingCancellation *int         `json:"pendingCancellation"`
}

// SeatCount is a number of seats and what they cost a month.
type SeatCount struct {
	Count       *int   `json:"count"`
	MonthlyCost *Money `json:"monthlyCost"`
}

// SeatRow is a seat in the list of the Admin API. A nil field is not known, or there is none.
type SeatRow struct {
	UserID             *int64     `json:"userId"`
	Login              *string    `json:"login"`
	Team               *string    `json:"team"`
	CreatedAt          *time.Time `json:"createdAt"`
	LastActivityAt     *time.Time `json:"lastActivityAt"`
	LastActivityEditor *string    `json:"lastActivityEditor"`
	Status             SeatStatus `json:"status"`
}

// LastUsage tells a person's last day in the usage reports, where there is one.
type LastUsage func(userID int64) (calendar.Date, bool)

// Announced is the summary of seats that were counted by GitHub but not listed.
func Announced(total int, plan copilot.Plan, at time.Time, idleAfterDays int) SeatSummary {
	return SeatSummary{AsOf: at.UTC(), Plan: plan, Total: total, IdleAfterDays: idleAfterDays}
}

// Summarise counts seats, one per person, at that instant, and what they cost. A leaving seat costs until its date.
func Summarise(seats []Seat, at time.Time, idleAfterDays int, lastUsage LastUsage, prices Prices) SeatSummary {
	summary := SeatSummary{
		AsOf:          at.UTC(),
		Plan:          HighestPlan(seats),
		Total:         len(seats),
		PricePerSeat:  pricePerSeat(seats, prices),
		IdleAfterDays: idleAfterDays,
	}
	all, idle, neverUsed, leaving := seatSum{}, seatSum{}, seatSum{}, 0
	for _, seat := range seats {
		if seat.billedOn(calendar.DateOf(at)) {
			all[seat.Plan]++
		}
		switch seat.Status(at, idleAfterDays, lastUsage.of(seat)) {
		case SeatIdle:
			idle[seat.Plan]++
		case SeatNeverUsed:
			neverUsed[seat.Plan]++
		case SeatPendingCancellation:
			leaving++
		}
	}
	summary.MonthlyCost, summary.PendingCancellation = all.cost(prices), &leaving
	summary.Idle, summary.NeverUsed = idle.count(prices), neverUsed.count(prices)
	return summary
}

// SeatRows lists seats with their status at that instant, in their order.
func SeatRows(seats []Seat, at time.Time, idleAfterDays int, lastUsage LastUsage) []SeatRow {
	rows := make([]SeatRow, 0, len(seats))
	for _, s := range seats {
		rows = append(rows, SeatRow{
			UserID: s.UserID, Login: named(s.Login), Team: named(s.Team), CreatedAt: s.CreatedAt,
			LastActivityAt: s.LastActivityAt, LastActivityEditor: named(s.LastActivityEditor),
			Status: s.Status(at, idleAfterDays, lastUsage.of(s)),
		})
	}
	return rows
}

// Undecided reports whether older usage than is told could change the status of any of the seats.
func Undecided(seats []Seat, at time.Time, idleAfterDays int, lastUsage LastUsage) bool {
	return slices.ContainsFunc(seats, func(s Seat) bool {
		status := s.Status(at, idleAfterDays, lastUsage.of(s))
		return s.UserID != nil && (status == SeatNeverUsed || status == SeatUnknown)
	})
}

func (last LastUsage) of(s Seat) *calendar.Date {
	if s.UserID == nil {
		return nil
	}
	if day, ok := last(*s.UserID); ok {
		return &day
	}
	return nil
}

func pricePerSeat(seats []Seat, prices Prices) *Money {
	if len(seats) == 0 {
		return nil
	}
	for _, s := range seats {
		if s.Plan != seats[0].Plan {
			return nil
		}
	}
	return prices.Seat(seats[0].Plan)
}

// seatSum counts seats by plan.
type seatSum map[copilot.Plan]int

func (s seatSum) cost(prices Prices) *Money {
	sum := prices.money(nothing)
	for plan, n := range s {
		sum = sum.Add(prices.Seat(plan).Times(int64(n)))
	}
	return sum
}

func (s seatSum) count(prices Prices) SeatCount {
	count := 0
	for _, n := range s {
		count += n
	}
	return SeatCount{Count: &count, MonthlyCost: s.cost(prices)}
}

func named(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
