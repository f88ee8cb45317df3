package cost_test

import (
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

func TestABillOfImpossibleSizeIsUnknown(t *testing.T) {
	t.Parallel()
	for net, known := range map[string]bool{"499999999999": true, "500000000000": true, "500000000000.01": false, "-500000000000.01": false} {
		f := november()
		f.Bill.Items = []cost.CreditItem{row("GPT-5", "0", "500000000000", "0", net)}
		if m := f.Month(); (m.Credits.Billed != nil) != known || known != (m.BySKU != nil) {
			t.Errorf("with the net amount %s billed is %v, with the reason %q", net, m.Credits.Billed, m.Reasons["credits.billed"])
		}
	}
}

func TestAnIncompleteRowMakesTheBillUnknown(t *testing.T) {
	t.Parallel()
	euros := list().With(agreed(t, `{"currency":"EUR","business":"17","enterprise":"35","credit":"0.01"}`))
	whole := row("GPT-5", "100", "1", "50", "0.50")
	for name, lacks := range map[string]struct {
		prices money.Prices
		item   func(*cost.CreditItem)
	}{
		"dollars, without the gross amount": {list(), func(i *cost.CreditItem) { i.GrossAmount = nil }},
		"dollars, without the net amount":   {list(), func(i *cost.CreditItem) { i.NetAmount = nil }},
		"euros, without the gross quantity": {euros, func(i *cost.CreditItem) { i.GrossQuantity = nil }},
		"euros, without the net quantity":   {euros, func(i *cost.CreditItem) { i.NetQuantity = nil }},
	} {
		f := november()
		f.Prices, f.Bill.Items = lacks.prices, []cost.CreditItem{whole}
		if m := f.Month(); m.Credits.Billed == nil || m.Credits.Billed.Cents != 50 {
			t.Errorf("%s: before, billed is %v, with the reason %q", name, m.Credits.Billed, m.Reasons["credits.billed"])
		}
		lacks.item(&f.Bill.Items[0])
		if m := f.Month(); m.Credits.Billed != nil || m.BySKU != nil || m.Reasons["credits.billed"] == "" {
			t.Errorf("%s: billed is %v, with the reason %q", name, m.Credits.Billed, m.Reasons["credits.billed"])
		}
	}
}
