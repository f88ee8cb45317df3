package cost

import (
	"fmt"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// billSettles is the number of days after a month during which GitHub may still add to the bill.
const billSettles = 5

// settledOn returns the first day on which the bill of the month of a day is final.
func settledOn(month calendar.Date) calendar.Date {
	return calendar.DateOf(month.FirstOfMonth().Start().AddDate(0, 1, billSettles))
}

// IsFinal reports whether the bill of the month of a day will not change any more.
func (b CreditBill) IsFinal(month calendar.Date) bool {
	return calendar.DateOf(b.ReadAt) >= settledOn(month)
}

// outdated says why the bill is outdated, or returns "". The bill of the current month is read each day.
func (f Facts) outdated() string {
	asOf := func(rest string) string {
		return fmt.Sprintf("As of %s, %s", f.Bill.ReadAt.UTC().Format(dayOfYear), rest)
	}
	switch {
	case f.Bill.ReadAt.IsZero():
		return noReading
	case f.Period.Over && f.Bill.IsFinal(f.Period.From):
		return ""
	case f.Reads.Billing == access.Denied:
		return asOf("when GitHub's bill was read last. ") + f.whyDenied()
	case f.Period.Over:
		settles := settledOn(f.Period.From)
		next := "The first poll from then on reads it again."
		if f.Today > settles { // a poll should have read it since
			next = "No poll has read it since. Each poll tries again."
		}
		return asOf("before GitHub's bill was final, on " + settles.Start().Format(dayOfYear) + ". " + next)
	case calendar.DateOf(f.Bill.ReadAt) < f.Period.To-1:
		return asOf("when GitHub's bill was read last: the polls since then have failed to. Each poll tries again.")
	}
	return ""
}

// dayOfYear is the form of days in sentences.
const dayOfYear = "2 January 2006"

// outdatedSince reports whether billing data that was read at an instant is outdated.
func (f Facts) outdatedSince(readAt time.Time) bool {
	if f.Period.Over {
		return calendar.DateOf(readAt) < settledOn(f.Period.From)
	}
	return calendar.DateOf(readAt) < f.Period.To-1
}
