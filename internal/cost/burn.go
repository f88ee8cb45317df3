package cost

import (
	"math/big"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// DayCredits has the AI credits of a day and those of the month up to that day.
type DayCredits struct {
	Date      calendar.Date    `json:"date"`
	Used      *metrics.Credits `json:"used"`      // nil: no report
	Cumulated *metrics.Credits `json:"cumulated"` // over the days with data; nil if Used is, and after a report without credits
}

// daily returns the credits of each day of the period.
func (f Facts) daily() []DayCredits {
	list := make([]DayCredits, len(f.Days))
	for i := range f.Days {
		list[i].Date = f.Days[i].Date
		used, withData := metrics.CreditsUsed(f.Days[i : i+1])
		if withData == 0 {
			continue
		}
		list[i].Used = used
		list[i].Cumulated, _ = metrics.CreditsUsed(f.Days[:i+1])
	}
	return list
}

// exhaustedOn returns the first day on which more credits are used than the pool has. After the last day with data it assumes the
// average use of the days with data. It returns nil if the pool lasts for the month, or if this is unknown.
func (f Facts) exhaustedOn(c *Credits) *calendar.Date {
	if c.Used == nil || c.Included == nil {
		return nil
	}
	pool := big.NewRat(*c.Included, 1)
	known := f.Period.From - 1 // the last day with data
	for _, day := range c.Daily {
		if day.Cumulated == nil {
			continue
		}
		if known = day.Date; ratOf(*day.Cumulated).Cmp(pool) > 0 {
			return &known
		}
	}
	if f.Period.Over || f.partial() {
		return nil
	}
	aDay := new(big.Rat).Quo(ratOf(*c.Used), big.NewRat(int64(c.DaysWithData), 1))
	for day := known + 1; day <= f.Period.End(); day++ {
		if by := big.NewRat(int64(day-f.Period.From+1), 1); by.Mul(by, aDay).Cmp(pool) > 0 {
			return &day
		}
	}
	return nil
}
