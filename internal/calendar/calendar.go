package calendar

import (
	"fmt"
	"strings"
	"time"
)

// Date is a calendar day in UTC, counted from 1970-01-01. GitHub closes its reports at midnight UTC.
type Date int

const secondsPerDay = 24 * 60 * 60

// DateOf returns the UTC day that t falls on.
func DateOf(t time.Time) Date {
	seconds := t.Unix()
	if seconds < 0 {
		seconds -= secondsPerDay - 1 // integer division rounds towards zero, a day before 1970 must round down
	}
	return Date(seconds / secondsPerDay)
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("not a date of the form YYYY-MM-DD")
	}
	return DateOf(t), nil
}

// MustDate is ParseDate for a constant of the program. It panics if the text is no date.
func MustDate(s string) Date {
	date, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return date
}

// Start returns the day's first instant.
func (d Date) Start() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// Close returns the instant at which the day is over: the next day's first.
func (d Date) Close() time.Time { return (d + 1).Start() }

// FirstOfMonth returns the first day of the month in which the day lies.
func (d Date) FirstOfMonth() Date { return d - Date(d.Start().Day()) + 1 }

// EndOfMonth returns the last day of the month in which the day lies.
func (d Date) EndOfMonth() Date { return DateOf(d.FirstOfMonth().Start().AddDate(0, 1, -1)) }

// EndOfWeek returns the Sunday that ends the day's week. For a Sunday it returns the day itself.
func (d Date) EndOfWeek() Date { return d + Date((7-d.Start().Weekday())%7) }

// String returns the day as YYYY-MM-DD.
func (d Date) String() string { return d.Start().Format(time.DateOnly) }

// MarshalText implements encoding.TextMarshaler.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// Range is a run of days, both ends included.
type Range struct{ From, To Date }

// LastDays returns the n complete UTC days before now.
func LastDays(n int, now time.Time) Range {
	yesterday := DateOf(now) - 1
	return Range{From: yesterday - Date(n) + 1, To: yesterday}
}

// Days lists the range's days, oldest first.
func (r Range) Days() []Date {
	var days []Date
	for d := r.From; d <= r.To; d++ {
		days = append(days, d)
	}
	return days
}

// ListDates returns the days as text for a sentence. It names only the first few if there are many.
func ListDates(dates []Date) string {
	const most = 4
	var names []string
	for _, d := range dates[:min(len(dates), most)] {
		names = append(names, d.String())
	}
	if more := len(dates) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), more)
	}
	return strings.Join(names, ", ")
}

// DaysLeft returns the number of whole periods of 24 hours from now until an instant, or 0 after it. It does not use
// a time.Duration, which ends after 292 years: GitHub may name any expiry.
func DaysLeft(until, now time.Time) int {
	seconds := until.Unix() - now.Unix()
	if until.Nanosecond() < now.Nanosecond() {
		seconds--
	}
	return max(0, int(seconds/(24*60*60)))
}
