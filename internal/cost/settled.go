package cost

import (
	"fmt"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// billSettles is for how many days after a month GitHub may still add to its bill.
const billSettles = 5

// settledOn is the first day on which the bill of the month in which a day lies is final.
func settledOn(month calendar.Date) calendar.Date {
	return calendar.DateOf(month.FirstOfMonth().Start().AddDate(0, 1, billSettles))
}

// IsFinal reports whether the bill is the last that there is of the month in which a day lies.
func (b CreditBill) IsFinal(month calendar.Date) bool {
	return calendar.DateOf(b.ReadAt) >= settledOn(month)
}

// outdated says why the bill is not GitHub's last word so far; empty: it is. The month that runs is read each day.
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
		if f.Today > settles { // there is a poll each day
			next = "No poll has read it since. Each poll tries again."
		}
		return asOf("before GitHub's bill was final, on " + settles.Start().Format(dayOfYear) + ". " + next)
	case calendar.DateOf(f.Bill.ReadAt) < f.Period.To-1:
		return asOf("when GitHub's bill was read last: the polls since then have failed to. Each poll tries again.")
	}
	return ""
}

// dayOfYear is how days are written in sentences.
const dayOfYear = "2 January 2006"

// outdatedSince reports whether what was read of billing at an instant is not GitHub's last word so far.
func (f Facts) outdatedSince(readAt time.Time) bool {
	if f.Period.Over {
		return calendar.DateOf(readAt) < settledOn(f.Period.From)
	}
	return calendar.DateOf(readAt) < f.Period.To-1
}
