package cost

import (
	"errors"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Period is a calendar month in UTC from its first day to To. One that is Over ends with its last day; one that is not may
// do so as well, for a day.
type Period struct {
	From, To calendar.Date
	Over     bool
}

// neighbourhood is how many days beyond a month its seats may be concluded from.
const neighbourhood = 7

// Reach is how many days before a snapshot another one may lie, so that both tell of one month.
const Reach = 31 + 2*neighbourhood

// MonthToDate is the month that runs, today included.
func MonthToDate(now time.Time) Period {
	today := calendar.DateOf(now)
	return Period{From: today.FirstOfMonth(), To: today}
}

// ParseMonth reads YYYY-MM. The month that runs ends today; one that has not begun is none.
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

// End is the month's last day.
func (p Period) End() calendar.Date { return p.From.EndOfMonth() }

// Days is how many days the month has.
func (p Period) Days() int { return int(p.End() - p.From + 1) }

// Snapshots are the days whose snapshots of the seats tell of the period.
func (p Period) Snapshots() calendar.Range {
	near := calendar.Range{From: p.From - neighbourhood, To: p.To}
	if p.Over {
		near.To += neighbourhood
	}
	return near
}

// String returns the month as YYYY-MM.
func (p Period) String() string { return p.From.Start().Format("2006-01") }
