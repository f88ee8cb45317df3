package spend

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

// The usage reports tell of the use of a seat as far back as a range goes. Of those older than makes a seat idle, some
// days are read at a time.
const (
	remembered  = 366
	olderAtOnce = 28
)

// held are the seats of a snapshot, and when their people were last seen in the usage reports: as far back as makes a seat
// idle, and further as long as that could change the status of one.
func (r Reader) held(ctx context.Context, c *connector.Connector, snapshot *cost.Snapshot) ([]cost.Seat, cost.LastUsage, error) {
	day := calendar.DateOf(snapshot.AsOf)
	seats := cost.OnePerPerson(snapshot.Seats, day)
	days := calendar.Range{From: day - calendar.Date(c.IdleAfterDays), To: day}
	_, people, _, err := r.Days.Range(ctx, c, days)
	if err != nil {
		return nil, nil, err
	}
	oldest := days.From
	if c.FirstDay != nil {
		oldest = max(*c.FirstDay, day-remembered+1)
	}
	for days.From > oldest && cost.Undecided(seats, snapshot.AsOf, c.IdleAfterDays, people.LastActive) {
		days = calendar.Range{From: max(oldest, days.From-olderAtOnce), To: days.From - 1}
		_, older, _, err := r.Days.Range(ctx, c, days)
		if err != nil {
			return nil, nil, err
		}
		people.Merge(older)
	}
	return seats, people.LastActive, nil
}
