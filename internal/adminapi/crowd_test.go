package adminapi_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// crowd is a number of people that needs five pages, more than one answer may hold.
type crowd int

func (c crowd) page() int64 { return int64(c) / 5 }

// crowdedSeats has teams whose names get much longer in JSON.
type crowdedSeats struct {
	spend.Reader
	crowd
}

func (c crowdedSeats) Seats(context.Context, *connector.Connector, *calendar.Date) (*spend.Seats, error) {
	team := strings.Repeat(`"<`, 20)
	seats := &spend.Seats{Summary: seat.Summary{AsOf: noon, Plan: copilot.PlanBusiness, Basis: seat.SeatsOnly, IdleAfterDays: 30, Total: int(c.crowd)}}
	for id := range int64(c.crowd) {
		seats.Rows = append(seats.Rows, seat.Row{UserID: new(id + 1), Team: &team, Plan: copilot.PlanBusiness, Evidence: seat.Evidence{Status: seat.Active}})
	}
	return seats, nil
}

// crowdedUsage has many people, whose logins get longer in JSON too. A page of it may fail.
type crowdedUsage struct {
	usage.Reader
	crowd
	failsAt string
}

func (c crowdedUsage) Users(_ context.Context, _ *connector.Connector, days calendar.Range, next string) (usage.Users, error) {
	users, page := usage.Users{From: days.From, To: days.To}, int64(0)
	if next != "" {
		_, _ = fmt.Sscan(next, &page)
	}
	if c.failsAt != "" && next == c.failsAt {
		return users, errFire
	}
	for id := range c.page() {
		users.Users = append(users.Users, metrics.UserUsage{UserID: page*c.page() + id + 1, Login: strings.Repeat(`"<`, 20), ActiveDays: 1, LastActiveDay: days.To})
	}
	if page++; page < 5 {
		users.Next = new(fmt.Sprint(page))
	}
	return users, nil
}

func (c crowdedUsage) AllUsers(ctx context.Context, of *connector.Connector, days calendar.Range) (func(next string) (usage.Users, error), error) {
	return func(next string) (usage.Users, error) { return c.Users(ctx, of, days, next) }, nil
}

// crowdedAPI serves more than one answer may hold, and returns the path of the export.
func crowdedAPI(t *testing.T, people crowd, limit int) (*app, string) {
	t.Helper()
	a, path := octoSaved.prepare(t)
	a.api.MaxAnswer, a.api.MaxSeats = limit, int(people.page())
	a.api.Connectors.Spend, a.api.Connectors.Usage = crowdedSeats{crowd: people}, crowdedUsage{crowd: people}
	a.serve()
	return a, path + "/export?"
}

// TeamRows has many teams on each day.
func (c crowdedUsage) TeamRows(_ context.Context, _ *connector.Connector, days calendar.Range) (list []usage.TeamDay, err error) {
	for _, date := range days.Days() {
		for n := range int(c.crowd) {
			list = append(list, usage.TeamDay{Date: date, State: metrics.Final, Team: new(fmt.Sprint("team-", n))})
		}
		list = append(list, usage.TeamDay{Date: date, State: metrics.Final})
	}
	return list, nil
}

// slowUsage is a crowd whose pages each take some seconds.
type slowUsage struct {
	crowdedUsage
	clock *testworld.Clock
}

func (s slowUsage) AllUsers(ctx context.Context, c *connector.Connector, days calendar.Range) (func(next string) (usage.Users, error), error) {
	return func(next string) (usage.Users, error) {
		s.clock.Advance(8 * time.Second)
		return s.Users(ctx, c, days, next)
	}, nil
}
