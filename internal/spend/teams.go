package spend

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// Teams is a range of days by team, as the Admin API shows it.
type Teams struct {
	From       calendar.Date `json:"from"`
	To         calendar.Date `json:"to"`
	Basis      team.Basis    `json:"basis"`
	BasisDays  BasisDays     `json:"basisDays"`
	Detail     string        `json:"detail"`
	Teams      []TeamRow     `json:"teams"` // by name
	Unassigned TeamRow       `json:"unassigned"`
	Totals     TeamRow       `json:"totals"`
}

// BasisDays lists the days of a range by the source of their teams.
type BasisDays struct {
	UserTeams     []calendar.Date `json:"user_teams"`
	AssigningTeam []calendar.Date `json:"assigning_team"`
}

// teamMonth is the part of a range that lies in a month.
type teamMonth struct {
	days      calendar.Range
	facts     cost.Facts // its seats are added later, when the teams are known
	tenures   *cost.Tenures
	snapshots []cost.DayChanges // if there are no tenures
	listed    bool              // there is a snapshot on these days
	latest    *seat.Snapshot    // the newest one; it is read for one month only
	use       *lastUse          // of its seats; nil: not read yet
}

// teamFacts are the facts from which a range is computed.
type teamFacts struct {
	days    calendar.Range
	list    []metrics.Day // one for each date
	whole   bool          // everybody is known
	removed bool          // people of the range were removed, because they are kept only for so many days
	active  *ledger.Active
	teams   *ledger.TeamRange
	months  []*teamMonth
	idle    *teamMonth // the month with the last snapshot; nil: there is none
	veil    privacy.Veil
	hidden  map[string]bool // teams that are too small to be shown
}

// Teams returns the teams of a range of days.
func (r Reader) Teams(ctx context.Context, c *connector.Connector, days calendar.Range) (*Teams, error) {
	f, err := r.teamFacts(ctx, c, days)
	if err != nil {
		return nil, err
	}
	spends := make([]cost.TeamSpend, len(f.months))
	done := &team.Sums{Teams: map[string]*team.Sum{}}
	for i, month := range f.months {
		if err := fault.InTime(ctx, "add up teams"); err != nil {
			return nil, err
		}
		month.facts.Seats.Of(month.days, f.teams.Months[i])
		if month.tenures != nil {
			month.facts.Seats.AddTenures(month.tenures)
		} else if err := addSeats(ctx, month.facts.Seats, month.snapshots); err != nil {
			return nil, err
		}
		month.tenures, month.snapshots = nil, nil // they may take much memory
		didInMonth := f.teams.Total(month.days)
		spends[i] = month.facts.TeamSpend(month.days, didInMonth)
		if month != f.idle {
			month.facts.Seats = nil
		}
		done.Add(didInMonth)
	}
	return f.answer(done, spends), nil
}

