//go:build !race

package spend_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/assembly"
	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	"cloudmonitor.ai/copilot-connector/internal/team"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// far is an HTTP client that is a millisecond away from the server, by the clock of a synctest bubble. That clock moves only
// while everybody waits. An operation therefore takes one millisecond for each round of requests that depends on the one before.
type far struct {
	lines chan line
}

// line takes requests to goroutines outside the bubble, because the network runs on real time.
type line struct {
	request  chan *http.Request
	response chan *http.Response
}

func newFar(t *testing.T, client dynamodb.HTTPClient) far {
	f := far{lines: make(chan line, 64)}
	for range cap(f.lines) {
		l := line{make(chan *http.Request), make(chan *http.Response)}
		go func() {
			for request := range l.request {
				response, err := client.Do(request) //nolint:bodyclose // it is read and closed inside
				if err != nil {
					t.Error(err)
					response = nil
				}
				l.response <- response
			}
		}()
		t.Cleanup(func() { close(l.request) })
		f.lines <- l
	}
	return f
}

// Do implements dynamodb.HTTPClient.
func (f far) Do(r *http.Request) (*http.Response, error) {
	time.Sleep(time.Millisecond)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	outside, err := http.NewRequestWithContext(context.Background(), r.Method, r.URL.String(), bytes.NewReader(body)) //nolint:gosec // of DynamoDB Local
	if err != nil {
		return nil, err
	}
	outside.Header = r.Header
	l := <-f.lines
	l.request <- outside
	response := <-l.response
	f.lines <- l
	if response == nil {
		return nil, io.ErrUnexpectedEOF
	}
	text, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(text))
	return response, err
}

// crowd returns a list of so many seats. One of them changes its holder each day.
func crowd(many int, day calendar.Date) seat.Snapshot {
	s := seat.Snapshot{AsOf: day.Start().Add(6 * time.Hour), Plan: copilot.PlanBusiness}
	for i := range many {
		id := int64(i + 1)
		if i == int(day)%many {
			id += int64(many)
		}
		s.Seats = append(s.Seats, seat.Seat{UserID: &id, Login: fmt.Sprint("user-", id), Plan: copilot.PlanBusiness, CreatedAt: new(now.AddDate(-1, 0, 0))})
	}
	return s
}

func TestSeatsAndCostTakeAFewRoundsWhateverTheSize(t *testing.T) {
	t.Parallel()
	const people = 250_000 // a month of so many people takes several items, and more than one query returns
	client := awstest.DynamoDB(t)
	name := awstest.CreateTable(t, client)
	clock := func() time.Time { return now }
	s := &store.Store{Table: dynamo.New(client, name, clock), Now: clock}
	c := &connector.Connector{
		Ref:      connector.Ref{Tenant: "acme", ID: connector.NewID()},
		Settings: connector.Settings{IdleAfterDays: 30},
		Progress: connector.Progress{FirstDay: new(today - 365), LookedThrough: new(today - 1), Capabilities: access.Capabilities{Users: access.OK}},
	}
	var everybody []byte
	for i := range people {
		everybody = binary.AppendVarint(everybody, -(200 + int64(i%7)))
	}
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	someone := new(metrics.Roster)
	must(someone.Add(&metrics.UserDay{UserID: 200, Login: "user-200"}))
	pages, _ := someone.Pages()
	nobody := &team.Membership{}
	nobodys := nobody.Hash()
	for date := today - 365; date < today; date += 13 {
		set, many := everybody[:20], int64(10)
		if date > today-60 {
			set, many = everybody, people
		}
		day, _ := ledger.Revise(nil, date, ledger.Reading{
			Usage: &metrics.Usage{ActiveUsers: &many}, Totals: &metrics.UserTotals{Active: many, Engaged: many},
			Users: &ledger.Users{Hash: fmt.Sprintf("%032x", int(date)), Pages: 1, People: many}, Looked: true, At: now,
		})
		must(s.Commit(ctx, c.Ref, day, &ledger.PackedPeople{Pages: pages, People: set}))
		must(s.KeepActive(ctx, c.Ref, date))
		must(s.PutTeamDay(ctx, c.Ref, ledger.TeamDay{Date: date, Users: day.Users.Hash, Membership: nobodys, Basis: team.BySeats, Seats: &date, Sums: team.NewAdder(nobody).Sums()}))
		_, err := s.KeepMembership(ctx, c.Ref, date, nobody)
		must(err)
		must(s.KeepTeams(ctx, c.Ref, date))
	}
	must(s.KeepYear(ctx, c.Ref, today))
	for _, ago := range []calendar.Date{45, 40, 31, 30, 20, 2, 1, 0} {
		many := 30_000
		if ago == 20 {
			many = 100 // nearly all holders have changed: the store does not keep such changes, and two more lists are needed
		}
		must(s.PutSeats(ctx, c.Ref, today-ago, crowd(many, today-ago)))
	}

	options := client.Options()
	options.HTTPClient = newFar(t, options.HTTPClient)
	distant := &store.Store{Table: dynamo.New(dynamodb.New(options), name, clock), Now: clock}
	parts := assembly.Parts{Store: distant, Now: clock}
	reader, shown := parts.Spend(), parts.Usage()
	veiled := *c
	veiled.ShowPeople, veiled.PeopleKey = privacy.Pseudonymous, privacy.NewKey()
	for _, test := range []struct {
		name string
		most int
		read func(ctx context.Context) error
	}{
		{"seats", 3, func(ctx context.Context) error { _, err := reader.Seats(ctx, c, nil); return err }},
		{"seats of a day within a month", 3, func(ctx context.Context) error { _, err := reader.Seats(ctx, c, new(today-40)); return err }},
		{"cost", 4, func(ctx context.Context) error {
			_, err := reader.ComparedMonth(ctx, c, cost.MonthToDate(now))
			return err
		}},
		{"users with their seats and teams", 3, func(ctx context.Context) error {
			_, err := shown.Users(ctx, c, calendar.Range{From: today - 365, To: today - 1}, "")
			return err
		}},
		{"users of a range that has ended, whose last day has no report", 3, func(ctx context.Context) error {
			_, err := shown.Users(ctx, c, calendar.Range{From: today - 100, To: today - 41}, "")
			return err
		}},
		{"teams", 4, func(ctx context.Context) error {
			_, err := reader.Teams(ctx, c, calendar.Range{From: today - 27, To: today - 1})
			return err
		}},
		{"usage of a team", 2, func(ctx context.Context) error {
			_, err := shown.TeamUsage(ctx, c, calendar.Range{From: today - 100, To: today - 1}, "core", true)
			return err
		}},
		{"users of a team", 3, func(ctx context.Context) error {
			_, err := shown.SortedUsers(ctx, c, calendar.Range{From: today - 365, To: today - 1}, usage.UserList{Team: "core"}, "")
			return err
		}},
		{"users by pseudonyms", 3, func(ctx context.Context) error {
			_, err := shown.Users(ctx, &veiled, calendar.Range{From: today - 365, To: today - 1}, "")
			return err
		}},
		{"one user", 3, func(ctx context.Context) error {
			_, err := shown.User(ctx, c, calendar.Range{From: today - 365, To: today - 1}, "200")
			return err
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			if err := test.read(t.Context()); err != nil {
				t.Fatal(err)
			}
			if rounds := int(time.Since(began) / time.Millisecond); rounds > test.most || rounds < 1 {
				t.Errorf("%s take %d rounds", test.name, rounds)
			} else {
				t.Logf("%s take %d rounds", test.name, rounds)
			}
		})
	}
}
