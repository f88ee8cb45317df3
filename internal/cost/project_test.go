package cost_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// at returns a time in November 2026.
func at(text string) time.Time {
	instant, err := time.Parse("2006-01-02 15:04", "2026-11-"+text)
	if err != nil {
		panic(err)
	}
	return instant
}

// billedOn returns a November whose bill was read at that time, with so many Business seats.
func billedOn(readAt time.Time, seats int64, rows ...cost.CreditItem) cost.Facts {
	period := cost.MonthToDate(readAt)
	held := cost.DaySeats{Date: period.From}
	for id := range seats {
		held.Seats = append(held.Seats, seatOf(id+1, copilot.PlanBusiness, "2025-01-01", ""))
	}
	return cost.Facts{
		Period: period, Prices: money.ListPrices(period.From), Seats: heldIn(period, []cost.DaySeats{held}),
		Bill: &cost.CreditBill{ReadAt: readAt, Items: rows},
	}
}

// inDollars returns a row of credits worth so many dollars.
func inDollars(sku, gross, net string) cost.CreditItem {
	item := row("GPT-5", "0", gross, "0", net)
	item.SKU = sku
	return item
}

func TestCreditsOutsideThePoolDoNotUseIt(t *testing.T) { // 20 seats include 380.00, of which 280.00 are left
	for net, want := range map[string]int64{"0": 0, "0.01": 2, "1": 207, "10": 20_69} {
		f := billedOn(at("15 12:00"), 20, inDollars("Copilot AI Credits", "100", "0"), inDollars("Spark AI Credits", net, net))
		if diff := cmp.Diff(dollars(want), f.Month().Projected.Billed); diff != "" {
			t.Errorf("with %s beside the pool (-want +got):\n%s", net, diff)
		}
	}
}

func TestTheBillsPaceUsesUpThePool(t *testing.T) { // one seat includes 19.00
	for _, test := range []struct {
		name   string
		readAt time.Time
		rows   []cost.CreditItem
		want   int64
	}{
		{"the pool lasts", at("16 00:00"), []cost.CreditItem{inDollars("a", "9", "0")}, 0},
		{"the pool ends on the 29th", at("16 00:00"), []cost.CreditItem{inDollars("a", "10", "0")}, 1_00},
		{"the pool has ended", at("16 00:00"), []cost.CreditItem{inDollars("a", "30", "11")}, 41_00},
		{"one row uses the rest of the pool", at("16 00:00"), []cost.CreditItem{inDollars("a", "12", "0"), inDollars("b", "6", "6")}, 17_00},
		{"more was covered than the pool holds", at("16 00:00"), []cost.CreditItem{inDollars("a", "25", "1")}, 26_00},
	} {
		if diff := cmp.Diff(dollars(test.want), billedOn(test.readAt, 1, test.rows...).Month().Projected.Billed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestAConstantPaceGivesTheSameProjectionOnEachDay(t *testing.T) { // 10.00 a day
	for readAt, gross := range map[string]string{"02 00:00": "10", "02 06:00": "12.50", "02 18:00": "17.50", "15 12:00": "145", "30 23:00": "299.583333"} {
		f := billedOn(at(readAt), 0, inDollars("a", gross, gross))
		if diff := cmp.Diff(dollars(300_00), f.Month().Projected.Billed); diff != "" {
			t.Errorf("read on %s (-want +got):\n%s", readAt, diff)
		}
	}
	if got := billedOn(at("01 06:00"), 0, inDollars("a", "2.50", "2.50")).Month().Projected.Billed; got.Cents != 75_00 {
		t.Errorf("after less than a day the projection is %s, as if a whole day had passed", got)
	}
}

func TestTheBillIsProjectedWithoutUsageReports(t *testing.T) {
	f := billedOn(at("16 00:00"), 1, inDollars("a", "10", "0"))
	f.Days = []metrics.Day{day(1, 3, nil)}
	if p := f.Month().Projected; p.CreditsUsed != nil || p.Billed == nil || p.Billed.Cents != 1_00 {
		t.Errorf("the projection is %+v", p)
	}
}

func TestCreditsAreProjectedToTwoDecimals(t *testing.T) {
	f := billedOn(at("16 00:00"), 1)
	for date, credits := range map[int]metrics.Credits{1: 1_000_000, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0} {
		f.Days = append(f.Days, day(date, 3, &credits))
	}
	if got := f.Month().Projected.CreditsUsed; got == nil || *got != 4_290_000 { // 30 ÷ 7
		t.Errorf("the projected credits are %v", got)
	}
}

func TestWithoutAKnownPoolTheOverageContinues(t *testing.T) {
	for net, want := range map[string]*money.Money{"0": nil, "4": dollars(14_00)} {
		f := billedOn(at("16 00:00"), 0, inDollars("a", "10", net))
		f.Seats = cost.NewSeatDays(f.Period)
		if diff := cmp.Diff(want, f.Month().Projected.Billed); diff != "" {
			t.Errorf("with %s billed (-want +got):\n%s", net, diff)
		}
	}
}

func TestTheProjectedBillDoesNotJump(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seats := rapid.Int64Range(0, 30).Draw(t, "seats")
		minutes := rapid.IntRange(0, 30*24*60-1).Draw(t, "minutes")
		readAt := at("01 00:00").Add(time.Duration(minutes) * time.Minute)
		inside, beside := rapid.IntRange(1, 1_000_00).Draw(t, "inside"), rapid.IntRange(0, 500_00).Draw(t, "beside")
		beyond := rapid.IntRange(0, inside).Draw(t, "beyond")
		projected := func(inside, beyond, beside int) int64 {
			amount := func(cents int) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }
			return billedOn(readAt, seats, inDollars("a", amount(inside), amount(beyond)), inDollars("b", amount(beside), amount(beside))).Month().Projected.Billed.Cents
		}
		got := projected(inside, beyond, beside)
		if got < int64(beyond+beside) {
			t.Errorf("%d cents are projected, but %d are billed already", got, beyond+beside)
		}
		for name, more := range map[string]int64{
			"inside the pool":  projected(inside+1, beyond, beside),
			"beyond the pool":  projected(inside+1, beyond+1, beside),
			"outside the pool": projected(inside, beyond, beside+1),
		} {
			if more < got || more > got+32 { // the cent, 29 more at its pace, and rounding
				t.Errorf("a cent more %s gives %d cents, before %d", name, more, got)
			}
		}
	})
}

