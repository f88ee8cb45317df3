package githubsim

import "time"

// GitHub writes the times of seats with the offset of the person who assigned the seat.
var seatZones = []*time.Location{
	time.UTC, time.FixedZone("", -6*60*60), time.FixedZone("", 2*60*60),
}

// activityKept is how long GitHub remembers the last activity of a seat.
const activityKept day = 90

// seatCreated returns the date of the assignment. It is before all reports, except for newcomers, who got their seat some weeks
// or months ago and have not used it.
func (p population) seatCreated(user int, today day) time.Time {
	since := mustDay("2024-01-15") + day(500*p.dice.roll(user, lifelong, seatHistory))
	if user == nobody || p.newcomer(user) {
		since = today - 3 - (today+day(13*(user+1)))%25
		if user != nobody && user%2 == 1 {
			since -= 40
		}
	}
	return since.midnight().Add(time.Duration(8+(user+1)%9) * time.Hour).In(seatZones[(user+1)%len(seatZones)])
}

func (p population) newcomer(user int) bool {
	return p.dice.roll(user, lifelong, habit) < neverUsed/2
}

// lastActivity agrees with the reports: it is the last day on which an editor sent telemetry. For people without telemetry,
// GitHub has a date for some and nothing for the others, even if they are active.
func (p population) lastActivity(user int, today day) (time.Time, bool) {
	serverKnows := user%2 == 0
	for on := today - 1; on >= today-activityKept; on-- {
		seen := p.presence(user, on)
		if seen == observed || seen == unseen && serverKnows {
			at := on.midnight().Add(9*time.Hour + time.Duration(user%540)*time.Minute)
			return at.In(seatZones[(user+2)%len(seatZones)]), true
		}
	}
	return time.Time{}, false
}
