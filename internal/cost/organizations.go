package cost

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// OrganizationRow is the part of an organization in the spend of its enterprise.
type OrganizationRow struct {
	Organization  *string          `json:"organization"` // nil: the row of money that belongs to no known organization
	SeatCost      *money.Money     `json:"seatCost"`
	CreditsUsed   *metrics.Credits `json:"creditsUsed"` // from GitHub's bill
	CreditsBilled *money.Money     `json:"creditsBilled"`
	TotalSpend    *money.Money     `json:"totalSpend"`
}

// CenterRow is the part of a cost center in the billed amount.
type CenterRow struct {
	CostCenter    *string      `json:"costCenter"` // nil: the row of money that belongs to no cost center
	CreditsBilled *money.Money `json:"creditsBilled"`
}

// byOrganization returns the organizations that grant seats or have a bill, by name, and the row of the rest at the end. The rows add
// up to the seat cost and to the billed amount, to the cent.
func (f Facts) byOrganization(held tally, billed *money.Money) []OrganizationRow {
	if f.Scope != copilot.Enterprise {
		return nil
	}
	bills := f.Parts.Organizations.byName()
	seats, written := map[string]*big.Rat{rest: held.noSeats()}, map[string]string{}
	for name, bill := range bills {
		seats[name], written[name] = held.noSeats(), bill.Name
	}
	for of, days := range held.days {
		name := strings.ToLower(of.organization)
		if seats[name] == nil {
			seats[name] = nothing
		}
		seats[name], written[name] = plus(seats[name], held.costOf(of, days, f.Prices)), of.organization
	}
	f.hideSmall(seats, held)
	names := restLast(seats)
	costs := make([]*big.Rat, len(names))
	for i, name := range names {
		costs[i] = seats[name]
	}
	rows, seatCosts := make([]OrganizationRow, len(names)), parts(f.Prices, costs)
	for i, part := range f.split(names, f.Parts.Organizations, bills, billed) {
		rows[i] = OrganizationRow{
			Organization: named(written[names[i]]), SeatCost: seatCosts[i], CreditsUsed: part.credits, CreditsBilled: part.billed,
			TotalSpend: Spend(seatCosts[i], part.billed),
		}
	}
	return rows
}

// hideSmall moves the seats of groups that are too small to be shown into the rest. The size of a group is its average number of
// seats.
func (f Facts) hideSmall(seats map[string]*big.Rat, held tally) {
	if f.SmallestGroup == 0 {
		return
	}
	days := map[string]int64{}
	for of, n := range held.days {
		days[strings.ToLower(of.organization)] += n
	}
	for name, cost := range seats {
		if name != rest && f.isSmall(days[name]) {
			seats[rest] = plus(seats[rest], cost)
			delete(seats, name)
		}
	}
}

// isSmall reports whether a group that held seats on so many days is too small to be shown.
func (f Facts) isSmall(seatDays int64) bool {
	return f.SmallestGroup > 0 && seatDays < int64(f.SmallestGroup)*int64(f.Period.To-f.Period.From+1)
}

// rest is the name of the part that belongs to nobody. It sorts before every name.
const rest = ""

// restLast returns the names in order, with the rest at the end.
func restLast[T any](byName map[string]T) []string {
	return append(slices.Sorted(maps.Keys(byName))[1:], rest)
}

// byCostCenter returns the cost centers by name, and the row of the rest at the end. It returns nil if the cost centers or the billed
// amount are unknown.
func (f Facts) byCostCenter(billed *money.Money) []CenterRow {
	if f.Scope != copilot.Enterprise || f.Parts.CostCenters == nil || billed == nil || f.SmallestGroup > 0 {
		return nil
	}
	bills := f.Parts.CostCenters.byName()
	bills[rest] = PartBill{}
	names := restLast(bills)
	rows := make([]CenterRow, len(names))
	for i, part := range f.split(names, f.Parts.CostCenters, bills, billed) {
		rows[i] = CenterRow{named(bills[names[i]].Name), part.billed}
	}
	return rows
}

// byName returns the bills by name in lower case. Cost centers with the same name, of which all but one are deleted, become one.
func (s *Split) byName() map[string]PartBill {
	bills := map[string]PartBill{}
	if s == nil {
		return bills
	}
	for _, bill := range s.Bills {
		name := strings.ToLower(bill.Name)
		if same, known := bills[name]; known {
			bill = same.plus(bill)
		}
		bills[name] = bill
	}
	return bills
}

func (b PartBill) plus(more PartBill) PartBill {
	sum := func(x, y *money.Decimal) *money.Decimal {
		if x == nil || y == nil {
			return nil
		}
		return decimal(plus(x.Rat(), y.Rat()))
	}
	b.Credits, b.NetCredits, b.NetAmount = sum(b.Credits, more.Credits), sum(b.NetCredits, more.NetCredits), sum(b.NetAmount, more.NetAmount)
	b.Refused = cmp.Or(b.Refused, more.Refused)
	return b
}

// part is the part of a bill that belongs to one name.
type part struct {
	credits *metrics.Credits
	billed  *money.Money
}

// split divides the bill by names. The last name is the rest, which is not on the bill of any part. If the whole is unknown, the rest
// is unknown too.
func (f Facts) split(names []string, read *Split, bills map[string]PartBill, billed *money.Money) []part {
	credits, net := f.wholeBill()
	divided := make([]part, len(names))
	var amounts []*big.Rat
	var known []*part
	last := len(names) - 1
	for i, name := range names[:last] {
		bill := bills[name]
		if bill.Credits != nil {
			divided[i].credits, credits = creditsOf(bill.Credits.Rat()), minus(credits, bill.Credits.Rat())
		}
		if amount := f.value(bill.NetCredits, bill.NetAmount); amount != nil {
			amounts, known, net = append(amounts, amount), append(known, &divided[i]), minus(net, amount)
		}
	}
	divided[last].credits = creditsOf(credits)
	if net != nil {
		amounts, known = append(amounts, net), append(known, &divided[last])
	}
	estimated := billed == nil || billed.Estimated || read != nil && f.outdatedSince(read.ReadAt)
	for i, amount := range parts(f.Prices, amounts) {
		amount.Estimated = estimated
		known[i].billed = amount
	}
	return divided
}

// wholeBill returns the credits on the bill, and the amount billed beyond the pool. They are nil if unknown.
func (f Facts) wholeBill() (credits, net *big.Rat) {
	uses, why := f.billedUses(modelOf)
	if why != "" {
		return nil, nil
	}
	credits, net = nothing, nothing
	for _, billed := range uses {
		credits, net = plus(credits, billed.credits), plus(net, billed.net)
	}
	return credits, net
}
