package cost

import (
	"cmp"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// SKURow is the part of one of GitHub's SKUs in the bill.
type SKURow struct {
	SKU        string           `json:"sku"`
	Credits    *metrics.Credits `json:"credits"` // inside the pool and beyond, by the bill; nil: it does not tell
	GrossValue *money.Money     `json:"grossValue"`
	Billed     *money.Money     `json:"billed"`
	Share      *Share           `json:"share"` // of the gross value; nil when the whole is nothing, or a part less
}

// bySKU is nil where the bill is not known.
func (f Facts) bySKU() []SKURow {
	parts := f.billedParts(skuOf)
	if parts == nil {
		return nil
	}
	rows := make([]SKURow, len(parts))
	for i, part := range parts {
		rows[i] = SKURow{SKU: part.name, Credits: creditsOf(part.credits), GrossValue: part.grossValue, Billed: part.billed, Share: part.share}
	}
	return rows
}

func skuOf(item CreditItem) string { return cmp.Or(strings.TrimSpace(item.SKU), "unknown") }