func TestABillWithoutATimeOfReadingHasNoPace(t *testing.T) {
	f := billedOn(at("15 12:00"), 1, inDollars("a", "30", "11"))
	f.Bill.ReadAt = time.Time{}
	const why = "It is not known when GitHub's bill was read."
	m := f.Month()
	if m.Credits.Billed == nil || !m.Credits.Billed.Estimated || m.Credits.BilledAsOf != nil || m.Projected.Billed != nil || m.Projected.TotalSpend != nil {
		t.Errorf("%+v, the projection is %+v", m.Credits, m.Projected)
	}
	if m.Reasons["credits.billed"] != why || m.Reasons["credits.billedAsOf"] != why || m.Reasons["projected.billed"] == "" {
		t.Errorf("the reasons are %v", m.Reasons)
	}
}

func TestAMonthWithoutABillSaysSo(t *testing.T) {
	f := billedOn(at("15 12:00"), 1)
	f.Bill.Absent = true
	const why = "GitHub gave no bill of the month when it was asked, on 15 November 2026."
	m := f.Month()
	if m.Credits.Billed != nil || m.Credits.BilledAsOf != nil || m.BySKU != nil || m.Projected.Billed != nil || f.Overages() != nil {
		t.Errorf("the figures of the bill must be unknown: %+v", m)
	}
	if m.Reasons["credits.billed"] != why || m.Reasons["bySku"] != why {
		t.Errorf("the reasons are %v", m.Reasons)
	}
}

func TestAMonthIsProjectedUpToItsLastDay(t *testing.T) {
	f := november()
	f.Period = cost.MonthToDate(dayOf("2026-11-30").Start())
	f.Today, f.Seats = f.Period.To, cost.NewSeatDays(f.Period)
	if m := f.Month(); m.Projected == nil {
		t.Errorf("there is no projection; the reason is %q", m.Reasons["projected"])
	}
}

func TestAnEmptyBillHasNoPace(t *testing.T) {
	f := november()
	for _, test := range []struct {
		name      string
		net       string
		noSeats   bool
		projected *money.Money
	}{
		{"inside the pool", "0", false, dollars(200)}, // 6,000 credits, of which 5,800 are included
		{"with an unknown pool", "0", true, nil},
		{"with other rows besides credits", "1", false, dollars(100)},
	} {
		f.Bill.Items = []cost.CreditItem{row("GPT-5", "0", "0", "0", test.net)}
		if test.noSeats {
			f.Seats = cost.NewSeatDays(f.Period)
		} else {
			f.Seats = november().Seats
		}
		if diff := cmp.Diff(test.projected, f.Month().Projected.Billed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
