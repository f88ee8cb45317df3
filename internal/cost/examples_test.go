package cost_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// example matches a pair of blocks in METRICS.md: the input, with its kind, and the result.
var example = regexp.MustCompile("(?s)```json ([a-z]+)\n(.*?)```(?:\\s*```json gives\n(.*?)```)?")

var figures = map[string]func(*testing.T, []byte) any{
	"day":        func(t *testing.T, given []byte) any { return decode[exampleDay](t, given).day(t) },
	"range":      func(t *testing.T, given []byte) any { return totalsOf(t, decode[[]exampleDay](t, given)) },
	"person":     func(t *testing.T, given []byte) any { return personOf(t, decode[[]exampleDay](t, given)) },
	"repository": func(t *testing.T, given []byte) any { return sumOf(decode[[]metrics.Repository](t, given)) },
	"seats":      func(t *testing.T, given []byte) any { return decode[exampleSeats](t, given).summary(t) },
	"share":      func(t *testing.T, given []byte) any { return decode[exampleShare](t, given).share() },
	"teams":      func(t *testing.T, given []byte) any { return decode[exampleTeams](t, given).credits(t) },
	"month":      func(t *testing.T, given []byte) any { return decode[exampleMonth](t, given).month(t) },
	"before":     func(t *testing.T, given []byte) any { return decode[exampleMonth](t, given).before(t) },
}

func TestEveryExampleInTheDocumentationIsTrue(t *testing.T) {
	text, err := os.ReadFile("../../docs/METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	for section := range strings.SplitSeq(string(text), "\n#") {
		title, _, _ := strings.Cut(section, "\n")
		examples := example.FindAllStringSubmatch(section, -1)
		if strings.HasPrefix(title, "## ") && len(examples) == 0 {
			t.Errorf("%s has no example", title)
		}
		for i, e := range examples {
			t.Run(fmt.Sprintf("%s %d", strings.Trim(title, "# "), i+1), func(t *testing.T) {
				compute, known := figures[e[1]]
				if !known || e[3] == "" {
					t.Fatalf("an example of the kind %q that gives %q", e[1], e[3])
				}
				shown, err := json.Marshal(compute(t, []byte(e[2])))
				if err != nil {
					t.Fatal(err)
				}
				want, got := decode[any](t, []byte(e[3])), decode[any](t, shown)
				if diff := cmp.Diff(want, asFarAs(want, got)); diff != "" {
					t.Errorf("(-documented +computed):\n%s", diff)
				}
			})
		}
	}
}

// asFarAs removes from objects everything that the example does not name.
func asFarAs(want, got any) any {
	wanted, ok := want.(map[string]any)
	all, also := got.(map[string]any)
	if !ok || !also {
		return got
	}
	named := map[string]any{}
	for key := range wanted {
		if value, there := all[key]; there {
			named[key] = asFarAs(wanted[key], value)
		}
	}
	return named
}

type exampleShare struct {
	Seats  []seat.Seat
	Active []int64
}

func (e exampleShare) share() any {
	snapshot := seat.Snapshot{Seats: e.Seats}
	used, held, _ := snapshot.Used(0, func(userID int64) bool { return slices.Contains(e.Active, userID) })
	return map[string]any{"activeShareOfSeats": metrics.Share(used, held)}
}

// exampleTeams holds the credits of a day by people's ids.
type exampleTeams struct {
	Members map[int64][]string
	Credits map[int64]metrics.Credits
}

func (e exampleTeams) credits(t *testing.T) any {
	var rows team.Rows
	for id, names := range e.Members {
		for _, name := range names {
			check(t, rows.Add(id, 0, name))
		}
	}
	of, err := rows.Membership()
	check(t, err)
	adder := team.NewAdder(of)
	for id, used := range e.Credits {
		adder.Add(&metrics.UserDay{UserID: id, Credits: used})
	}
	sums := adder.Sums()
	parts := sums.Credits()
	row := func(sum *team.Sum, used metrics.Credits) map[string]any {
		return map[string]any{"activeUsers": sum.Active, "creditsUsed": used}
	}
	shown, all := map[string]any{}, metrics.Credits(0)
	for _, name := range of.Teams() {
		shown[name] = row(sums.Teams[name], parts[name])
	}
	for _, part := range parts {
		all += part
	}
	shown["unassigned"], shown["totals"] = row(&sums.Unassigned, parts[""]), row(&sums.Whole, all)
	return shown
}

type exampleDay struct {
	Date             calendar.Date
	ReadAt           time.Time
	Aggregate, Users json.RawMessage
}

func (e exampleDay) day(t *testing.T) metrics.Day {
	if e.Aggregate == nil {
		return metrics.UnreadDay(e.Date, metrics.StateUnread(e.Date, e.ReadAt))
	}
	aggregate := metrics.NewAggregateReader(e.Date, metrics.Owner{})
	check(t, aggregate.ReadPart(bytes.NewReader(e.Aggregate)))
	usage, err := aggregate.Usage()
	check(t, err)
	if e.Users == nil {
		return metrics.ReadDay(e.Date, usage, nil, e.ReadAt)
	}
	totals := e.roster(t).Totals()
	return metrics.ReadDay(e.Date, usage, &totals, e.ReadAt)
}

func (e exampleDay) roster(t *testing.T) *metrics.Roster {
	roster := &metrics.Roster{}
	check(t, metrics.NewUsersReader(e.Date, metrics.Owner{}, roster.Add).ReadPart(bytes.NewReader(e.Users)))
	return roster
}

