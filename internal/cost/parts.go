package cost

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Parts holds the divisions of the bill of a month, and the budgets. A nil field was not read.
type Parts struct {
	Organizations *Split // enterprises only
	CostCenters   *Split // enterprises only
	Budgets       *Budgets
}

// Split holds the bills of all organizations, or of all cost centers, of an enterprise for a month.
type Split struct {
	ReadAt   time.Time
	Bills    []PartBill
	NotAsked int // how many parts were not requested, because there are more than MostParts
}

// PartBill is the sum of the bill of one part. A nil field is unknown.
type PartBill struct {
	ID         string // of a cost center
	Name       string
	ReadAt     time.Time  // zero: it was never read
	Refused    fault.Code // the code of GitHub's last refusal; empty: GitHub did not refuse
	Credits    *money.Decimal
	NetCredits *money.Decimal // beyond the pool
	NetAmount  *money.Decimal // in dollars
}

// IsFinal reports whether the split of the month of a day will not change any more.
func (s *Split) IsFinal(month calendar.Date) bool {
	return s != nil && calendar.DateOf(s.ReadAt) >= settledOn(month)
}

// Sum returns the part with the sums of its bill. Only rows of AI credits count. A row of an unknown kind makes the sums unknown.
func (b *CreditBill) Sum(of PartBill) PartBill {
	part := PartBill{ID: of.ID, Name: of.Name, ReadAt: b.ReadAt}
	credits, netCredits, netAmount := nothing, nothing, nothing
	for _, item := range b.Items {
		switch kindOf(item) {
		case creditsRow:
			credits, netCredits = plus(credits, orNil(item.GrossQuantity)), plus(netCredits, orNil(item.NetQuantity))
			netAmount = plus(netAmount, orNil(item.NetAmount))
		case otherRow:
		case unfamiliarRow:
			return part
		}
	}
	part.Credits, part.NetCredits, part.NetAmount = decimal(credits), decimal(netCredits), decimal(netAmount)
	return part
}

// decimal returns nil if the number is unknown or cannot be on a bill.
func decimal(r *big.Rat) *money.Decimal {
	if r == nil {
		return nil
	}
	d, err := money.DecimalOf(r)
	if err != nil {
		return nil
	}
	return &d
}

// Exceeds reports whether the bills of the parts add up to more than the whole that was read with them. Then they are not its parts.
// A difference of one credit is allowed for rounding.
func (s *Split) Exceeds(whole *CreditBill) bool {
	sum, all := nothing, whole.Sum(PartBill{}).Credits
	for _, bill := range s.Bills {
		if bill.Credits != nil && bill.Refused == "" {
			sum = plus(sum, bill.Credits.Rat())
		}
	}
	return all != nil && minus(sum, all.Rat()).Cmp(big.NewRat(1, 1)) > 0
}

// Renewed returns a split whose bills must be read: those of a list, and after them the others that already have a bill. Their stored
// sums stay until they are read again.
func (s *Split) Renewed(list []PartBill) *Split {
	renewed := &Split{Bills: slices.Clone(list)}
	at := make(map[string]int, len(list))
	for i, bill := range list {
		at[bill.key()] = i
	}
	if s != nil {
		for _, bill := range s.Bills {
			if i, known := at[bill.key()]; known {
				name := renewed.Bills[i].Name
				renewed.Bills[i] = bill
				renewed.Bills[i].Name = name
			} else {
				renewed.Bills = append(renewed.Bills, bill)
			}
		}
	}
	renewed.NotAsked = max(0, len(renewed.Bills)-MostParts)
	renewed.Bills = renewed.Bills[:len(renewed.Bills)-renewed.NotAsked]
	for i := range renewed.Bills {
		renewed.Bills[i].Refused = ""
	}
	return renewed
}

// key tells parts of one split apart.
func (b PartBill) key() string { return cmp.Or(b.ID, strings.ToLower(b.Name)) }
