package cost

import (
	"cmp"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// SKURow is the part of a SKU in the bill.
type SKURow struct {
	SKU        string           `json:"sku"`
	Credits    *metrics.Credits `json:"credits"` // inside and beyond the pool, from the bill; nil: unknown
	GrossValue *money.Money     `json:"grossValue"`
	Billed     *money.Money     `json:"billed"`
	Share      *Share           `json:"share"` // of the gross value; nil if the whole is 0 or a part is negative
}

// bySKU returns nil if the bill is unknown.
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
