package cost_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// burning returns a November up to a day, with one Business seat, which includes 1,900 credits.
func burning(to string, days ...metrics.Day) cost.Facts {
	period := cost.MonthToDate(dayOf(to).Start())
	held := cost.DaySeats{Date: period.From}
	held.Seats = append(held.Seats, seatOf(1, copilot.PlanBusiness, "2025-01-01", ""))
	return cost.Facts{
		Period: period, Today: period.To, Prices: money.ListPrices(period.From), Seats: heldIn(period, []cost.DaySeats{held}), Days: days,
	}
}

func TestThePoolEndsOnTheDayThatExceedsIt(t *testing.T) {
	t.Parallel()
	pending := func(n int) metrics.Day { return metrics.UnreadDay(day(n, 0, nil).Date, metrics.Pending) }
	for _, story := range []struct {
		name string
		f    cost.Facts
		want *calendar.Date
	}{
		{"it ends on a day that was read", burning("2026-11-05", day(1, 1, credits(900)), day(2, 1, credits(1001)), day(3, 1, credits(5))), dayOf("2026-11-02")},
		{"it does not end on the day that uses its last credit", burning("2026-11-30", day(1, 1, credits(1900)), day(30, 1, credits(0))), nil},
		{"it ends at the present pace", burning("2026-11-03", day(1, 1, credits(100)), day(2, 1, credits(100))), dayOf("2026-11-20")},
		{"it does not end before a day whose sum is below it", burning("2026-11-04", day(1, 1, credits(950)), day(3, 1, credits(949))), dayOf("2026-11-04")},
		{"it ends on a day whose report is late", burning("2026-11-04", day(1, 1, credits(950)), day(2, 1, credits(950)), pending(3), pending(4)), dayOf("2026-11-03")},
		{"it ends after the month", burning("2026-11-03", day(1, 1, credits(63)), day(2, 1, credits(63))), nil},
		{"nothing is used", burning("2026-11-03", day(1, 0, credits(0))), nil},
		{"nothing is read", burning("2026-11-03", pending(1), pending(2), pending(3)), nil},
		{"a day is unknown", burning("2026-11-03", day(1, 1, credits(5000)), day(2, 1, nil)), nil},
	} {
		if diff := cmp.Diff(story.want, story.f.Month().Credits.ExhaustedOn); diff != "" {
			t.Errorf("%s (-want +got):\n%s", story.name, diff)
		}
	}
}

func TestAMonthsCreditsAreCumulatedUntilADayIsUnknown(t *testing.T) {
	t.Parallel()
	f := burning("2026-11-06", day(1, 1, credits(10)), metrics.UnreadDay(*dayOf("2026-11-02"), metrics.Missing), day(3, 1, credits(5)),
		day(4, 0, nil), day(5, 1, nil), day(6, 1, credits(7)))
	mustEqualJSON(t, `[
		{"date": "2026-11-01", "used": 10, "cumulated": 10}, {"date": "2026-11-02", "used": null, "cumulated": null},
		{"date": "2026-11-03", "used": 5, "cumulated": 15}, {"date": "2026-11-04", "used": 0, "cumulated": 15},
		{"date": "2026-11-05", "used": null, "cumulated": null}, {"date": "2026-11-06", "used": 7, "cumulated": null}]`, f.Month().Credits.Daily)
}

func TestTheMonthBeforeHasAsManyDaysAsTheMonthSoFar(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]cost.Period{
		"2026-11-01": {From: *dayOf("2026-10-01"), To: *dayOf("2026-10-01")},
		"2026-11-22": {From: *dayOf("2026-10-01"), To: *dayOf("2026-10-22")},
		"2026-03-31": {From: *dayOf("2026-02-01"), To: *dayOf("2026-02-28"), Over: true},
		"2026-10-31": {From: *dayOf("2026-09-01"), To: *dayOf("2026-09-30"), Over: true},
		"2026-01-05": {From: *dayOf("2025-12-01"), To: *dayOf("2025-12-05")},
	} {
		if got := cost.MonthToDate(dayOf(to).Start()).Before(); got != want {
			t.Errorf("the range before %s is %+v", to, got)
		}
	}
}

func TestAWholeMonthBeforeHasItsBill(t *testing.T) {
	t.Parallel()
	f := november()
	f.Today, f.Period.To, f.Period.Over = *dayOf("2026-12-31"), *dayOf("2026-11-30"), true
	f.Seats = heldIn(f.Period, []cost.DaySeats{{Date: f.Period.From}})
	if got := f.Previous(); got.Credits.Billed == nil || got.Credits.Billed.Cents != 100 {
		t.Errorf("billed is %+v", got.Credits.Billed)
	}
	f.Period.To, f.Period.Over = *dayOf("2026-11-10"), false
	got := f.Previous()
	if got.Credits.Billed != nil && got.Credits.Billed.Cents == 100 || got.Reasons["credits.billed"] == "" {
		t.Errorf("for ten days billed is %+v, with the reason %q", got.Credits.Billed, got.Reasons["credits.billed"])
	}
}

func TestAMonthThatIsOverHasNoLaterDayOnWhichThePoolEnds(t *testing.T) {
	t.Parallel()
	f := november()
	if on := f.Month().Credits.ExhaustedOn; on == nil || *on != *dayOf("2026-11-30") {
		t.Errorf("at 200 credits a day, a pool of 5,800 ends on %v, want 2026-11-30", on)
	}
	f.Today, f.Period.To, f.Period.Over = *dayOf("2026-12-31"), *dayOf("2026-11-30"), true
	if c := f.Month().Credits; c.ExhaustedOn != nil || *c.Included != 5800 {
		t.Errorf("a pool of %d credits, of which 2,000 were used, ended on %s", *c.Included, c.ExhaustedOn)
	}
}

func TestTheMonthBeforeHasReasonsOnlyForUnknownFigures(t *testing.T) {
	t.Parallel()
	f := november()
	f.Today, f.Period.To = *dayOf("2026-12-22"), *dayOf("2026-11-22")
	f.Prices = list().With(agreed(t, `{"currency":"EUR","credit":"0.01"}`)) // a seat has no price then, but the pool is known by its credits
	got := f.Previous()
	if got.TotalSpend == nil || got.CostPerActiveDeveloper == nil || got.Credits.Billed == nil {
		t.Errorf("total spend, cost per developer and billed must be known: %+v", got)
	}
	for _, name := range []string{"totalSpend", "costPerActiveDeveloper"} {
		if why, is := got.Reasons[name]; is {
			t.Errorf("%s is known, but has the reason %q", name, why)
		}
	}
}
