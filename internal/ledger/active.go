package ledger

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Active has the days of a range and who was active on them.
type Active struct {
	Days    []Day             // the stored days, oldest first
	Months  []*activity.Month // the months of the range, oldest first; their days outside of the range may be outdated
	Lacking []calendar.Date   // days with missing people
}

// Crowd returns who was active on any day of a range within it.
func (a *Active) Crowd(days calendar.Range) *activity.Crowd {
	crowd := new(activity.Crowd)
	for _, month := range a.Months {
		if days.From <= month.First.EndOfMonth() && month.First <= days.To {
			crowd = crowd.With(month.Crowd(days))
		}
	}
	return crowd
}

// In returns the stored days of a range within it.
func (a *Active) In(days calendar.Range) []Day {
	from := slices.IndexFunc(a.Days, func(day Day) bool { return day.Date >= days.From })
	if from < 0 {
		return nil
	}
	list := a.Days[from:]
	if to := slices.IndexFunc(list, func(day Day) bool { return day.Date > days.To }); to >= 0 {
		list = list[:to]
	}
	return list
}

// Named reports whether everybody in the day's per-user report is known.
func (a *Active) Named(day *Day) bool {
	return day.Users != nil && day.Users.People > 0 && !slices.Contains(a.Lacking, day.Date)
}
