package usage

import (
	"cmp"
	"context"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// Seats says whether people use their seats, from the newest list up to a day.
type Seats interface {
	Statuses(ctx context.Context, c *connector.Connector, asOf calendar.Date) (of func(userIDs []int64) (map[int64]seat.Status, error), err error)
}

// shows begins to read two things: whether people use their seats on the morning after a range, and their teams on its last day. The
// returned function puts both into rows of people, and removes the ids unless people are named.
func (r Reader) shows(ctx context.Context, c *connector.Connector, days calendar.Range) (show func(*Users) error) {
	of := func([]int64) (map[int64]seat.Status, error) { return nil, nil } //nolint:nilnil // nobody has a status
	var err, teamsErr error
	var teams func(int64) []string
	var read sync.WaitGroup
	if r.Seats != nil {
		read.Go(func() { of, err = r.Seats.Statuses(ctx, c, days.To+1) })
	}
	read.Go(func() { teams, teamsErr = r.Store.TeamsOn(ctx, c.Ref, days.To) })
	return func(users *Users) error {
		read.Wait()
		if err := cmp.Or(err, teamsErr, fault.InTime(ctx, "read teams and seats of people")); err != nil {
			*users = Users{}
			return err
		}
		ids := make([]int64, len(users.Users))
		for i := range users.Users {
			ids[i] = users.Users[i].UserID
		}
		statuses, err := of(ids)
		if err != nil {
			*users = Users{}
			return err
		}
		for i := range users.Users {
			users.Users[i].Teams = teams(users.Users[i].UserID)
			if status, known := statuses[users.Users[i].UserID]; known {
				users.Users[i].SeatStatus = new(string(status))
			}
		}
		withoutIDs(users.Users, c.Veil())
		return nil
	}
}
