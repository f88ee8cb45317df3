package cost_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// day returns a final day of November 2026 with numbers.
func day(n int, active int64, credits *metrics.Credits) metrics.Day {
	return metrics.Day{
		Date: *dayOf("2026-11-01") + calendar.Date(n-1), State: metrics.Final,
		Usage: metrics.Usage{ActiveUsers: &active, CreditsUsed: credits},
	}
}

func credits(n int64) *metrics.Credits { return new(metrics.Credits(n * 1_000_000)) }

func row(model, quantity, amount, netQuantity, netAmount string) cost.CreditItem {
	return cost.CreditItem{
		Product: "Copilot", SKU: "Copilot AI Credits", Model: model, UnitType: "ai-credits",
		GrossQuantity: decimal(quantity), GrossAmount: decimal(amount), NetQuantity: decimal(netQuantity), NetAmount: decimal(netAmount),
	}
}

// november returns the current month with everything known: two seats, 2,000 credits in ten days, two people.
func november() cost.Facts {
	period := cost.MonthToDate(now)
	core := seat.Seat{UserID: person(1), Team: "core", Plan: copilot.PlanBusiness, CreatedAt: daysAgo(400), LastActivityAt: daysAgo(1)}
	idle := seat.Seat{UserID: person(2), Plan: copilot.PlanEnterprise, CreatedAt: daysAgo(400), LastActivityAt: daysAgo(60)}
	seats := cost.SeatDaysOf(period, cost.DaySeats{Date: period.To, Seats: []seat.Seat{core, idle}})
	prices := money.ListPrices(period.From)
	latest := viewed(now, 30).Summarise([]seat.Seat{core, idle}, 0, prices)
	facts := cost.Facts{
		Period: period, Prices: prices, Seats: seats, Latest: &latest, Active: new(int64(2)),
		Bill:  &cost.CreditBill{ReadAt: now, Items: []cost.CreditItem{row("GPT-5", "1500", "15", "100", "1"), row("Claude Haiku 4.5", "500", "5", "0", "0")}},
		Parts: cost.Parts{Budgets: &cost.Budgets{ReadAt: now, List: []cost.Budget{}}},
	}
	for n := 1; n <= 10; n++ {
		facts.Days = append(facts.Days, day(n, 2, credits(200)))
	}
	return facts
}

