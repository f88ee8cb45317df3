package export_test

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/export"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/spend"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// level is a column's feature level.
type level int

const (
	mandatory   level = iota // MUST be present
	recommended              // RECOMMENDED to be present
	conditional              // MUST be present if the condition in the comment beside the column holds
)

// nulls says when a column is null for the charges in this export: purchases and usage, never corrections. A quantity that GitHub
// leaves out is unknown, and may always be null.
type nulls int

const (
	never     nulls = iota
	always          // MUST be null for such charges
	unless          // MUST be null unless the charge is usage, and MUST NOT be null then
	unknown         // MUST NOT be null; a unit MUST be null if its quantity is null
	permitted       // MAY be null
)

// focusColumn is what the specification requires of a column.
type focusColumn struct {
	level  level
	nulls  nulls
	format *regexp.Regexp
}

// The formats come from the specification's attributes: Numeric Format, Date/Time Format, Currency Code Format (ISO 4217), Unit
// Format. String Handling requires no format.
var (
	decimals  = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	positive  = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`) // unit prices MUST be non-negative
	instants  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$`)
	currency  = regexp.MustCompile(`^[A-Z]{3}$`)
	units     = regexp.MustCompile(`^(Seat-Months|Credits)$`) // <singular-unit>-<plural-time-units>, <plural-units>
	anyString = regexp.MustCompile(`(?s)^.+$`)
)

func oneOf(values ...string) *regexp.Regexp {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = regexp.QuoteMeta(value)
	}
	return regexp.MustCompile("^(" + strings.Join(quoted, "|") + ")$")
}

// focus is FOCUS 1.2, section "Columns": the normative requirements of every mandatory and recommended column, and of the
// conditional columns whose condition holds for GitHub Copilot. https://focus.finops.org/focus-specification/v1-2/
var focus = map[string]focusColumn{
	"BilledCost":          {mandatory, never, decimals},
	"BillingAccountId":    {mandatory, never, anyString},
	"BillingAccountName":  {mandatory, never, anyString},
	"BillingAccountType":  {conditional, never, anyString}, // there is more than one type: organizations and enterprises
	"BillingCurrency":     {mandatory, never, currency},
	"BillingPeriodEnd":    {mandatory, never, instants},
	"BillingPeriodStart":  {mandatory, never, instants},
	"ChargeCategory":      {mandatory, never, oneOf("Usage", "Purchase", "Tax", "Credit", "Adjustment")},
	"ChargeClass":         {mandatory, always, oneOf("Correction")},
	"ChargeDescription":   {mandatory, never, anyString}, // SHOULD NOT be null
	"ChargeFrequency":     {recommended, never, oneOf("One-Time", "Recurring", "Usage-Based")},
	"ChargePeriodEnd":     {mandatory, never, instants},
	"ChargePeriodStart":   {mandatory, never, instants},
	"ConsumedQuantity":    {conditional, unless, decimals}, // usage is measured
	"ConsumedUnit":        {conditional, unless, units},
	"ContractedCost":      {mandatory, never, decimals},
	"ContractedUnitPrice": {conditional, never, positive}, // prices are negotiated
	"EffectiveCost":       {mandatory, never, decimals},
	"InvoiceId":           {recommended, permitted, anyString},
	"InvoiceIssuerName":   {mandatory, never, anyString},
	"ListCost":            {mandatory, never, decimals},
	"ListUnitPrice":       {conditional, never, positive}, // unit prices are published
	"PricingCategory":     {conditional, never, oneOf("Standard", "Dynamic", "Committed", "Other")},
	"PricingQuantity":     {mandatory, unknown, decimals},
	"PricingUnit":         {mandatory, unknown, units},
	"ProviderName":        {mandatory, never, anyString},
	"PublisherName":       {mandatory, never, anyString},
	"ServiceCategory": {mandatory, never, oneOf("AI and Machine Learning", "Analytics", "Business Applications", "Compute", "Databases",
		"Developer Tools", "Multicloud", "Identity", "Integration", "Internet of Things", "Management and Governance", "Media", "Migration",
		"Mobile", "Networking", "Security", "Storage", "Web", "Other")},
	"ServiceName": {mandatory, never, anyString},
	"ServiceSubcategory": {recommended, never, oneOf("AI Platforms", "Bots", "Generative AI", "Machine Learning", // of AI and Machine Learning
		"Natural Language Processing", "Other (AI and Machine Learning)")},
	"SkuId":           {conditional, never, anyString}, // a price list is published
	"SkuMeter":        {conditional, never, anyString}, // SHOULD NOT be null
	"SkuPriceDetails": {conditional, permitted, anyString},
	"SkuPriceId":      {conditional, never, anyString},
	"Tags":            {conditional, permitted, anyString}, // if the provider supports tags
}

