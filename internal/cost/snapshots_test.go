package cost

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// DaySeats is the snapshot of a day: the seats that were granted.
type DaySeats struct {
	Date      calendar.Date
	Seats     []seat.Seat
	NotListed int
}

// SeatDaysOf counts the seats of a period from snapshots, oldest first. It ignores snapshots that are too far from the period.
func SeatDaysOf(p Period, snapshots ...DaySeats) *SeatDays {
	s, near := NewSeatDays(p), p.Snapshots()
	var before []seat.Seat
	for _, day := range snapshots {
		if day.Date < near.From || day.Date > near.To {
			continue
		}
		err := s.Add(DayChanges{
			Date: day.Date, Changes: seat.ChangesBetween(before, day.Seats), NotListed: day.NotListed,
			Plan: seat.SharedPlan(seat.OnePerPerson(day.Seats, day.Date)),
		})
		if err != nil {
			panic(err)
		}
		before = day.Seats
	}
	return s
}
