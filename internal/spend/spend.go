// Package spend is the use case of reading what Copilot costs: the seats, the spend of a month, and the spend of teams. It reads the facts
// and lets package cost compute. It must not know how an answer is written. Start reading at Reader.Month.
package spend

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// Store is the part of the store that is read and, for counts of seats, written.
type Store interface {
	// Both read a list of seats. As soon as the instant of the list is known, they call beside while they read.
	SeatHistory(ctx context.Context, ref connector.Ref, days, listed calendar.Range, beside func(asOf time.Time)) ([]cost.DayChanges, *seat.Snapshot, error)
	SeatsAndMore(ctx context.Context, ref connector.Ref, days calendar.Range, beside func(asOf time.Time)) (*seat.Snapshot, error)

	// Tenures returns the seats of a month that is over, or nil if they are not kept as one value, and whether some days have a snapshot.
	Tenures(ctx context.Context, ref connector.Ref, p cost.Period, days calendar.Range) (kept *cost.Tenures, listed bool, err error)

	PutSeatCounts(ctx context.Context, ref connector.Ref, date calendar.Date, tally seat.Tally) error
	SeatCounts(ctx context.Context, ref connector.Ref, days calendar.Range) (map[calendar.Date]seat.Tally, error)

	Bill(ctx context.Context, ref connector.Ref, day calendar.Date) (*cost.CreditBill, error)
	BillParts(ctx context.Context, ref connector.Ref, day calendar.Date) (cost.Parts, error)
}

// Days reads usage.
type Days interface {
	// LastUse returns the last active day of each person in a range, and the last days of the range, one for each date. whole reports
	// whether the people of each of these last days with numbers are known.
	LastUse(ctx context.Context, c *connector.Connector, days calendar.Range, lastDays int) (last *activity.LastUse, list []metrics.Day, whole bool, err error)

	// TeamTotals returns what the people of each team did in the months of a range, and who was in which team.
	TeamTotals(ctx context.Context, c *connector.Connector, days calendar.Range) (*ledger.TeamRange, error)

	// ActiveDays returns who was active in a range, and its days, one for each date. whole reports whether everybody is known.
	ActiveDays(ctx context.Context, c *connector.Connector, days calendar.Range) (active *ledger.Active, list []metrics.Day, whole bool, err error)

	// Days returns the days of a range, one for each date.
	Days(ctx context.Context, c *connector.Connector, days calendar.Range) ([]metrics.Day, error)
}

// Reader reads what Copilot costs.
type Reader struct {
	Store  Store
	Days   Days
	Agreed money.Agreed // the deployment's agreed prices
	Now    func() time.Time
}

// prices returns the prices of a month: GitHub's list, replaced by the prices of the deployment and then by those of the connector.
func (r Reader) prices(c *connector.Connector, month calendar.Date) (money.Prices, error) {
	agreements, err := money.ReadAgreements(c.Prices)
	if err != nil {
		return money.Prices{}, &fault.Error{Code: fault.Store, Op: "read the connector's prices", Err: err}
	}
	return money.PricesIn(month, r.Agreed, agreements.In(month)), nil
}

// Kept is how many days back a snapshot is searched for.
const Kept = 400

// Seats is a judged snapshot.
type Seats struct {
	seat.Summary
	Rows []seat.Row // all seats, one for each person
}

// Seats returns the newest snapshot up to a day, or the newest of all if the day is nil. It returns nil if there is none.
func (r Reader) Seats(ctx context.Context, c *connector.Connector, asOf *calendar.Date) (*Seats, error) {
	veil := c.Veil()
	if err := veil.Open(); err != nil {
		return nil, err
	}
	days := calendar.Range{To: calendar.DateOf(r.Now()) + 1}
	if asOf != nil {
		days.To = min(days.To, *asOf)
	}
	days.From = days.To - Kept
	var use lastUse
	snapshot, err := r.Store.SeatsAndMore(ctx, c.Ref, days, func(asOf time.Time) { use = r.lastUse(ctx, c, asOf) })
	if err != nil || snapshot == nil {
		return nil, err
	}
	if use.err != nil {
		return nil, use.err
	}
	prices, err := r.prices(c, calendar.DateOf(snapshot.AsOf))
	if err != nil {
		return nil, err
	}
	held, view := use.of(c, snapshot)
	if snapshot.Nameless { // its people were removed
		summary, err := r.summary(ctx, c, snapshot, view.JudgeAll(held).Tally(snapshot.NotListed), prices)
		if err != nil {
			return nil, err
		}
		return &Seats{Summary: *summary}, nil
	}
	summary, rows := view.List(held, snapshot.NotListed, prices)
	withoutPeople(rows, c.ForgetNow())
	veiled(rows, veil)
	return &Seats{Summary: summary, Rows: rows}, nil
}

// withoutPeople removes people from rows who must be forgotten and are still in the store.
func withoutPeople(rows []seat.Row, gone []int64) {
	for i := range rows {
		if id := rows[i].UserID; id != nil && slices.Contains(gone, *id) {
			rows[i].UserID, rows[i].Login = nil, nil
		}
	}
}

// veiled replaces logins by the names that a veil shows, and removes ids.
func veiled(rows []seat.Row, veil privacy.Veil) {
	if veil.Named() {
		return
	}
	for i := range rows {
		row := &rows[i]
		row.Login = nil
		if row.UserID != nil {
			row.Login = new(veil.Login(*row.UserID, ""))
		}
		row.UserID = nil
	}
}

// Month returns the spend of a month.
func (r Reader) Month(ctx context.Context, c *connector.Connector, period cost.Period) (cost.Month, error) {
	facts, err := r.facts(ctx, c, period, true)
	if err != nil {
		return cost.Month{}, err
	}
	return facts.Month(), nil
}

