package export_test

import (
	"encoding/csv"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/export"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/spend"
)

var table = regexp.MustCompile("(?s)```csv\n(.*?)```")

// METRICS.md shows some columns of a month and gives its seats and bill.
func TestTheDocumentedChargesAgreeWithTheExport(t *testing.T) {
	text, err := os.ReadFile("../../docs/METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## FOCUS export\n")
	shown := table.FindStringSubmatch(section)
	if shown == nil {
		t.Fatal("the section of FOCUS has no example")
	}
	want := lines(t, shown[1])

	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	october := calendar.DateOf(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))
	business := seat.Seat{UserID: new(int64(1)), Team: "core", Plan: copilot.PlanBusiness}
	enterprise := seat.Seat{UserID: new(int64(2)), Team: "core", Plan: copilot.PlanEnterprise}
	alone := seat.Seat{UserID: new(int64(3)), Plan: copilot.PlanBusiness}
	unquantified := creditsOf(t, "0", "0.01", "0.5")
	unquantified.NetQuantity = nil
	stored := kept{
		snapshots: []snapshot{
			{october, []seat.Seat{business, enterprise, alone}},
			{october + 10, []seat.Seat{business, alone}},
		},
		bill: &cost.CreditBill{ReadAt: now, Items: []cost.CreditItem{
			creditsOf(t, "200.5", "0.01", "2.005"), creditsOf(t, "100", "0.011", "1.1"), unquantified,
		}},
	}
	reader := spend.Reader{Store: stored, Days: stored, Now: func() time.Time { return now }}
	period, err := cost.ParseMonth("2026-10", reader.Now())
	if err != nil {
		t.Fatal(err)
	}
	account := copilot.Account{Host: "github.com", Scope: copilot.Organization, Slug: "octo"}
	charges, err := reader.Charges(t.Context(), &connector.Connector{Account: account, Settings: connector.Settings{IdleAfterDays: 30}}, period)
	if err != nil {
		t.Fatal(err)
	}
	got := lines(t, write(t, export.CSV, export.ChargesOf(account, charges)...))
	if digits := export.ChargesOf(copilot.Account{Host: "github.com", Scope: copilot.Organization, Slug: "12345"}, charges); digits[0].BillingAccountName != "organization 12345" {
		t.Errorf("an account whose name has only digits is named %q", digits[0].BillingAccountName)
	}
	column := map[string]int{}
	for i, name := range got[0] {
		column[name] = i
	}
	if contract, err := os.ReadFile("../adminapi/openapi.yaml"); err != nil || !strings.Contains(strings.Join(strings.Fields(string(contract)), " "), strings.Join(got[0], ", ")+".") {
		t.Errorf("openapi.yaml does not list the columns (%v)", err)
	}
	for i, row := range got {
		var some []string
		for _, name := range want[0] {
			some = append(some, row[column[name]])
		}
		got[i] = some
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-documented +exported):\n%s", diff)
	}
	if got := charges.TotalSpend.Amount(); !strings.Contains(section, " = "+got+", the month's total") {
		t.Errorf("the total is %s", got)
	}
}

// creditsOf returns a row of a bill that is entirely beyond the pool.
func creditsOf(t *testing.T, quantity, price, amount string) cost.CreditItem {
	t.Helper()
	return cost.CreditItem{
		SKU: "Copilot AI Credits", Model: "GPT-5", UnitType: "ai-credits", PricePerUnit: new(decimalOf(t, price)),
		GrossQuantity: new(decimalOf(t, quantity)), GrossAmount: new(decimalOf(t, amount)),
		NetQuantity: new(decimalOf(t, quantity)), NetAmount: new(decimalOf(t, amount)),
	}
}

func lines(t *testing.T, text string) [][]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func decimalOf(t rapid.TB, text string) money.Decimal {
	t.Helper()
	d, err := money.ParseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