func totalsOf(t *testing.T, examples []exampleDay) metrics.Totals {
	people := &metrics.People{}
	var days []metrics.Day
	for _, e := range examples {
		days = append(days, e.day(t))
		people.Merge(e.roster(t).People(e.Date))
	}
	return metrics.Sum(days, people.Count())
}

func sumOf(days []metrics.Repository) metrics.Repository {
	sum := days[0]
	for i := range days[1:] {
		sum.Add(&days[i+1])
	}
	return sum
}

func personOf(t *testing.T, examples []exampleDay) metrics.UserUsage {
	var person metrics.UserSum
	for _, e := range examples {
		check(t, metrics.NewUsersReader(e.Date, metrics.Owner{}, func(u *metrics.UserDay) error {
			person.Add(e.Date, u)
			return nil
		}).ReadPart(bytes.NewReader(e.Users)))
	}
	return person.Usage()
}

type exampleSeats struct {
	At            time.Time
	IdleAfterDays int
	Agreed        json.RawMessage
	Seats         []seat.Seat
	NotListed     int
	LastUsage     map[int64]calendar.Date
	ReportsWhole  bool
}

// seatsShown is the result for seats: the summary, and each person's seat by id.
type seatsShown struct {
	seat.Summary
	Seats map[int64]seat.Row `json:"seats"`
}

func (e exampleSeats) summary(t *testing.T) seatsShown {
	view := seat.View{At: e.At, IdleAfterDays: e.IdleAfterDays, Reported: seat.Reported{
		Read: e.LastUsage != nil, Whole: e.ReportsWhole,
		LastUsed: func(id int64) (calendar.Date, bool) { day, ok := e.LastUsage[id]; return day, ok },
	}}
	prices := pricesOf(t, calendar.DateOf(e.At), e.Agreed)
	seats := seat.OnePerPerson(e.Seats, calendar.DateOf(e.At))
	shown := seatsShown{view.Summarise(seats, e.NotListed, prices), map[int64]seat.Row{}}
	for _, row := range view.Rows(seats, prices) {
		if row.UserID != nil {
			shown.Seats[*row.UserID] = row
		}
	}
	return shown
}

// pricesOf returns the prices of a month: the agreed ones, or those of the list.
func pricesOf(t *testing.T, month calendar.Date, agreed json.RawMessage) money.Prices {
	if agreed == nil {
		return money.ListPrices(month)
	}
	a, err := money.ParseAgreed(agreed)
	check(t, err)
	return money.ListPrices(month).With(a.In(month))
}

type exampleMonth struct {
	Month         string
	Today         calendar.Date
	IdleAfterDays int
	Agreed        json.RawMessage
	Snapshots     map[calendar.Date][]seat.Seat
	NotListed     map[calendar.Date]int
	Days          []struct {
		Date        calendar.Date
		ActiveUsers int64
		CreditsUsed *metrics.Credits
		ChatByModel map[string]int64
	}
	People     []int64
	Bill       *[]cost.CreditItem
	BillReadAt *time.Time // nil: today

	Scope copilot.Scope
	Reads access.Capabilities
	Parts cost.Parts
}

func (e exampleMonth) month(t *testing.T) cost.Month {
	period, err := cost.ParseMonth(e.Month, e.Today.Start())
	check(t, err)
	return e.facts(t, period).Month()
}

// before returns the example's figures of the month before.
func (e exampleMonth) before(t *testing.T) cost.Previous {
	period, err := cost.ParseMonth(e.Month, e.Today.Start())
	check(t, err)
	return e.facts(t, period.Before()).Previous()
}

func (e exampleMonth) facts(t *testing.T, period cost.Period) cost.Facts {
	facts := cost.Facts{
		Scope: e.Scope, Period: period, Today: e.Today, Prices: pricesOf(t, period.From, e.Agreed),
		Active: activeOf(e.People), Reads: e.Reads, Parts: e.Parts,
	}
	var days []cost.DaySeats
	for _, date := range slices.Sorted(maps.Keys(e.Snapshots)) {
		days = append(days, cost.DaySeats{Date: date, Seats: e.Snapshots[date], NotListed: e.NotListed[date]})
		latest := viewed(date.Start(), max(e.IdleAfterDays, 1)).Summarise(seat.OnePerPerson(e.Snapshots[date], date), e.NotListed[date], facts.Prices)
		facts.Latest = &latest
	}
	facts.Seats = cost.SeatDaysOf(period, days...)
	for _, d := range e.Days {
		day := metrics.Day{Date: d.Date, State: metrics.Final, Usage: metrics.Usage{ActiveUsers: &d.ActiveUsers, CreditsUsed: d.CreditsUsed}}
		if d.ChatByModel != nil {
			day.Chat = &metrics.Chat{}
			for model, n := range d.ChatByModel {
				day.Chat.ByModel = append(day.Chat.ByModel, metrics.ChatRow{Name: model, Interactions: &n})
			}
		}
		facts.Days = append(facts.Days, day)
	}
	if e.Bill != nil {
		facts.Bill = &cost.CreditBill{ReadAt: e.Today.Start(), Items: *e.Bill}
		if e.BillReadAt != nil {
			facts.Bill.ReadAt = *e.BillReadAt
		}
	}
	return facts
}

// activeOf counts people; nil stays nil.
func activeOf(ids []int64) *int64 {
	if ids == nil {
		return nil
	}
	return new(int64(len(ids)))
}

func decode[T any](t *testing.T, text []byte) (value T) {
	t.Helper()
	check(t, json.Unmarshal(text, &value))
	return value
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