func TestAMonthIsShownAsTheAPIPromises(t *testing.T) {
	mustEqualJSON(t, `{
		"month": "2026-11", "from": "2026-11-01", "to": "2026-11-22",
		"seatCost": {"amount": "42.53", "currency": "USD", "estimated": true}, "seatsAsOf": "2026-11-22",
		"credits": {"used": 2000, "daysWithData": 10, "included": 5800,
			"grossValue": {"amount": "20.00", "currency": "USD", "estimated": true},
			"billed": {"amount": "1.00", "currency": "USD", "estimated": false}, "billedAsOf": "2026-11-22T09:00:00Z",
			"daily": [
				{"date": "2026-11-01", "used": 200, "cumulated": 200}, {"date": "2026-11-02", "used": 200, "cumulated": 400},
				{"date": "2026-11-03", "used": 200, "cumulated": 600}, {"date": "2026-11-04", "used": 200, "cumulated": 800},
				{"date": "2026-11-05", "used": 200, "cumulated": 1000}, {"date": "2026-11-06", "used": 200, "cumulated": 1200},
				{"date": "2026-11-07", "used": 200, "cumulated": 1400}, {"date": "2026-11-08", "used": 200, "cumulated": 1600},
				{"date": "2026-11-09", "used": 200, "cumulated": 1800}, {"date": "2026-11-10", "used": 200, "cumulated": 2000}],
			"exhaustedOn": "2026-11-30"},
		"totalSpend": {"amount": "43.53", "currency": "USD", "estimated": true},
		"projected": {"creditsUsed": 6000,
			"seatCost": {"amount": "58.00", "currency": "USD", "estimated": true},
			"billed": {"amount": "1.40", "currency": "USD", "estimated": true},
			"totalSpend": {"amount": "59.40", "currency": "USD", "estimated": true}},
		"activeDevelopers": 2,
		"costPerActiveDeveloper": {"amount": "21.77", "currency": "USD", "estimated": true},
		"idleSeatCost": {"amount": "39.00", "currency": "USD", "estimated": true},
		"byModel": {"basis": "dollars",
			"rows": [
				{"name": "GPT-5", "tier": "frontier", "interactions": null, "share": 0.75,
					"grossValue": {"amount": "15.00", "currency": "USD", "estimated": false}, "billed": {"amount": "1.00", "currency": "USD", "estimated": false}},
				{"name": "Claude Haiku 4.5", "tier": "entry", "interactions": null, "share": 0.25,
					"grossValue": {"amount": "5.00", "currency": "USD", "estimated": false}, "billed": {"amount": "0.00", "currency": "USD", "estimated": false}}],
			"tiers": [
				{"tier": "frontier", "interactions": null, "share": 0.75,
					"grossValue": {"amount": "15.00", "currency": "USD", "estimated": false}, "billed": {"amount": "1.00", "currency": "USD", "estimated": false}},
				{"tier": "entry", "interactions": null, "share": 0.25,
					"grossValue": {"amount": "5.00", "currency": "USD", "estimated": false}, "billed": {"amount": "0.00", "currency": "USD", "estimated": false}}]},
		"bySku": [{"sku": "Copilot AI Credits", "credits": 2000, "share": 1,
			"grossValue": {"amount": "20.00", "currency": "USD", "estimated": false}, "billed": {"amount": "1.00", "currency": "USD", "estimated": false}}],
		"byTeam": [
			{"team": "core", "unassigned": false, "seatDays": 22, "creditsUsed": null, "creditsBilled": null,
				"idleSeatCost": {"amount": "0.00", "currency": "USD", "estimated": true},
				"seatCost": {"amount": "13.93", "currency": "USD", "estimated": true}, "totalSpend": {"amount": "13.93", "currency": "USD", "estimated": true}},
			{"team": null, "unassigned": true, "seatDays": 22, "creditsUsed": null, "creditsBilled": {"amount": "1.00", "currency": "USD", "estimated": false},
				"idleSeatCost": {"amount": "39.00", "currency": "USD", "estimated": true},
				"seatCost": {"amount": "28.60", "currency": "USD", "estimated": true}, "totalSpend": {"amount": "29.60", "currency": "USD", "estimated": true}}],
		"byOrganization": null, "byCostCenter": null, "budgets": [],
		"warnings": ["No budget limits AI credits: nothing stops spending beyond the pool, and nobody is told of it."],
		"cacheHitRate": null, "batchShare": null, "previous": null,
		"reasons": {
			"cacheHitRate": "GitHub does not report how many tokens of Copilot came from a cache.",
			"byOrganization": "Only an enterprise is divided into organizations.", "byCostCenter": "Only an enterprise has cost centers.",
			"batchShare": "Copilot has no batch interface."}}`, november().Month())
}

func TestAnUnknownMonthHasNoFigures(t *testing.T) {
	period, err := cost.ParseMonth("2026-05", now)
	check(t, err)
	mustEqualJSON(t, `{
		"month": "2026-05", "from": "2026-05-01", "to": "2026-05-31", "seatCost": null, "seatsAsOf": null,
		"credits": {"used": null, "daysWithData": 0, "included": null, "grossValue": null, "billed": null, "billedAsOf": null,
			"daily": [], "exhaustedOn": null},
		"totalSpend": null, "projected": null, "activeDevelopers": null, "costPerActiveDeveloper": null, "idleSeatCost": null,
		"byModel": {"basis": "not_reported", "rows": [], "tiers": []},
		"bySku": null,
		"byTeam": [{"team": null, "unassigned": true, "seatDays": null, "seatCost": null, "creditsUsed": null, "creditsBilled": null, "idleSeatCost": null, "totalSpend": null}],
		"byOrganization": null, "byCostCenter": null, "budgets": null, "warnings": [],
		"cacheHitRate": null, "batchShare": null, "previous": null,
		"reasons": {
			"cacheHitRate": "GitHub does not report how many tokens of Copilot came from a cache.",
			"batchShare": "Copilot has no batch interface.",
			"byOrganization": "Only an enterprise is divided into organizations.", "byCostCenter": "Only an enterprise has cost centers.",
			"budgets": "GitHub tells budgets only as they are now, and in this month they were not read.",
			"seatCost": "No list of the seats was read in the month, or within seven days of it.",
			"seatsAsOf": "No list of the seats was read in the month, or within seven days of it.",
			"credits.used": "No usage report of the month was read yet.",
			"credits.included": "No list of the seats was read in the month, or within seven days of it.",
			"credits.grossValue": "It is computed from figures that are not known.",
			"credits.billed": "GitHub's bill of the month was not read.",
			"credits.billedAsOf": "GitHub's bill of the month was not read.",
			"bySku": "GitHub's bill of the month was not read.",
			"totalSpend": "It is computed from figures that are not known.",
			"projected": "The month is over.",
			"activeDevelopers": "No usage report of the month was read yet.",
			"costPerActiveDeveloper": "It is computed from figures that are not known.",
			"idleSeatCost": "The seats were not read in the month."}}`,
		cost.Facts{Period: period, Prices: money.ListPrices(period.From), Seats: cost.NewSeatDays(period), Active: new(int64(0))}.Month())
}

