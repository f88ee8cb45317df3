package spend_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// kept has one Business seat, read today. The errors are what the readings return.
type kept struct {
	none                                           bool
	seatsErr, latestErr, billErr, partsErr, useErr error
}

// Tenures returns nothing, so the snapshots are read.
func (kept) Tenures(context.Context, connector.Ref, cost.Period, calendar.Range) (*cost.Tenures, bool, error) {
	return nil, false, nil
}

func (k kept) SeatHistory(ctx context.Context, ref connector.Ref, days, _ calendar.Range, beside func(time.Time)) ([]cost.DayChanges, *seat.Snapshot, error) {
	if k.none || k.seatsErr != nil {
		return nil, nil, k.seatsErr
	}
	latest, err := k.SeatsAndMore(ctx, ref, days, beside)
	return []cost.DayChanges{{Date: calendar.DateOf(now), Changes: seat.Changes{Added: seats()}}}, latest, err
}

func seats() []seat.Seat {
	return []seat.Seat{{UserID: new(int64(1)), Login: "octo", Plan: copilot.PlanBusiness}}
}

func (k kept) SeatsAndMore(_ context.Context, _ connector.Ref, _ calendar.Range, beside func(time.Time)) (*seat.Snapshot, error) {
	if k.none || k.latestErr != nil {
		return nil, k.latestErr
	}
	beside(now)
	return &seat.Snapshot{AsOf: now, Plan: copilot.PlanBusiness, Seats: seats()}, nil
}

func (k kept) PutSeatCounts(context.Context, connector.Ref, calendar.Date, seat.Tally) error {
	return nil
}

func (k kept) SeatCounts(context.Context, connector.Ref, calendar.Range) (map[calendar.Date]seat.Tally, error) {
	return nil, nil
}

func (k kept) Bill(context.Context, connector.Ref, calendar.Date) (*cost.CreditBill, error) {
	return nil, k.billErr
}

func (k kept) BillParts(context.Context, connector.Ref, calendar.Date) (cost.Parts, error) {
	return cost.Parts{}, k.partsErr
}

func (k kept) LastUse(context.Context, *connector.Connector, calendar.Range, int) (*activity.LastUse, []metrics.Day, bool, error) {
	return &activity.LastUse{}, nil, true, k.useErr
}

func reader(k kept) spend.Reader {
	return spend.Reader{Store: k, Days: k, Now: func() time.Time { return now }}
}

func TestAConnectorsPricesReplaceTheDeployments(t *testing.T) {
	deployment, err := money.ParseAgreed([]byte(`{"business":"18","enterprise":"37"}`))
	if err != nil {
		t.Fatal(err)
	}
	for prices, want := range map[string]string{``: "18.00", `{}`: "18.00", `{"enterprise":"30"}`: "18.00", `{"business":"17.50"}`: "17.50"} {
		r := reader(kept{})
		r.Agreed = deployment
		got, err := r.Seats(t.Context(), &connector.Connector{Settings: connector.Settings{IdleAfterDays: 30, Prices: []byte(prices)}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&money.Money{Cents: got.MonthlyCost.Cents, Currency: "USD", Estimated: true}, got.PricePerSeat); diff != "" || got.PricePerSeat.Amount() != want {
			t.Errorf("with %s a seat costs %v", prices, got.PricePerSeat)
		}
	}
}

func TestAConnectorInTheListsCurrencyHasTheListPrices(t *testing.T) {
	deployment, err := money.ParseAgreed([]byte(`{"business":"17","enterprise":"35","currency":"EUR"}`))
	if err != nil {
		t.Fatal(err)
	}
	r := reader(kept{})
	r.Agreed = deployment
	got, err := r.Seats(t.Context(), &connector.Connector{Settings: connector.Settings{IdleAfterDays: 30, Prices: []byte(`{"currency":"USD"}`)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&money.Money{Cents: 1900, Currency: "USD", Estimated: true}, got.MonthlyCost); diff != "" {
		t.Errorf("monthly cost (-want +got):\n%s", diff)
	}
}

func TestWithoutASnapshotThereAreNoSeats(t *testing.T) {
	if got, err := reader(kept{none: true}).Seats(t.Context(), &connector.Connector{Settings: connector.Settings{IdleAfterDays: 30}}, nil); got != nil || err != nil {
		t.Errorf("the seats are %v, %v, want none", got, err)
	}
	got, err := reader(kept{none: true}).Charges(t.Context(), &connector.Connector{Settings: connector.Settings{IdleAfterDays: 30}}, cost.MonthToDate(now))
	if err != nil || got.SeatCost != nil || got.Overages != nil {
		t.Errorf("the charges are %+v, %v, want none", got, err)
	}
}

func TestEachFailedReadingIsReported(t *testing.T) {
	fire := errors.New("on fire")
	for name, test := range map[string]struct {
		kept   kept
		prices string
		seats  bool // whether the seats cannot be shown either
	}{
		"snapshots":       {kept: kept{seatsErr: fire}},
		"latest snapshot": {kept: kept{latestErr: fire}, seats: true},
		"bill":            {kept: kept{billErr: fire}},
		"bill's parts":    {kept: kept{partsErr: fire}},
		"usage":           {kept: kept{useErr: fire}, seats: true},
		"stored prices":   {prices: `{"business":"x"}`, seats: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := &connector.Connector{Settings: connector.Settings{IdleAfterDays: 30, Prices: []byte(test.prices)}}
			_, month := reader(test.kept).Month(t.Context(), c, cost.MonthToDate(now))
			if _, err := reader(test.kept).ComparedMonth(t.Context(), c, cost.MonthToDate(now)); err == nil {
				t.Error("ComparedMonth returned no error")
			}
			_, charges := reader(test.kept).Charges(t.Context(), c, cost.MonthToDate(now))
			_, seats := reader(test.kept).Seats(t.Context(), c, nil)
			if month == nil || charges == nil || (seats != nil) != test.seats {
				t.Errorf("month: %v, charges: %v, seats: %v", month, charges, seats)
			}
			if test.prices != "" && !fault.Is(month, fault.Store) {
				t.Errorf("got %v, want code store_failed", month)
			}
		})
	}
}

// TeamTotals, ActiveDays and Days return no people.
func (kept) TeamTotals(_ context.Context, _ *connector.Connector, days calendar.Range) (*ledger.TeamRange, error) {
	return &ledger.TeamRange{Months: []*team.Month{{First: days.From.FirstOfMonth()}}}, nil
}

func (kept) ActiveDays(context.Context, *connector.Connector, calendar.Range) (*ledger.Active, []metrics.Day, bool, error) {
	return &ledger.Active{}, nil, false, nil
}

func (kept) Days(context.Context, *connector.Connector, calendar.Range) ([]metrics.Day, error) {
	return nil, nil
}
