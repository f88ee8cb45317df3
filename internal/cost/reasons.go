package cost

// Why a figure is null.
const (
	noCacheHitRate = "GitHub does not report how many tokens of Copilot came from a cache."
	noBatchShare   = "Copilot has no batch interface."
	noSnapshot     = "No list of the seats was read in the month, or within seven days of it."
	noSeatPrice    = "Some seats are on a plan whose price is not known."
	noPool         = "Some seats are on a plan whose included credits are not known."
	noCreditPrice  = "The price of an AI credit is not known."
	noUsage        = "No usage report of the month was read yet."
	noUserReports  = "The per-user reports of some days are lacking, or do not tell it."
	noBill         = "Billed amounts could not be read: that takes a token with the permission for billing."
	noBillValue    = "Billed amounts are incomplete, or the price of an AI credit is not known in the agreed currency."
	noIdleSeats    = "The seats are not listed, or some are on a plan whose price is not known."
	nobodyActive   = "Nobody was active."
	monthOver      = "The month is over."
	unknownParts   = "It is computed from figures that are not known."
)

// reasons says of each figure that is null why it is.
func (f Facts) reasons(m *Month) map[string]string {
	seats, noData := f.Seats.held.known, m.Credits.DaysWithData == 0
	divisible := m.TotalSpend != nil && m.ActiveDevelopers != nil
	reasons := map[string]string{"cacheHitRate": noCacheHitRate, "batchShare": noBatchShare}
	for _, figure := range []struct {
		name   string
		known  bool
		reason string
	}{
		{"seatCost", m.SeatCost != nil, either(seats, noSeatPrice, noSnapshot)},
		{"credits.used", m.Credits.Used != nil, either(noData, noUsage, noUserReports)},
		{"credits.included", m.Credits.Included != nil, either(seats, noPool, noSnapshot)},
		{"credits.grossValue", m.Credits.GrossValue != nil, either(m.Credits.Used == nil, unknownParts, noCreditPrice)},
		{"credits.billed", m.Credits.Billed != nil, either(f.Bill == nil, noBill, noBillValue)},
		{"totalSpend", m.TotalSpend != nil, unknownParts},
		{"projected", m.Projected != nil, monthOver},
		{"activeDevelopers", m.ActiveDevelopers != nil, either(noData, noUsage, noUserReports)},
		{"costPerActiveDeveloper", m.CostPerActiveDeveloper != nil, either(divisible, nobodyActive, unknownParts)},
		{"idleSeatCost", m.IdleSeatCost != nil, noIdleSeats},
	} {
		if !figure.known {
			reasons[figure.name] = figure.reason
		}
	}
	return reasons
}

func either(first bool, reason, otherwise string) string {
	if first {
		return reason
	}
	return otherwise
}
