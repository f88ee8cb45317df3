package adminapi_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/testworld/assembled"
)

// large is an account with stored data of a year, or of fewer days. Each person is active on two days of three; at least three people of four hold
// a seat. Each day one seat in a thousand changes its holder, and one in two thousand its team.
type large struct {
	people, seats int
	days          calendar.Date
	ids           []int64
	dice          *rand.Rand
	held          []seat.Seat
}

// evening is on a month's last day, when the cost takes longest to compute.
var evening = time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC)

func newLarge(people, seats int) *large {
	l := &large{people: people, seats: seats, days: 365, dice: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // the same at each run
	id := int64(0)
	for range people {
		id += 1 + l.dice.Int64N(2000)
		l.ids = append(l.ids, id)
	}
	for i := range seats {
		l.held = append(l.held, l.seat(l.ids[i]))
	}
	return l
}

func (l *large) seat(id int64) seat.Seat {
	s := seat.Seat{
		UserID: &id, Login: fmt.Sprintf("developer-%d_acme", id), Organization: fmt.Sprint("octo-", id%5), Team: fmt.Sprint("team-", id%200),
		Plan: copilot.PlanBusiness, CreatedAt: new(evening.Add(-time.Duration(l.dice.IntN(700*24*3600)) * time.Second)),
	}
	if id%7 == 0 {
		s.Plan = copilot.PlanEnterprise
	}
	return s
}

// morning returns the list of seats of a day's poll.
func (l *large) morning(at time.Time) seat.Snapshot {
	next := make([]seat.Seat, len(l.held))
	for i, s := range l.held {
		switch n := l.dice.IntN(2000); {
		case n < 2:
			s = l.seat(l.ids[l.dice.IntN(len(l.ids))])
		case n == 2:
			s.Team = fmt.Sprint("team-", l.dice.IntN(200))
		}
		if l.dice.IntN(5) > 0 {
			s.LastActivityAt, s.LastActivityEditor = new(at.Add(-time.Duration(l.dice.IntN(5*24*3600))*time.Second)), "vscode/1.104.2/copilot-chat/0.31.5"
		}
		next[i] = s
	}
	l.held = next
	return seat.Snapshot{AsOf: at, Plan: copilot.PlanEnterprise, Seats: next}
}

// active returns the set of active people of a day, and their number.
func (l *large) active() (set []byte, people int64) {
	last := int64(0)
	for _, id := range l.ids {
		if l.dice.IntN(3) > 0 {
			set, last = binary.AppendVarint(set, last-id), id
			people++
		}
	}
	return set, people
}

// members puts everybody into two teams, of one for each 33 people. In the benchmark this changes once a month.
func (l *large) members(b testing.TB) *team.Membership {
	b.Helper()
	var rows team.Rows
	for _, id := range l.ids {
		for range 2 {
			n := l.dice.Int64N(max(int64(l.people)/33, 1)) + 1
			if err := rows.Add(id, n, fmt.Sprint("team-", n)); err != nil {
				b.Fatal(err)
			}
		}
	}
	of, err := rows.Membership()
	if err != nil {
		b.Fatal(err)
	}
	return of
}

// did adds up what the active people of a day did.
func (l *large) did(b testing.TB, of *team.Membership, set []byte) *team.Sums {
	b.Helper()
	adder := team.NewAdder(of)
	err := metrics.EachOfSet(calendar.DateOf(evening), set, func(id int64, engaged bool) {
		n := func(most int) metrics.Count { return metrics.Count(l.dice.IntN(most)) }
		adder.Add(&metrics.UserDay{
			UserID: id, Engaged: engaged, Suggested: n(200), Accepted: n(60), LinesAccepted: n(900), Interactions: n(40), Credits: metrics.Credits(n(9_000_000)),
		})
	})
	if err != nil {
		b.Fatal(err)
	}
	return adder.Sums()
}

// bill returns a month's bill, a half of which is beyond the pool.
func (l *large) bill(b testing.TB) (bill cost.CreditBill) {
	b.Helper()
	text := fmt.Sprintf(`[{"product":"Copilot","sku":"Copilot AI Credits","model":"GPT-5","unitType":"ai-credits","pricePerUnit":0.01,
		"grossQuantity":%[1]d,"grossAmount":%[2]d,"discountQuantity":%[3]d,"discountAmount":%[4]d,"netQuantity":%[3]d,"netAmount":%[4]d}]`,
		6000*l.people, 60*l.people, 3000*l.people, 30*l.people)
	if err := json.Unmarshal([]byte(text), &bill.Items); err != nil {
		b.Fatal(err)
	}
	bill.ReadAt = evening
	return bill
}

// usage returns the day's aggregate, with as many rows as an account has that writes in many languages.
func (l *large) usage(people int64) *metrics.Usage {
	u := &metrics.Usage{ActiveUsers: &people, Completions: &metrics.Completions{
		ByEditor: metrics.Breakdown{Basis: metrics.BasisAllFeatures}, ByLanguage: metrics.Breakdown{Basis: metrics.BasisCompletions},
		ByModel: metrics.Breakdown{Basis: metrics.BasisCompletions},
	}}
	n := func() *int64 { return new(l.dice.Int64N(people*9) + 1) }
	for i := range 40 {
		row := metrics.CompletionRow{Name: fmt.Sprint("language-", i), Suggested: n(), Accepted: n()}
		u.Completions.ByLanguage.Rows = append(u.Completions.ByLanguage.Rows, row)
		if i < 6 {
			u.Completions.ByEditor.Rows, u.Completions.ByModel.Rows = append(u.Completions.ByEditor.Rows, row), append(u.Completions.ByModel.Rows, row)
		}
	}
	return u
}

// figures are those of accounts by the number of their people.
type figures map[int]testworld.Figure

// BenchmarkSeatsAndCost measures the API's answers about the seats, a month's cost and a year of teams, for accounts with a year of
// stored data. It prints beside it what decisions 12 and 18 say: the figures when they were decided, those from before seats and teams
// were stored as they are now, and the targets. The export has the figures of the list that it reads.
func BenchmarkSeatsAndCost(b *testing.B) {
	seats := figures{500: {Seconds: 0.1, Megabytes: 0.5}, 50_000: {Seconds: 2.1, Megabytes: 19}, 100_000: {Seconds: 5.4, Megabytes: 38}}
	costs := figures{500: {Seconds: 0.14, Megabytes: 0.7}, 50_000: {Seconds: 7, Megabytes: 34}, 100_000: {Seconds: 14, Megabytes: 62}}
	teams := figures{500: {Seconds: 0.18, Megabytes: 1.2}, 100_000: {Seconds: 2.4, Megabytes: 19}}
	list := figures{500: {Seconds: 0.03, Megabytes: 0.3}, 100_000: {Seconds: 0.4, Megabytes: 2}}
	for _, size := range []struct{ people, seats int }{{500, 400}, {50_000, 40_000}, {100_000, 80_000}} {
		b.Run(fmt.Sprintf("%d people", size.people), func(b *testing.B) {
			reads, handler, path := kept(b, newLarge(size.people, size.seats))
			for _, test := range []struct {
				query            string
				before, decision figures
				target           testworld.Figure
			}{
				{"/seats", seats, list, testworld.Figure{Seconds: 0.5, Megabytes: 4}},
				{"/seats?sort=idleDays&order=desc&status=idle", seats, list, testworld.Figure{Seconds: 0.5, Megabytes: 4}},
				{"/seats?team=team-7", nil, list, testworld.Figure{Seconds: 0.5, Megabytes: 4}},
				{"/cost", costs, figures{500: {Seconds: 0.03, Megabytes: 0.2}, 100_000: {Seconds: 1, Megabytes: 5.6}}, testworld.Figure{Seconds: 1, Megabytes: 6}},
				{"/export?kind=seats&format=csv&part=1", nil, list, testworld.Figure{}},
				{"/teams?from=2025-11-30&to=2026-11-29", figures{100_000: {Seconds: 10.9, Megabytes: 52}}, teams, testworld.Figure{}},
				{"/usage?team=team-7&from=2025-11-30&to=2026-11-29", nil, figures{500: {Seconds: 0.1, Megabytes: 0.9}, 100_000: {Seconds: 2, Megabytes: 34}}, testworld.Figure{}},
			} {
				b.Run(test.query[1:], func(b *testing.B) {
					answered := 0
					reads.Beside(b, func() {
						w := httptest.NewRecorder()
						handler.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, path+test.query, nil))
						if w.Code != http.StatusOK {
							b.Fatal(w.Code, w.Body.String())
						}
						answered = w.Body.Len()
					})
					b.ReportMetric(float64(answered)/1e6, "MB-answer")
					test.decision[size.people].Report(b, "in-decision")
					test.before[size.people].Report(b, "before")
					test.target.Report(b, "target")
				})
			}
		})
	}
}

