package seat

import "cloudmonitor.ai/copilot-connector/internal/calendar"

// Used returns how many seats are held on a day, and how many of their holders are active. ok is false if GitHub does not list
// all seats.
func (s *Snapshot) Used(on calendar.Date, active func(userID int64) bool) (used, held int64, ok bool) {
	seats := OnePerPerson(s.Seats, on)
	for i := range seats {
		if id := seats[i].UserID; id != nil && active(*id) {
			used++
		}
	}
	return used, int64(len(seats)), s.NotListed == 0
}
