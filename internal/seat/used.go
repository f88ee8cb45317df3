package seat

import "cloudmonitor.ai/copilot-connector/internal/calendar"

// Used returns how many seats are held on that day, and how many of their holders are active. Not ok: GitHub does not list all.
func (s *Snapshot) Used(on calendar.Date, active func(userID int64) bool) (used, held int64, ok bool) {
	seats := OnePerPerson(s.Seats, on)
	for i := range seats {
		if id := seats[i].UserID; id != nil && active(*id) {
			used++
		}
	}
	return used, int64(len(seats)), s.NotListed == 0
}
