//go:build !race

package usage_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cloudmonitor.ai/copilot-connector/internal/awstest"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/shard"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// far answers a request one second later, by the synctest bubble's clock. That clock stands still while a request is on its way,
// so parallel requests together take one second. The seconds are the number of rounds.
type far struct{ lines chan line }

// line takes a request out of the bubble and brings its answer back.
type line struct {
	ask    chan *http.Request
	answer chan *http.Response
}

// newFar starts lines outside of any bubble. There are more of them than parallel requests.
func newFar(t *testing.T, send func(*http.Request) (*http.Response, error)) *far {
	const many = 256
	f := &far{make(chan line, many)}
	for range many {
		l := line{make(chan *http.Request), make(chan *http.Response)}
		f.lines <- l
		go func() {
			for r := range l.ask {
				answer, err := send(r.Clone(t.Context()))
				if err != nil {
					t.Error(err)
					answer = &http.Response{StatusCode: http.StatusInternalServerError, Body: http.NoBody}
				}
				body, err := io.ReadAll(answer.Body)
				if err != nil {
					t.Error(err)
				}
				_ = answer.Body.Close()
				answer.Body = io.NopCloser(bytes.NewReader(body))
				l.answer <- answer
			}
		}()
		t.Cleanup(func() { close(l.ask) })
	}
	return f
}

func (f *far) Do(r *http.Request) (*http.Response, error) {
	l := <-f.lines
	l.ask <- r
	answer := <-l.answer
	f.lines <- l
	time.Sleep(time.Second) // a second of the bubble's clock, which passes at once
	return answer, nil
}

// A range of many months and people must take a few rounds of requests, however many requests there are.
func TestALongRangeTakesAFewRounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := awstest.DynamoDB(t)
	name := awstest.CreateTable(t, client)
	days := calendar.LastDays(366, morning())
	busy := calendar.LastDays(31, morning()) // their people fill two pages a day; a whole year with people has the same rounds
	w.crowded(t, calendar.Range{From: days.From, To: busy.From - 1}, 60, nil)
	w.crowded(t, busy, 900, nil)
	teams := calendar.LastDays(50, morning())
	w.inTeams(t, teams)
	for month := days.From.FirstOfMonth(); month <= days.To; month = month.EndOfMonth() + 1 {
		if err := w.store.KeepUsers(ctx, w.c.Ref, month); err != nil {
			t.Fatal(err)
		}
	}
	for date := days.From; date < teams.From; date += 30 {
		w.seats(t, date, seat.Snapshot{Plan: copilot.PlanBusiness, Seats: []seat.Seat{{UserID: new(int64(date)), Team: "team-3", Plan: copilot.PlanBusiness}}})
	}
	one := int64(1000)
	for shard.Page(shard.Hash(one), 2) > 0 {
		one += 7
	}
	w.moveTo(t, dynamo.New(client, name, morning))

	options := client.Options()
	options.HTTPClient = newFar(t, options.HTTPClient.Do)
	lost := days.To - 70
	ofTeam := func(days calendar.Range) func() error {
		return func() error { _, err := w.TeamUsage(ctx, w.c, days, "team-3", false); return err }
	}
	for _, test := range []struct {
		name   string
		rounds int
		loses  []string // items that are lost before
		read   func() error
	}{
		{"usage", 1, nil, func() error { _, err := w.Usage(ctx, w.c, days); return err }},
		{"usage and the range before", 1, nil, func() error { _, err := w.Compared(ctx, w.c, calendar.LastDays(60, morning())); return err }},
		{"usage of a team", 1, nil, ofTeam(teams)},
		{"users", 2, nil, func() error { _, err := w.Users(ctx, w.c, days, ""); return err }},
		{"more users", 2, nil, func() error { _, err := w.Users(ctx, w.c, days, "8000000000000000-900"); return err }},
		{"one user", 2, nil, func() error { _, err := w.User(ctx, w.c, days, strconv.FormatInt(one, 10)); return err }},
		{"usage without stored months", 2, []string{"active#"}, func() error {
			_, err := w.Usage(ctx, w.c, calendar.Range{From: lost - 40, To: days.To})
			return err
		}},
		{"teams", 1, nil, func() error { _, err := w.TeamRows(ctx, w.c, teams); return err }},
		{"teams without stored months", 2, []string{"teammonth#", "teamsums#"}, func() error { _, err := w.TeamRows(ctx, w.c, teams); return err }},
		{"usage of a team without stored days", 3, []string{"byteam#"}, ofTeam(teams)},
		{"usage of a team for a year without stored days and teams", 3, nil, ofTeam(days)},
		{"users without stored sums of months", 3, []string{"usermonth#"}, func() error { _, err := w.Users(ctx, w.c, days, ""); return err }},
		{"users without stored months", 3, []string{"lastdays#", "lastyear#"}, func() error { _, err := w.Users(ctx, w.c, days, ""); return err }},
	} {
		for _, kept := range test.loses {
			w.lose(t, kept, "")
		}
		synctest.Test(t, func(t *testing.T) {
			w.Store = &store.Store{Table: dynamo.New(dynamodb.New(options), name, morning), Now: morning}
			began := time.Now()
			if err := test.read(); err != nil {
				t.Fatal(test.name, err)
			}
			if rounds := int(time.Since(began) / time.Second); rounds != test.rounds {
				t.Errorf("%s took %d rounds, want %d", test.name, rounds, test.rounds)
			}
		})
	}
}

// inTeams gives each day of a range another membership, and keeps the teams of its months.
func (w *world) inTeams(t *testing.T, days calendar.Range) {
	t.Helper()
	for i, date := range days.Days() {
		var rows team.Rows
		if err := rows.Add(1000, 1, "team-"+strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
		members, err := rows.Membership()
		if err != nil {
			t.Fatal(err)
		}
		hash, err := w.store.KeepMembership(ctx, w.c.Ref, date, members)
		if err != nil {
			t.Fatal(err)
		}
		day, err := w.store.Day(ctx, w.c.Ref, date)
		if err != nil {
			t.Fatal(err)
		}
		day.Teams = &ledger.Teams{Hash: hash}
		head := day.Head()
		kept := ledger.TeamDay{Date: date, Users: head.UsersHash(), Membership: hash, Basis: team.ByReport, Sums: team.NewAdder(members).Sums()}
		if err := errors.Join(w.store.Commit(ctx, w.c.Ref, *day, nil), w.store.PutTeamDay(ctx, w.c.Ref, kept)); err != nil {
			t.Fatal(err)
		}
	}
	for month := days.From.FirstOfMonth(); month <= days.To; month = month.EndOfMonth() + 1 {
		if err := w.store.KeepTeams(ctx, w.c.Ref, month); err != nil {
			t.Fatal(err)
		}
	}
}

// moveTo copies all of the connector's items to another table, and continues there.
func (w *world) moveTo(t *testing.T, table store.Table) {
	t.Helper()
	var items []store.Item
	for item, err := range w.store.Table.Query(ctx, store.Range{Partition: "connector#" + w.c.Tenant + "/" + w.c.ID}) {
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, item)
	}
	if err := table.PutAll(ctx, items); err != nil {
		t.Fatal(err)
	}
	w.store.Table = table
}