// ComparedMonth returns the spend of a month, and the figures of the same days of the month before.
func (r Reader) ComparedMonth(ctx context.Context, c *connector.Connector, period cost.Period) (cost.Month, error) {
	var month cost.Month
	var before cost.Facts
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { month, err = r.Month(ctx, c, period); return err })
	group.Go(func() (err error) { before, err = r.facts(ctx, c, period.Before(), false); return err })
	if err := group.Wait(); err != nil {
		return cost.Month{}, err
	}
	month.Previous = new(before.Previous())
	return month, nil
}

// facts reads the facts from which a month is computed. Without byTeam they do not divide it by team, which takes much less where there
// are many.
func (r Reader) facts(ctx context.Context, c *connector.Connector, period cost.Period, byTeam bool) (cost.Facts, error) {
	prices, err := r.prices(c, period.From)
	if err != nil {
		return cost.Facts{}, err
	}
	facts := cost.Facts{
		Scope: c.Scope, Period: period, Today: calendar.DateOf(r.Now()), Prices: prices, Seats: cost.NewSeatDays(period), Reads: c.Capabilities,
	}
	var active *activity.LastUse
	var whole bool
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) { facts.Bill, err = r.Store.Bill(reading, c.Ref, period.From); return err })
	group.Go(func() (err error) { facts.Parts, err = r.Store.BillParts(reading, c.Ref, period.From); return err })
	group.Go(func() (err error) {
		days := calendar.Range{From: period.From, To: period.To}
		active, facts.Days, whole, err = r.Days.LastUse(reading, c, days, int(days.To-days.From)+1)
		return err
	})
	teams := &ledger.TeamRange{Months: []*team.Month{{First: period.From}}}
	if byTeam {
		group.Go(func() (err error) {
			teams, err = r.Days.TeamTotals(reading, c, calendar.Range{From: period.From, To: period.To})
			return err
		})
	}
	var snapshots []cost.DayChanges
	group.Go(func() (err error) { snapshots, err = r.seatFacts(reading, c, &facts); return err })
	if err := group.Wait(); err != nil {
		return cost.Facts{}, err
	}
	days := calendar.Range{From: period.From, To: period.To}
	if byTeam {
		facts.Teams = teams.Total(days)
	}
	facts.Seats.Of(days, teams.Months[0])
	if err := addSeats(ctx, facts.Seats, snapshots); err != nil {
		return cost.Facts{}, err
	}
	veilParts(&facts, c)
	if whole {
		facts.Active = new(active.Active())
	}
	return facts, nil
}

func addSeats(ctx context.Context, seats *cost.SeatDays, snapshots []cost.DayChanges) error {
	for _, day := range snapshots {
		if err := fault.InTime(ctx, "read seats"); err != nil {
			return err
		}
		if err := seats.Add(day); err != nil {
			return &fault.Error{Code: fault.Store, Op: "read seats", Err: err}
		}
	}
	return nil
}

// seatFacts reads who held seats in the month, and the use of the seats that were held last.
func (r Reader) seatFacts(ctx context.Context, c *connector.Connector, facts *cost.Facts) ([]cost.DayChanges, error) {
	var use lastUse
	month := calendar.Range{From: facts.Period.From, To: facts.Period.To}
	snapshots, latest, err := r.Store.SeatHistory(ctx, c.Ref, facts.Period.Snapshots(), month, func(asOf time.Time) { use = r.recentUse(ctx, c, asOf) })
	if err != nil || latest == nil {
		return snapshots, err
	}
	judged, err := r.judged(ctx, c, latest, use, seat.Unknown)
	if err == nil {
		facts.Latest, err = r.summary(ctx, c, latest, judged.Tally(latest.NotListed), facts.Prices)
		facts.Idle = judged.Idle()
	}
	return snapshots, err
}

// summary returns the summary of a snapshot. If its people were removed, it uses the counts that were stored before.
func (r Reader) summary(ctx context.Context, c *connector.Connector, of *seat.Snapshot, tally seat.Tally, prices money.Prices) (*seat.Summary, error) {
	if of.Nameless {
		day := calendar.DateOf(of.AsOf)
		counts, err := r.Store.SeatCounts(ctx, c.Ref, calendar.Range{From: day, To: day})
		if err != nil {
			return nil, err
		}
		if counted, ok := counts[day]; ok {
			tally = counted
		}
	}
	return new(tally.Summary(prices)), nil
}

// judged judges the seats of a snapshot. It uses recent use first. It searches all reports only if a person's seat has an undecided
// status, which older use could change.
func (r Reader) judged(ctx context.Context, c *connector.Connector, snapshot *seat.Snapshot, recent lastUse, undecided ...seat.Status) (seat.Judged, error) {
	judged, err := recent.judged(c, snapshot)
	if err == nil && recent.older() && judged.Any(undecided...) {
		use := r.lastUse(ctx, c, snapshot.AsOf)
		return use.judged(c, snapshot)
	}
	return judged, err
}

// veilParts replaces the names of people in budgets as the connector shows people, and hides groups that it does not show.
func veilParts(facts *cost.Facts, c *connector.Connector) {
	veil, forgotten := c.Veil(), c.IsForgotten()
	if !veil.ShowsGroup(privacy.SmallestGroup - 1) {
		facts.SmallestGroup = privacy.SmallestGroup
	}
	facts.Parts.Budgets, _ = facts.Parts.Budgets.Renamed(func(of cost.Budget) string {
		if of.UserID == 0 || facts.SmallestGroup > 0 || forgotten != nil && forgotten(of.UserID) {
			return ""
		}
		return veil.Login(of.UserID, of.Name)
	})
}
