package seat

import "cloudmonitor.ai/copilot-connector/internal/calendar"

// Anonymous returns the grants of a day with one seat without a person in the place of all grants of each person who is gone. What
// the seat costs, and for which team, stays: it was paid for. When it was used does not stay. changed reports whether anybody
// was gone.
func Anonymous(grants []Seat, on calendar.Date, gone func(userID int64) bool) (list []Seat, changed bool) {
	var theirs []Seat
	for _, grant := range grants {
		if grant.UserID != nil && gone(*grant.UserID) {
			theirs = append(theirs, grant)
		} else {
			list = append(list, grant)
		}
	}
	for _, s := range OnePerPerson(theirs, on) {
		nobody := Seat{Forgotten: true, Organization: s.Organization, Team: s.Team, Plan: s.Plan, PendingCancellation: s.PendingCancellation}
		if s.CreatedAt != nil {
			nobody.CreatedAt = new(calendar.DateOf(*s.CreatedAt).Start())
		}
		list = append(list, nobody)
	}
	return list, len(theirs) > 0
}

// Everybody is gone from a list whose people are all taken out.
func Everybody(int64) bool { return true }