// teamFacts reads the people of a range, and the seats and the bill of each of its months.
func (r Reader) teamFacts(ctx context.Context, c *connector.Connector, days calendar.Range) (*teamFacts, error) {
	f := &teamFacts{days: days, veil: c.Veil(), removed: c.PeopleRemoved != nil && days.From <= *c.PeopleRemoved}
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) { f.active, f.list, f.whole, err = r.Days.ActiveDays(reading, c, days); return err })
	group.Go(func() (err error) { f.teams, err = r.Days.TeamTotals(reading, c, days); return err })
	for first := days.From.FirstOfMonth(); first <= days.To; first = first.EndOfMonth() + 1 {
		month := &teamMonth{days: calendar.Range{From: max(first, days.From), To: min(first.EndOfMonth(), days.To)}}
		f.months = append(f.months, month)
		newest := first.EndOfMonth() >= days.To
		group.Go(func() error { return r.readTeamMonth(reading, c, first, month, newest) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	f.whole = f.whole && !f.removed
	for _, month := range slices.Backward(f.months) {
		if !month.listed {
			continue
		}
		if month.latest == nil {
			if err := r.readSnapshots(ctx, c, month, func(time.Time) {}); err != nil {
				return nil, err
			}
		}
		if month.latest != nil {
			f.idle = month
			return f, r.judgeIdle(ctx, c, month)
		}
	}
	return f, nil
}

// readTeamMonth reads the seats and the bill of a month. If only a part of the month lies in the range, it also reads the other days. Of
// the newest month it reads the newest list of seats.
func (r Reader) readTeamMonth(ctx context.Context, c *connector.Connector, first calendar.Date, month *teamMonth, newest bool) error {
	period, err := cost.ParseMonth(first.Start().Format("2006-01"), r.Now())
	if err != nil {
		return err
	}
	prices, err := r.prices(c, first)
	if err != nil {
		return err
	}
	month.facts = cost.Facts{
		Scope: c.Scope, Period: period, Today: calendar.DateOf(r.Now()), Prices: prices, Seats: cost.NewSeatDays(period), Reads: c.Capabilities,
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { month.facts.Bill, err = r.Store.Bill(ctx, c.Ref, first); return err })
	group.Go(func() error {
		if newest || !period.Over {
			return r.readSnapshots(ctx, c, month, func(asOf time.Time) { month.use = new(r.recentUse(ctx, c, asOf)) })
		}
		var err error
		if month.tenures, month.listed, err = r.Store.Tenures(ctx, c.Ref, period, month.days); err != nil || month.tenures != nil {
			return err
		}
		return r.readSnapshots(ctx, c, month, func(time.Time) {})
	})
	group.Go(func() (err error) {
		month.facts.Days, err = r.Days.Days(ctx, c, calendar.Range{From: period.From, To: period.To})
		return err
	})
	return group.Wait()
}

// readSnapshots reads the snapshots of a month. While it reads their lists, it calls beside with the instant of the newest one.
func (r Reader) readSnapshots(ctx context.Context, c *connector.Connector, month *teamMonth, beside func(asOf time.Time)) (err error) {
	month.snapshots, month.latest, err = r.Store.SeatHistory(ctx, c.Ref, month.facts.Period.Snapshots(), month.days, beside)
	month.listed = month.latest != nil
	return err
}

// judgeIdle finds the idle seats of a month's last snapshot.
func (r Reader) judgeIdle(ctx context.Context, c *connector.Connector, month *teamMonth) error {
	if month.use == nil {
		month.use = new(r.recentUse(ctx, c, month.latest.AsOf))
	}
	judged, err := r.judged(ctx, c, month.latest, *month.use, seat.Unknown)
	if err != nil {
		return err
	}
	tally := judged.Tally(month.latest.NotListed)
	month.facts.Latest = new(tally.Summary(month.facts.Prices))
	month.facts.Idle = judged.Idle()
	return nil
}

// answer returns the answer with all rows. done is what was done in the whole range.
func (f *teamFacts) answer(done *team.Sums, spends []cost.TeamSpend) *Teams {
	heads := f.heads(spends, nil)
	if hidden := f.smallTeams(heads); len(hidden) > 0 {
		heads = f.heads(spends, hidden)
		done.Hide(hidden)
		for i := range spends {
			spends[i].Hide(hidden)
		}
		f.hidden = hidden
	}
	t := &Teams{From: f.days.From, To: f.days.To, Teams: []TeamRow{}}
	names := f.names(done, heads, spends)
	t.Unassigned = f.rowOf(nil, &heads.Unassigned, &done.Unassigned)
	t.Totals = f.rowOf(nil, &heads.Whole, &done.Whole)
	for _, name := range names {
		t.Teams = append(t.Teams, f.rowOf(&name, heads.Teams[name], done.Teams[name]))
	}
	f.fill(t.rows(), append(names, ""), done, spends)
	t.basis(f)
	return t
}

// rows returns the rows of the teams, of no team, and of the whole.
func (t *Teams) rows() []*TeamRow {
	rows := make([]*TeamRow, 0, len(t.Teams)+2)
	for i := range t.Teams {
		rows = append(rows, &t.Teams[i])
	}
	return append(rows, &t.Unassigned, &t.Totals)
}

// fill adds credits, seats and money to the rows. The last of names is "" for no team. The last of the rows is the whole.
func (f *teamFacts) fill(rows []*TeamRow, names []string, done *team.Sums, spends []cost.TeamSpend) {
	if used, _ := metrics.CreditsUsed(f.list); used != nil && f.whole {
		credits, sum := done.Credits(), metrics.Credits(0)
		for i, name := range names {
			rows[i].CreditsUsed = new(credits[name])
			sum += credits[name]
		}
		rows[len(names)].CreditsUsed = &sum
	}
	last := spends[len(spends)-1]
	seats, billed := amounts{estimated: true}, amounts{}
	currency := last.Prices.Currency
	for _, month := range spends {
		seats.add(month.SeatCost)
		billed.add(month.Billed)
		billed.estimated = billed.estimated || month.Estimated
		seats.unknown = seats.unknown || month.Prices.Currency != currency
		billed.unknown = billed.unknown || month.Prices.Currency != currency
	}
	seatCosts, bills := seats.money(names, currency), billed.money(names, currency)
	for i, row := range rows {
		row.SeatCost, row.CreditsBilled = seatCosts[i], bills[i]
		row.TotalSpend = cost.Spend(row.SeatCost, row.CreditsBilled)
		switch {
		case last.Seats == nil:
		case i < len(names):
			row.Seats = new(last.Seats[names[i]])
		default:
			row.Seats = new(last.AllSeats)
		}
	}
	if f.idle != nil {
		for i, idle := range f.idle.facts.IdleByTeam(names, f.hidden) {
			rows[i].IdleSeatCost = idle
		}
	}
}

// heads counts the distinct people.
func (f *teamFacts) heads(spends []cost.TeamSpend, hidden map[string]bool) *team.Headcount {
	people := make([]team.People, len(f.months))
	for i, month := range f.months {
		people[i] = team.People{Days: month.days, Teams: f.teams.Months[i], Seats: spends[i].Held, Active: f.active.Months[i]}
	}
	return team.Count(people, hidden)
}

// smallTeams returns the teams that are too small to be shown if people are hidden.
func (f *teamFacts) smallTeams(heads *team.Headcount) map[string]bool {
	small := map[string]bool{}
	for name, of := range heads.Teams {
		if !f.veil.ShowsGroup(int(of.People)) {
			small[name] = true
		}
	}
	return small
}

// names returns the names of the range's teams, in order.
func (f *teamFacts) names(done *team.Sums, heads *team.Headcount, spends []cost.TeamSpend) []string {
	names := map[string]bool{}
	for name, of := range heads.Teams {
		if of.People > 0 {
			names[name] = true
		}
	}
	for name := range done.Teams {
		names[name] = true
	}
	for _, month := range spends {
		for name := range month.SeatCost {
			names[name] = true
		}
	}
	if f.idle != nil {
		for _, name := range f.idle.facts.IdleTeams(f.hidden) {
			names[name] = true
		}
	}
	delete(names, "")
	return slices.Sorted(maps.Keys(names))
}

// basis returns the source of the teams of each day, and a sentence about what is missing.
func (t *Teams) basis(f *teamFacts) {
	t.BasisDays = BasisDays{UserTeams: []calendar.Date{}, AssigningTeam: []calendar.Date{}}
	for _, date := range f.days.Days() {
		if f.teams.Basis(date) == team.ByReport {
			t.BasisDays.UserTeams = append(t.BasisDays.UserTeams, date)
		} else {
			t.BasisDays.AssigningTeam = append(t.BasisDays.AssigningTeam, date)
		}
	}
	var says []string
	if n := len(t.BasisDays.UserTeams); n > 0 {
		t.Basis = team.ByReport
		says = append(says, "GitHub leaves teams with fewer than five seats out of its report: their people are in unassigned.")
	}
	if n := len(t.BasisDays.AssigningTeam); n > 0 {
		t.Basis = team.BySeats
		if len(t.BasisDays.UserTeams) > 0 {
			t.Basis = team.Mixed
		}
		says = append(says, fmt.Sprintf("Of %s there is no report of the teams (%s). There a person's team is the one that has assigned the seat, "+
			"by the list of seats that is nearest to the day.", dayCount(n), calendar.ListDates(t.BasisDays.AssigningTeam)))
	}
	if len(f.hidden) > 0 {
		says = append(says, "Teams of fewer than five people are not shown while people are hidden: their money and credits are in unassigned, and what they did is in totals only.")
	}
	switch {
	case f.removed:
		says = append(says, "The people of some days are not kept any more: how many there were, and what they did, cannot be told by team.")
	case !f.whole:
		says = append(says, "The people of some days are not known by name: what they did cannot be told by team.")
	}
	t.Detail = strings.Join(says, " ")
}

func dayCount(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}
