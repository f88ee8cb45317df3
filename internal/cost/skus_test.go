package cost_test

import (
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/cost"
)

func TestTheBillIsSplitBySKU(t *testing.T) {
	of := func(sku string, item cost.CreditItem) cost.CreditItem {
		item.SKU = sku
		return item
	}
	untold := of("Spark AI Credits", row("GPT-5", "0", "2", "0", "0"))
	untold.GrossQuantity = nil
	requests := of("Copilot Premium Request", row("GPT-5", "9", "9", "9", "9"))
	f := november()
	f.Bill.Items = []cost.CreditItem{
		of("Copilot AI Credits", row("GPT-5", "100.5", "1.005", "50.5", "0.505")),
		of("Spark AI Credits", row("GPT-5", "100", "1", "0", "0")), untold,
		of("Copilot AI Credits", row("Claude Haiku 4.5", "100", "1", "0", "0")),
		of(" ", row("GPT-5", "0", "0", "0", "0")), requests,
	}
	mustEqualJSON(t, `[
		{"sku": "Spark AI Credits", "credits": null, "share": 0.5994,
			"grossValue": {"amount": "3.00", "currency": "USD", "estimated": false}, "billed": {"amount": "0.00", "currency": "USD", "estimated": false}},
		{"sku": "Copilot AI Credits", "credits": 200.5, "share": 0.4006,
			"grossValue": {"amount": "2.01", "currency": "USD", "estimated": false}, "billed": {"amount": "0.51", "currency": "USD", "estimated": false}},
		{"sku": "unknown", "credits": 0, "share": 0,
			"grossValue": {"amount": "0.00", "currency": "USD", "estimated": false}, "billed": {"amount": "0.00", "currency": "USD", "estimated": false}}]`, f.Month().BySKU)

	f.Bill.Items = nil
	mustEqualJSON(t, `[]`, f.Month().BySKU)
}