// numbers returns everybody's numbers of a day. The large account has none, because no answer that is measured here reads them.
func (l *large) numbers(b testing.TB, date calendar.Date, set []byte) (users *ledger.Users, pages [][]byte) {
	b.Helper()
	users = &ledger.Users{Hash: fmt.Sprintf("%032x", int(date)), Pages: 1}
	if l.people > 500 {
		return users, nil
	}
	roster := new(metrics.Roster)
	err := metrics.EachOfSet(date, set, func(id int64, engaged bool) {
		u := metrics.UserDay{UserID: id, Login: fmt.Sprintf("developer-%d_acme", id), Engaged: engaged, Credits: metrics.Credits(id)}
		if err := roster.Add(&u); err != nil {
			b.Fatal(err)
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	pages, _ = roster.Pages()
	users.Pages = len(pages)
	return users, pages
}

// kept stores the account's days and serves them.
func kept(b testing.TB, l *large) (*testworld.Reads, http.Handler, string) {
	b.Helper()
	w := assembled.New(b, b.TempDir(), evening)
	s := w.Parts.Store
	today := calendar.DateOf(evening)
	c := &connector.Connector{
		Ref: connector.Ref{Tenant: "acme", ID: connector.NewID()}, Provider: connector.GitHubCopilot, Phase: connector.Live,
		Account:  copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Organization, Slug: "octo"},
		Settings: connector.Settings{IdleAfterDays: 30}, CreatedAt: evening, UpdatedAt: evening,
		Progress: connector.Progress{
			FirstDay: new(today - l.days), LookedThrough: new(today - 1), Capabilities: access.Capabilities{Usage: access.OK, Users: access.OK, Seats: access.OK},
		},
	}
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	_, err := s.Create(b.Context(), c)
	must(err)
	ctx := b.Context()
	members := l.members(b)
	for date := today - l.days; date < today; date++ {
		set, people := l.active()
		if date == date.FirstOfMonth() {
			members = l.members(b)
		}
		hash, err := s.KeepMembership(ctx, c.Ref, date, members)
		must(err)
		users, pages := l.numbers(b, date, set)
		users.People = people
		day, _ := ledger.Revise(nil, date, ledger.Reading{
			Teams: &ledger.Teams{Hash: hash},
			Usage: l.usage(people), Totals: &metrics.UserTotals{Active: people, Engaged: people, Credits: new(metrics.Credits(3_000_000 * people))},
			Users: users, Looked: true, At: evening,
		})
		must(s.Commit(ctx, c.Ref, day, &ledger.PackedPeople{People: set, Pages: pages}))
		must(s.PutTeamDay(ctx, c.Ref, ledger.TeamDay{
			Date: date, Users: day.Users.Hash, Membership: hash, Basis: team.ByReport, Sums: l.did(b, members, set),
		}))
		if date.EndOfMonth() == date || date == today-1 {
			must(s.KeepActive(ctx, c.Ref, date))
			must(s.KeepTeams(ctx, c.Ref, date))
		}
	}
	must(s.KeepYear(ctx, c.Ref, today))
	for date := today - l.days; date <= today; date++ {
		if date > today-69 || date == date.FirstOfMonth() || date == date.EndOfMonth() { // other days make no difference to months that are over
			must(s.PutSeats(ctx, c.Ref, date, l.morning(date.Start().Add(6*time.Hour))))
		}
	}
	for date := today - l.days; date <= today; date++ {
		if date == date.EndOfMonth() {
			must(s.KeepTenures(ctx, c.Ref, date))
			must(s.PutBill(ctx, c.Ref, date.FirstOfMonth(), l.bill(b)))
		}
	}
	reads := &testworld.Reads{Table: s.Table}
	s.Table = reads
	return reads, w.Parts.API().Handler(), "/v1/tenants/acme/connectors/" + c.ID
}