// unbilled returns the reasons of a month whose bill is unknown.
func unbilled(reason string) map[string]string {
	return map[string]string{"credits.billed": reason, "bySku": reason, "projected.billed": reason}
}

const twoDaysShort = "GitHub lists fewer people than it counts as active (days: 2): together 3 of 15, each counted by the day. What the others did is not in it."

// unread returns the reasons of a month whose bill was not read.
func unread(reason string) map[string]string {
	reasons := unbilled(reason)
	reasons["credits.billedAsOf"] = reason
	return reasons
}

func TestEachFigureIsKnownByItself(t *testing.T) {
	euros := func(f *cost.Facts, text string) { f.Prices = f.Prices.With(agreed(t, text)) }
	for _, test := range []struct {
		name   string
		change func(*cost.Facts)
		want   map[string]string // reasons besides the two that always exist; exactly the figures with a reason are null
	}{
		{"everything", func(*cost.Facts) {}, nil},
		{"the bill was not read", func(f *cost.Facts) { f.Bill = nil }, unread("GitHub's bill of the month was not read.")},
		{"the bill was not read, but may be", func(f *cost.Facts) { f.Bill, f.Reads.Billing = nil, access.OK }, unread("GitHub's bill of the month was not read.")},
		{"the bill of an organization is refused", func(f *cost.Facts) {
			f.Bill, f.Reads.Billing, f.Scope = nil, access.Denied, copilot.Organization
		}, unread(`Not available to this token: GitHub does not show it the billed AI credits. That takes a classic personal access token of an owner ` +
			`with the scope manage_billing:copilot, which could also change seats, or a fine-grained personal access token of an owner with the organization ` +
			`permission "Administration: read". An organization that is billed through an enterprise has no bill of its own.`)},
		{"the bill of an enterprise is refused", func(f *cost.Facts) {
			f.Bill, f.Reads.Billing, f.Scope = nil, access.Denied, copilot.Enterprise
		}, unread(`Not available to this token: GitHub does not show it the billed AI credits. That takes a classic personal access token of an owner or ` +
			`billing manager with the scope manage_billing:enterprise, which could also change billing.`)},
		{"the bill was read before it was refused", func(f *cost.Facts) {
			f.Reads.Billing, f.Scope = access.Denied, copilot.Enterprise
		}, map[string]string{"credits.billed": `As of 22 November 2026, when GitHub's bill was read last. Not available to this token: GitHub does not show it ` +
			`the billed AI credits. That takes a classic personal access token of an owner or billing manager with the scope manage_billing:enterprise, which could also change billing.`}},
		{"the bill was read yesterday", func(f *cost.Facts) { f.Bill.ReadAt = now.AddDate(0, 0, -1) }, nil},
		{"the bill was read the day before yesterday", func(f *cost.Facts) { f.Bill.ReadAt = now.AddDate(0, 0, -2) }, map[string]string{
			"credits.billed": "As of 20 November 2026, when GitHub's bill was read last: the polls since then have failed to. Each poll tries again.",
		}},
		{"the bill was read before it was final", func(f *cost.Facts) {
			f.Period.Over, f.Bill.ReadAt = true, *daysAgo(-13)
		}, map[string]string{
			"projected":      "The month is over.",
			"credits.billed": "As of 5 December 2026, before GitHub's bill was final, on 6 December 2026. The first poll from then on reads it again.",
		}},
		{"the bill was not read when it was final", func(f *cost.Facts) {
			f.Period.Over, f.Bill.ReadAt, f.Today = true, *daysAgo(-13), *dayOf("2026-12-07")
		}, map[string]string{
			"projected":      "The month is over.",
			"credits.billed": "As of 5 December 2026, before GitHub's bill was final, on 6 December 2026. No poll has read it since. Each poll tries again.",
		}},
		{"the bill was final, and was refused afterwards", func(f *cost.Facts) {
			f.Period.Over, f.Bill.ReadAt, f.Reads.Billing = true, *daysAgo(-14), access.Denied
		}, map[string]string{"projected": "The month is over."}},
		{
			"the bill has an invalid row", func(f *cost.Facts) { f.Bill.Items[0].UnitType = "sparks" },
			unbilled(`GitHub's bill has a row that is not understood: "Copilot AI Credits" in the unit "sparks". Whether it is of AI credits is not known.`),
		},
		{
			"a billed amount is left out", func(f *cost.Facts) { f.Bill.Items[0].NetAmount = nil },
			unbilled("Billed amounts are incomplete, or the price of an AI credit is not known in the agreed currency."),
		},
		{"euros without a price of a credit", func(f *cost.Facts) { euros(f, `{"business":"18","enterprise":"37","currency":"EUR"}`) }, map[string]string{
			"credits.grossValue": "The price of an AI credit is not known.",
			"credits.billed":     "Billed amounts are incomplete, or the price of an AI credit is not known in the agreed currency.",
			"bySku":              "Billed amounts are incomplete, or the price of an AI credit is not known in the agreed currency.",
			"projected.billed":   "Billed amounts are incomplete, or the price of an AI credit is not known in the agreed currency.",
		}},
		{
			"the bill has impossible numbers", func(f *cost.Facts) {
				for range 3 {
					f.Bill.Items = append(f.Bill.Items, row("GPT-5", "1e11", "1e9", "-4e11", "-4e9"))
				}
			},
			unbilled("GitHub's bill has numbers far beyond what anybody is billed."),
		},
		{"people are unknown on a day", func(f *cost.Facts) { f.Active = nil }, map[string]string{
			"activeDevelopers":       "The per-user reports of some days are lacking, or do not tell it.",
			"costPerActiveDeveloper": "It is computed from figures that are not known.",
		}},
		{"two days lack people", func(f *cost.Facts) {
			f.Days[2].People = &metrics.PeopleRead{Read: 3, Expected: 11}
			f.Days[3].People = &metrics.PeopleRead{Read: 0, Expected: 4}
		}, map[string]string{
			"credits.used": twoDaysShort, "credits.grossValue": twoDaysShort, "activeDevelopers": twoDaysShort,
			"costPerActiveDeveloper": twoDaysShort, "projected.creditsUsed": twoDaysShort,
		}},
		{"nobody was active", func(f *cost.Facts) { f.Active = new(int64(0)) }, map[string]string{
			"costPerActiveDeveloper": "Nobody was active.",
		}},
		{"credits are unknown on a day", func(f *cost.Facts) { f.Days[3] = day(4, 2, nil) }, map[string]string{
			"credits.used":          "The per-user reports of some days are lacking, or do not tell it.",
			"credits.grossValue":    "It is computed from figures that are not known.",
			"projected.creditsUsed": "The per-user reports of some days are lacking, or do not tell it.",
		}},
		{"credits are unknown on a day, and nothing is billed", func(f *cost.Facts) { f.Days[3], f.Bill.Items = day(4, 2, nil), nil }, map[string]string{
			"credits.used":          "The per-user reports of some days are lacking, or do not tell it.",
			"credits.grossValue":    "It is computed from figures that are not known.",
			"projected.creditsUsed": "The per-user reports of some days are lacking, or do not tell it.",
			"projected.billed":      "It is computed from figures that are not known.",
			"projected.totalSpend":  "It is computed from figures that are not known.",
		}},
		{"the seats were not read in the month", func(f *cost.Facts) { f.Latest = nil }, map[string]string{
			"idleSeatCost": "The seats were not read in the month.",
		}},
		{"the seats were counted but not listed", func(f *cost.Facts) { f.Latest = new(viewed(now, 30).Announced(5, copilot.PlanBusiness)) }, map[string]string{
			"idleSeatCost": "The seats are not listed, or some are on a plan whose price is not known.",
		}},
		{"the month's last day", func(f *cost.Facts) { f.Period.To, f.Bill.ReadAt = f.Period.End(), *daysAgo(-8) }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := november()
			test.change(&f)
			m := f.Month()
			want := map[string]string{
				"cacheHitRate": "GitHub does not report how many tokens of Copilot came from a cache.", "batchShare": "Copilot has no batch interface.",
			}
			for figure, reason := range test.want {
				want[figure] = reason
			}
			maps.DeleteFunc(m.Reasons, func(figure, _ string) bool { // parts_test.go tests these
				return figure == "byOrganization" || figure == "byCostCenter" || figure == "budgets"
			})
			if diff := cmp.Diff(want, m.Reasons); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAMonthsCreditsAreThoseOfItsDays(t *testing.T) {
	quiet, unread := day(2, 0, nil), metrics.UnreadDay(*dayOf("2026-11-02"), metrics.Pending)
	unsaid := day(2, 0, nil)
	unsaid.ActiveUsers = nil
	for _, test := range []struct {
		name string
		days []metrics.Day
		used *metrics.Credits
		data int
	}{
		{"two days", []metrics.Day{day(1, 3, credits(5)), day(2, 3, credits(7))}, credits(12), 2},
		{"a day when nobody was active", []metrics.Day{day(1, 3, credits(5)), quiet}, credits(5), 2},
		{"a day without a report", []metrics.Day{day(1, 3, credits(5)), unread}, credits(5), 1},
		{"a day without credits", []metrics.Day{day(1, 3, credits(5)), day(2, 3, nil)}, nil, 2},
		{"a day without the number of active people", []metrics.Day{day(1, 3, credits(5)), unsaid}, nil, 2},
		{"no day with data", []metrics.Day{unread}, nil, 0},
	} {
		f := november()
		f.Days = test.days
		if c := f.Month().Credits; !cmp.Equal(c.Used, test.used) || c.DaysWithData != test.data {
			t.Errorf("%s: %v of %d days, want %v of %d", test.name, c.Used, c.DaysWithData, test.used, test.data)
		}
	}
}

func TestTheBillHasTheCurrencyOfThePrices(t *testing.T) {
	f := november()
	f.Prices = f.Prices.With(agreed(t, `{"business":"18","enterprise":"37","credit":"0.009","currency":"EUR"}`))
	m := f.Month()
	if diff := cmp.Diff(&money.Money{Cents: 90, Currency: "EUR", Estimated: true}, m.Credits.Billed); diff != "" {
		t.Errorf("100 credits at 0.009 euros (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(m.SeatCost.Add(m.Credits.Billed), m.TotalSpend); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheProjectedBill(t *testing.T) {
	for _, test := range []struct {
		name          string
		change        func(*cost.Facts)
		billed, total *money.Money
	}{
		{"beyond the pool, before anything is billed", func(f *cost.Facts) { f.Bill.Items = nil }, dollars(200), dollars(6000)},
		{"within the pool", func(f *cost.Facts) { f.Days, f.Bill.Items = []metrics.Day{day(1, 2, credits(1))}, nil }, dollars(0), dollars(5800)},
		{"within the pool, of 1.00 beside it in 21 days and 9 hours", func(*cost.Facts) {}, dollars(140), dollars(5940)},
		{"the pool is used up: 70.00 in 21 days and 9 hours", func(f *cost.Facts) {
			f.Bill.Items[0].GrossAmount, f.Bill.Items[0].NetAmount = decimal("65"), decimal("12")
		}, dollars(4025), dollars(9825)},
		{"read on the first, at 20.00 a day", func(f *cost.Facts) { f.Bill.ReadAt = f.Period.From.Start() }, dollars(54200), dollars(60000)},
		{"read on the last day", func(f *cost.Facts) { f.Bill.ReadAt = f.Period.End().Start() }, dollars(103), dollars(5903)},
		{"no pace, but never less than is billed", func(f *cost.Facts) { f.Bill.Items[0].GrossAmount = decimal("-15") }, dollars(100), dollars(5900)},
		{"the bill cannot be read", func(f *cost.Facts) { f.Bill = nil }, nil, dollars(5800)},
		{"the pace of the usage is unknown", func(f *cost.Facts) { f.Days = nil }, dollars(140), dollars(5940)},
		{"the pace is unknown, and nothing is billed", func(f *cost.Facts) { f.Days, f.Bill.Items = nil, nil }, nil, nil},
	} {
		f := november()
		test.change(&f)
		p := f.Month().Projected
		if diff := cmp.Diff([]*money.Money{test.billed, test.total}, []*money.Money{p.Billed, p.TotalSpend}); diff != "" {
			t.Errorf("%s, billed and total (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestOneDayIsEnoughToCountActiveDevelopers(t *testing.T) {
	f := november()
	f.Days = f.Days[:1]
	if m := f.Month(); m.ActiveDevelopers == nil || *m.ActiveDevelopers != 2 || m.CostPerActiveDeveloper == nil {
		t.Errorf("%v active developers, cost of each %v", m.ActiveDevelopers, m.CostPerActiveDeveloper)
	}
	f.Seats, f.Bill = cost.NewSeatDays(f.Period), nil
	m := f.Month()
	if why := m.Reasons["costPerActiveDeveloper"]; m.TotalSpend != nil || m.ActiveDevelopers == nil || why == "" || why != m.Reasons["totalSpend"] {
		t.Errorf("the cost of each of %[2]v developers in %[1]v is unknown, with the reason %[3]q", m.TotalSpend, m.ActiveDevelopers, why)
	}
}
