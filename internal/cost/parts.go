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

// Parts is how GitHub's billing divides the bill of a month, and the budgets that limit it. What is nil was not read.
type Parts struct {
	Organizations *Split // of an enterprise
	CostCenters   *Split // of an enterprise
	Budgets       *Budgets
}

// Split is the bills of all organizations, or of all cost centers, of an enterprise in a month.
type Split struct {
	ReadAt   time.Time
	Bills    []PartBill
	NotAsked int // parts beyond the most that a poll asks for
}

// PartBill is the bill of one part, added up. What is nil is not known.
type PartBill struct {
	ID         string // of a cost center
	Name       string
	ReadAt     time.Time  // zero: GitHub has never shown it
	Refused    fault.Code // how GitHub refused to show it last; empty: it did not
	Credits    *money.Decimal
	NetCredits *money.Decimal // beyond the pool
	NetAmount  *money.Decimal // in dollars
}

// IsFinal reports whether the split is the last that there is of the month in which a day lies.
func (s *Split) IsFinal(month calendar.Date) bool {
	return s != nil && calendar.DateOf(s.ReadAt) >= settledOn(month)
}

// Sum adds up the bill of a part. Rows of something else than AI credits do not count, and a row that nobody understands makes the
// sums unknown.
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

// decimal is nil where the number is not known, or is no bill's.
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

// Exceeds reports whether the bills read at once with the whole add up to more than that: then they are not its parts. What a
// credit is worth is lost in rounding.
func (s *Split) Exceeds(whole *CreditBill) bool {
	sum, all := nothing, whole.Sum(PartBill{}).Credits
	for _, bill := range s.Bills {
		if bill.Credits != nil && bill.Refused == "" {
			sum = plus(sum, bill.Credits.Rat())
		}
	}
	return all != nil && minus(sum, all.Rat()).Cmp(big.NewRat(1, 1)) > 0
}

// Renewed returns a split whose bills are to be read: those of a list, and behind these the others that have one already. What
// is kept of them stays until it is read again.
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