// records reads a dataset and compares its columns with the specification.
func records(t *rapid.T, text string) []map[string]string {
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	names := lines[0]
	for name := range focus {
		if !slices.Contains(names, name) {
			t.Errorf("the column %s is missing", name)
		}
	}
	for i, name := range names {
		_, known := focus[name]
		if custom := strings.HasPrefix(name, "x_"); !known && !custom || custom && i < len(focus) {
			t.Errorf("column %d is %s: custom ones have the prefix x_ and come last", i, name)
		}
	}
	rows := make([]map[string]string, len(lines)-1)
	for i, line := range lines[1:] {
		rows[i] = map[string]string{}
		for j, cell := range line {
			rows[i][names[j]] = cell
		}
		checkCharge(t, rows[i])
	}
	return rows
}

func checkCharge(t *rapid.T, row map[string]string) {
	for name, column := range focus {
		value := row[name]
		told := row["x_Model"] != quantityLeftOut
		null := column.nulls == always || column.nulls == unless && (row["ChargeCategory"] != "Usage" || !told) || column.nulls == unknown && !told
		switch {
		case null && value != "", !null && column.nulls != permitted && value == "":
			t.Errorf("%s is %q in %v", name, value, row)
		case value != "" && !column.format.MatchString(value):
			t.Errorf("%s is %q, want %s", name, value, column.format)
		}
	}
	if row["ChargeCategory"] == "Purchase" && row["ChargeFrequency"] == "Usage-Based" {
		t.Errorf("a purchase is usage-based: %v", row)
	}
	for unit, total := range map[string]string{"ListUnitPrice": "ListCost", "ContractedUnitPrice": "ContractedCost"} {
		if row["PricingQuantity"] == "" {
			continue
		}
		if product := new(big.Rat).Mul(rat(t, row[unit]), rat(t, row["PricingQuantity"])); product.Cmp(rat(t, row[total])) != 0 {
			t.Errorf("%s × PricingQuantity is %s, %s is %s", unit, product.FloatString(12), total, row[total])
		}
	}
	if !(row["BillingPeriodStart"] <= row["ChargePeriodStart"] && row["ChargePeriodStart"] < row["ChargePeriodEnd"] && row["ChargePeriodEnd"] <= row["BillingPeriodEnd"]) {
		t.Errorf("the charge period is not within the billing period: %v", row)
	}
	// Not in FOCUS: billed is the agreed amount, except for the cents that make the rows add up.
	if off := new(big.Rat).Sub(rat(t, row["BilledCost"]), rat(t, row["ContractedCost"])); off.Abs(off).Cmp(big.NewRat(2, 100)) > 0 {
		t.Errorf("BilledCost is %s, ContractedCost %s", row["BilledCost"], row["ContractedCost"])
	}
}

func rat(t *rapid.T, text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is not a number", text)
	}
	return r
}

// snapshot has the people with a seat on a day, one seat each.
type snapshot struct {
	date  calendar.Date
	seats []seat.Seat
}

// kept has the stored data of an account in October 2026.
type kept struct {
	spend.Store // methods that these tables do not call
	snapshots   []snapshot
	bill        *cost.CreditBill
	leavesOut   bool // the bill leaves out the billed quantity of one row
}

// BillParts implements spend.Store. There are no other parts of the bill here.
func (k kept) BillParts(context.Context, connector.Ref, calendar.Date) (parts cost.Parts, err error) {
	return parts, nil
}

