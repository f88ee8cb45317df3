package cost

import (
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Period is a calendar month in UTC, from its first day to To. If it is Over, To is the month's last day. To can also be the last day
// while the month is not over, for one day.
type Period struct {
	From, To calendar.Date
	Over     bool
}

// neighbourhood is the number of days before and after a month whose snapshots may be used for the month.
const neighbourhood = 7

// Reach is the most days between two snapshots that are used for the same month.
const Reach = 31 + 2*neighbourhood

// MonthToDate returns the current month up to today.
func MonthToDate(now time.Time) Period {
	today := calendar.DateOf(now)
	return Period{From: today.FirstOfMonth(), To: today}
}

// ParseMonth reads YYYY-MM. The current month ends today. A month that has not begun is an error.
func ParseMonth(s string, now time.Time) (Period, error) {
	first, err := time.Parse("2006-01", s)
	if err != nil {
		return Period{}, errors.New("must be a month of the form YYYY-MM")
	}
	running := MonthToDate(now)
	p := Period{From: calendar.DateOf(first)}
	p.To = min(p.End(), running.To)
	p.Over = p.From < running.From
	if p.From > running.From {
		return Period{}, errors.New("must not lie in the future")
	}
	return p, nil
}

// End returns the month's last day.
func (p Period) End() calendar.Date { return p.From.EndOfMonth() }

// Days returns the number of days of the month.
func (p Period) Days() int { return int(p.End() - p.From + 1) }

// Snapshots returns the days whose snapshots are used for the period.
func (p Period) Snapshots() calendar.Range {
	near := calendar.Range{From: p.From - neighbourhood, To: p.To}
	if p.Over {
		near.To += neighbourhood
	}
	return near
}

// String returns the month as YYYY-MM.
func (p Period) String() string { return p.From.Start().Format("2006-01") }
