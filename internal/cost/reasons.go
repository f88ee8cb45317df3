package cost

import (
	"fmt"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// The reasons why a figure is null.
const (
	noCacheHitRate = "GitHub does not report how many tokens of Copilot came from a cache."
	noBatchShare   = "Copilot has no batch interface."
	noSnapshot     = "No list of the seats was read in the month, or within seven days of it."
	noSeatPrice    = "Some seats are on a plan whose price is not known."
	noPool         = "Some seats are on a plan whose included credits are not known."
	noCreditPrice  = "The price of an AI credit is not known."
	noUsage        = "No usage report of the month was read yet."
	noUserReports  = "The per-user reports of some days are lacking, or do not tell it."
	noBill         = "GitHub's bill of the month was not read."
	wholeMonths    = "GitHub bills whole months. Of its first days this is what the credits used beyond the pool are worth."
	noReading      = "It is not known when GitHub's bill was read."
	noBillValue    = "Billed amounts are incomplete, or the price of an AI credit is not known in the agreed currency."
	noSeatsRead    = "The seats were not read in the month."
	noSuchBill     = "GitHub's bill has numbers far beyond what anybody is billed."
	noIdleSeats    = "The seats are not listed, or some are on a plan whose price is not known."
	nobodyActive   = "Nobody was active."
	monthOver      = "The month is over."
	unknownParts   = "It is computed from figures that are not known."
)

// figure is a figure of a month with the reason why it is unknown.
type figure struct {
	name   string
	known  bool
	reason string
}

// reasons returns why figures are null, since when a bill is outdated, and how many people are missing from the per-user reports on
// which a figure is based.
func (f Facts) reasons(m *Month) map[string]string {
	seats, noData := f.Seats.held.known, m.Credits.DaysWithData == 0
	divisible := m.TotalSpend != nil && m.ActiveDevelopers != nil
	used, seatCost, billed := either(noData, noUsage, noUserReports), either(seats, noSeatPrice, noSnapshot), f.aboutBill()
	figures := []figure{
		{"seatCost", m.SeatCost != nil, seatCost},
		{"seatsAsOf", seats, noSnapshot},
		{"credits.used", m.Credits.Used != nil, used},
		{"credits.included", m.Credits.Included != nil, either(seats, noPool, noSnapshot)},
		{"credits.grossValue", m.Credits.GrossValue != nil, either(m.Credits.Used == nil, unknownParts, noCreditPrice)},
		{"credits.billed", billed == "", billed},
		{"credits.billedAsOf", m.Credits.BilledAsOf != nil, billed},
		{"bySku", m.BySKU != nil, billed},
		{"totalSpend", m.TotalSpend != nil, unknownParts},
		{"activeDevelopers", m.ActiveDevelopers != nil, used},
		{"costPerActiveDeveloper", m.CostPerActiveDeveloper != nil, either(divisible, nobodyActive, unknownParts)},
		{"idleSeatCost", m.IdleSeatCost != nil, either(f.Latest == nil, noSeatsRead, noIdleSeats)},
		{"projected", m.Projected != nil, monthOver},
	}
	if p := m.Projected; p != nil {
		figures = append(figures,
			figure{"projected.creditsUsed", p.CreditsUsed != nil, used},
			figure{"projected.seatCost", p.SeatCost != nil, seatCost},
			figure{"projected.billed", p.Billed != nil, either(m.Credits.Billed == nil, billed, unknownParts)},
			figure{"projected.totalSpend", p.TotalSpend != nil, unknownParts},
		)
	}
	figures = append(figures,
		figure{"byOrganization", false, f.aboutOrganizations()},
		figure{"byCostCenter", false, f.aboutCostCenters(m)},
		figure{"budgets", false, f.aboutBudgets(m)},
	)
	short := aboutShortDays(f.Days)
	reasons := map[string]string{"cacheHitRate": noCacheHitRate, "batchShare": noBatchShare}
	for _, figure := range figures {
		if !figure.known {
			if figure.reason != "" {
				reasons[figure.name] = figure.reason
			}
		} else if short != "" && slices.Contains(ofUserReports, figure.name) {
			reasons[figure.name] = short
		}
	}
	return reasons
}

// ofUserReports are the figures that are computed from the people of the per-user reports.
var ofUserReports = []string{
	"credits.used", "credits.grossValue", "activeDevelopers", "costPerActiveDeveloper", "projected.creditsUsed",
}

// aboutShortDays returns the sentence about people missing from the per-user reports, or "" if nobody is known to be missing.
func aboutShortDays(days []metrics.Day) string {
	short := metrics.PeopleShortOf(days)
	if short == nil {
		return ""
	}
	return fmt.Sprintf("GitHub lists fewer people than it counts as active (days: %d): "+
		"together %d of %d, each counted by the day. What the others did is not in it.", short.Days, short.Read, short.Expected)
}

// aboutBill says why the billed amount is unknown, or since when it is outdated. It returns "" if the amount is up to date.
func (f Facts) aboutBill() string {
	if _, why := f.billedUses(modelOf); why != "" {
		return why
	}
	return f.outdated()
}

func (f Facts) whyUnread() string {
	if f.partial() {
		return wholeMonths
	}
	if f.Reads.Billing == access.Denied {
		return f.whyDenied()
	}
	return noBill
}

func (f Facts) whyDenied() string {
	why := "Not available to this token: GitHub does not show it the billed AI credits. That takes " + access.Takes(f.Scope, access.Billing) + "."
	if f.Scope == copilot.Organization {
		why += " An organization that is billed through an enterprise has no bill of its own."
	}
	return why
}

func either(first bool, reason, otherwise string) string {
	if first {
		return reason
	}
	return otherwise
}