// SeatHistory implements spend.Store. These tables do not use the list of the newest snapshot.
// Tenures returns nothing, so the snapshots are read.
func (kept) Tenures(context.Context, connector.Ref, cost.Period, calendar.Range) (*cost.Tenures, bool, error) {
	return nil, false, nil
}

func (k kept) SeatHistory(context.Context, connector.Ref, calendar.Range, calendar.Range, func(time.Time)) (days []cost.DayChanges, latest *seat.Snapshot, err error) {
	var before []seat.Seat
	for _, s := range k.snapshots {
		days = append(days, cost.DayChanges{Date: s.date, Changes: seat.ChangesBetween(before, s.seats), Plan: seat.SharedPlan(s.seats)})
		before = s.seats
	}
	return days, nil, nil
}

func (k kept) SeatsAndMore(context.Context, connector.Ref, calendar.Range, func(time.Time)) (*seat.Snapshot, error) {
	return nil, nil //nolint:nilnil // as of the store: there is none
}

func (k kept) Bill(context.Context, connector.Ref, calendar.Date) (*cost.CreditBill, error) {
	return k.bill, nil
}

func (k kept) LastUse(context.Context, *connector.Connector, calendar.Range, int) (*activity.LastUse, []metrics.Day, bool, error) {
	return &activity.LastUse{}, nil, false, nil
}

// quantityLeftOut is the model for which the bill leaves out the billed quantity.
const quantityLeftOut = "Model without"

// credits adds up the bill.
func (k kept) credits(t *rapid.T) *big.Rat {
	sum := new(big.Rat)
	if k.bill != nil {
		for _, item := range k.bill.Items {
			if item.NetQuantity != nil {
				sum.Add(sum, rat(t, item.NetQuantity.String()))
			}
		}
	}
	return sum
}

func drawKept(t *rapid.T) kept {
	october := calendar.DateOf(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))
	k := kept{leavesOut: rapid.Bool().Draw(t, "leaves a quantity out")}
	for day := range calendar.Date(31) {
		if !rapid.Bool().Draw(t, "read") {
			continue
		}
		snapshot := snapshot{date: october + day}
		for person := range rapid.Int64Range(0, 12).Draw(t, "seats") {
			snapshot.seats = append(snapshot.seats, seat.Seat{
				UserID: new(person + 1), Plan: rapid.SampledFrom([]copilot.Plan{copilot.PlanBusiness, copilot.PlanEnterprise}).Draw(t, "plan"),
				Team: rapid.SampledFrom([]string{"", "core", "=ops", `"a", b`}).Draw(t, "team"),
			})
		}
		k.snapshots = append(k.snapshots, snapshot)
	}
	if k.snapshots == nil {
		k.snapshots = []snapshot{{date: october}}
	}
	if rapid.Bool().Draw(t, "billing can be read") {
		k.bill = new(cost.CreditBill)
		for i := range rapid.IntRange(0, 4).Draw(t, "models") {
			hundredths := rapid.Int64Range(0, 1_000_000).Draw(t, "hundredths of credits")
			price := rapid.SampledFrom([]string{"", "0.01", "0.011"}).Draw(t, "price")
			item := cost.CreditItem{
				Product: "Copilot", SKU: "Copilot AI Credits", Model: fmt.Sprintf("Model %d", i/2), UnitType: "ai-credits",
				GrossQuantity: new(money.Hundredths(hundredths)), GrossAmount: new(dollarsOf(t, hundredths, price)),
				NetQuantity: new(money.Hundredths(hundredths)), NetAmount: new(dollarsOf(t, hundredths, price)),
			}
			if price != "" {
				item.PricePerUnit = new(decimalOf(t, price))
			}
			if k.leavesOut && i == 3 {
				item.Model, item.NetQuantity = quantityLeftOut, nil
			}
			k.bill.Items = append(k.bill.Items, item)
		}
	}
	return k
}

// dollarsOf returns the cost of credits at a price; without a price, a credit costs a cent.
func dollarsOf(t *rapid.T, hundredths int64, price string) money.Decimal {
	amount := rat(t, cmp.Or(price, "0.01"))
	return decimalOf(t, amount.Mul(amount, big.NewRat(hundredths, 100)).FloatString(5))
}

