package seat

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Row is a seat in the list of the Admin API. A nil field is unknown or does not exist.
type Row struct {
	UserID                  *int64         `json:"userId"`
	Login                   *string        `json:"login"`
	Organization            *string        `json:"organization"`
	Team                    *string        `json:"team"`
	Plan                    copilot.Plan   `json:"plan"`
	MonthlyCost             *money.Money   `json:"monthlyCost"` // 0 for a seat that is no longer paid for
	CreatedAt               *time.Time     `json:"createdAt"`
	LastActivityAt          *time.Time     `json:"lastActivityAt"`
	LastActivityEditor      *string        `json:"lastActivityEditor"`
	PendingCancellationDate *calendar.Date `json:"pendingCancellationDate"`
	Evidence
}

// Rows returns a row with the status for each seat, in the same order.
func (v View) Rows(seats []Seat, prices money.Prices) []Row {
	costs := costsOn(calendar.DateOf(v.At), prices)
	rows := make([]Row, 0, len(seats))
	for i := range seats {
		s := &seats[i]
		rows = append(rows, Row{
			UserID: s.UserID, Login: named(s.Login), Organization: named(s.Organization), Team: named(s.Team),
			Plan: s.Plan, MonthlyCost: costs(s),
			CreatedAt: s.CreatedAt, LastActivityAt: s.LastActivityAt, LastActivityEditor: named(s.LastActivityEditor),
			PendingCancellationDate: s.PendingCancellation, Evidence: v.Judge(s),
		})
	}
	return rows
}

func named(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
