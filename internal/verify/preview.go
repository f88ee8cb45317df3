package verify

import (
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Preview is the proof: the last 14 complete UTC days, and the seats.
type Preview struct {
	From   connector.Date    `json:"from"`
	To     connector.Date    `json:"to"`
	Days   []metrics.Day     `json:"days"` // oldest first
	Totals metrics.Totals    `json:"totals"`
	Seats  *cost.SeatSummary `json:"seats"` // nil when they could not be read
}

// preview is nil when the account's usage is not to be had.
func (e *evidence) preview() *Preview {
	if e.days == nil || e.access != nil {
		return nil
	}
	window := connector.LastDays(previewDays, e.now)
	preview := &Preview{From: window.From, To: window.To}
	for i := range e.days {
		preview.Days = append(preview.Days, e.days[i].day(e))
	}
	people, complete := e.merged()
	if complete {
		preview.Totals = metrics.Sum(preview.Days, people)
	} else {
		preview.Totals = metrics.Sum(preview.Days, nil)
	}
	preview.Seats = e.seatSummary(people)
	return preview
}

func (d *dayEvidence) day(e *evidence) metrics.Day {
	switch {
	case d.usage != nil && d.peopleKnown():
		return metrics.ReadDay(d.date, d.usage, d.people, e.now)
	case d.usage != nil:
		return metrics.ReadDay(d.date, d.usage, nil, e.now)
	case noReport(d.usageErr):
		return metrics.UnreadDay(d.date, metrics.StateUnread(d.date, e.now))
	}
	return metrics.UnreadDay(d.date, metrics.Pending) // there may well be a report: it was not read whole
}

func (e *evidence) seatSummary(people *metrics.People) *cost.SeatSummary {
	switch {
	case connector.Is(e.seatsErr, connector.CodeTooMany):
		summary := cost.Announced(e.seated, e.accountPlan(), e.now, e.request.IdleAfterDays)
		return &summary
	case e.seatsErr != nil:
		return nil
	}
	summary := cost.Summarise(e.seats, e.now, e.request.IdleAfterDays, people.LastActive)
	return &summary
}