func TestChargesFollowFOCUSAndAddUpToTheTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stored := drawKept(t)
		reader := spend.Reader{Store: stored, Days: stored, Now: func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) }}
		c := &connector.Connector{Account: copilot.Account{Host: "github.com", Scope: copilot.Organization, Slug: "Octo"}, Settings: connector.Settings{IdleAfterDays: 30}}
		agreed := []string{"", `{"business":"17.55","enterprise":"0.01"}`, `{"business":"12.34","enterprise":"35","credit":"0.008123","currency":"EUR"}`}
		if stored.leavesOut {
			agreed = agreed[:2] // in euros the cost of such a bill is unknown
		}
		if prices := rapid.SampledFrom(agreed).Draw(t, "prices"); prices != "" {
			c.Prices = []byte(prices)
		}
		period, err := cost.ParseMonth("2026-10", reader.Now())
		if err != nil {
			t.Fatal(err)
		}
		charges, err := reader.Charges(t.Context(), c, period)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		w, err := export.NewWriter[export.Charge](&out, export.CSV)
		for _, charge := range export.ChargesOf(c.Account, charges) {
			if err == nil {
				err = w.Write(charge)
			}
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}

		billed, effective, credits, days := new(big.Rat), new(big.Rat), new(big.Rat), map[string]int64{}
		for _, row := range records(t, out.String()) {
			billed.Add(billed, rat(t, row["BilledCost"]))
			effective.Add(effective, rat(t, row["EffectiveCost"]))
			if row["ChargeCategory"] == "Purchase" {
				days[row["x_Team"]] += rat(t, row["x_SeatDays"]).Num().Int64() // nobody is in several teams
			} else if row["PricingQuantity"] != "" {
				credits.Add(credits, rat(t, row["PricingQuantity"]))
			}
			list := map[string]string{"Copilot Business": "19.00", "Copilot Enterprise": "39.00", "Copilot AI Credits": "0.01"}[row["SkuId"]]
			if row["SkuId"] == "Copilot AI Credits" && row["ContractedUnitPrice"] == "0.011" { // GitHub's bill has this price
				list = "0.011"
			}
			if row["BillingCurrency"] != "USD" { // GitHub has no list in another currency
				list = row["ContractedUnitPrice"]
			}
			if row["ListUnitPrice"] != list {
				t.Errorf("%s is listed at %s %s", row["SkuId"], row["ListUnitPrice"], row["BillingCurrency"])
			}
			if row["BillingAccountId"] != "github.com/organization/octo" || row["BillingCurrency"] != charges.TotalSpend.Currency {
				t.Errorf("the account is %s, the currency %s", row["BillingAccountId"], row["BillingCurrency"])
			}
		}
		if want := charges.TotalSpend.Amount(); billed.FloatString(4) != want+"00" || effective.Cmp(billed) != 0 {
			t.Errorf("BilledCost adds up to %s, EffectiveCost to %s, the total is %s", billed.FloatString(4), effective.FloatString(4), want)
		}
		if want := stored.credits(t); credits.Cmp(want) != 0 {
			t.Errorf("%s credits are charged, %s are on the bill", credits.FloatString(6), want.FloatString(6))
		}
		for _, team := range charges.ByTeam {
			name := ""
			if team.Team != nil {
				name = strings.Replace(*team.Team, "=", "'=", 1)
			}
			if days[name] != *team.SeatDays {
				t.Errorf("team %q has %d seat-days in the rows, %d by team", name, days[name], *team.SeatDays)
			}
		}
	})
}

func TestTheNumberOfColumnsOfEachLevel(t *testing.T) {
	count := map[level]int{}
	for _, column := range focus {
		count[column.level]++
	}
	// FOCUS 1.2 has 21 mandatory columns. The table leaves out the recommended AvailabilityZone, which Copilot does not have.
	if count[mandatory] != 21 || count[recommended] != 3 {
		t.Errorf("numbers of columns by level are %v", count)
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
