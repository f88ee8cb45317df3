package verify

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/money"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// Preview is the proof: the last 14 complete UTC days, and the seats.
type Preview struct {
	From   calendar.Date  `json:"from"`
	To     calendar.Date  `json:"to"`
	Days   []metrics.Day  `json:"days"` // oldest first
	Totals metrics.Totals `json:"totals"`
	Seats  *seat.Summary  `json:"seats"` // nil when they could not be read

	Credits PreviewCredits `json:"credits"`
}

// PreviewCredits are the AI credits of the current month. A nil field is unknown.
type PreviewCredits struct {
	Month    string           `json:"month"`
	Used     *metrics.Credits `json:"used"`     // by GitHub's bill
	Included *int64           `json:"included"` // the pool of those who hold a seat now
	Billed   *money.Money     `json:"billed"`   // beyond the pool
}

// preview returns nil if the account's usage cannot be read.
func (v *verdict) preview() *Preview {
	if v.cause != causeNone {
		return nil
	}
	preview := &Preview{From: v.days[0].date, To: v.days[len(v.days)-1].date}
	for i := range v.days {
		preview.Days = append(preview.Days, v.day(&v.days[i]))
	}
	preview.Totals = metrics.Sum(preview.Days, v.people().Count())
	preview.Seats, preview.Credits = v.seatSummary(), v.credits()
	return preview
}

func (v *verdict) day(d *dayEvidence) metrics.Day {
	switch {
	case d.usage != nil && d.peopleKnown():
		return metrics.ReadDay(d.date, d.usage, d.totals, v.now)
	case d.usage != nil:
		return metrics.ReadDay(d.date, d.usage, nil, v.now)
	case noReport(d.usageErr):
		return metrics.UnreadDay(d.date, metrics.StateUnread(d.date, v.now))
	}
	return metrics.UnreadDay(d.date, metrics.Pending) // there may be a report that was not read whole
}

// prices returns the deployment's prices of the current month.
func (v *verdict) prices() money.Prices {
	month := cost.MonthToDate(v.now).From
	return money.ListPrices(month).With(v.agreed.In(month))
}

func (v *verdict) credits() PreviewCredits {
	facts := cost.Facts{Scope: v.request.Account.Scope, Period: cost.MonthToDate(v.now), Today: calendar.DateOf(v.now), Prices: v.prices()}
	if v.bill != nil {
		facts.Bill = &cost.CreditBill{ReadAt: v.now, Items: v.bill.Items}
	}
	credits := PreviewCredits{Month: facts.Period.String()}
	credits.Used, credits.Billed = facts.OnBill()
	if v.seatsErr == nil {
		credits.Included = cost.Pool(v.seats, v.notListed(), facts.Prices)
	}
	return credits
}

func (v *verdict) seatSummary() *seat.Summary {
	view := seat.View{At: v.now, IdleAfterDays: v.request.IdleAfterDays, Reported: seat.Reported{
		Read:     v.anyDay(func(d dayEvidence) bool { return d.people != nil }),
		LastUsed: v.lastUsage,
	}}
	var summary seat.Summary
	switch {
	case v.seatsErr == nil:
		summary = view.Summarise(v.seats, v.notListed(), v.prices())
	case v.seated > 0:
		summary = view.Announced(v.seated, v.accountPlan())
	default:
		return nil
	}
	return &summary
}
