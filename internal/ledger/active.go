package ledger

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/activity"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Active is the days of a range, and who was active on them.
type Active struct {
	Days    []Day             // those that are stored, oldest first
	Months  []*activity.Month // of the range, oldest first; of days outside of it they may tell what stands no longer
	Lacking []calendar.Date   // days whose people are not all there
}

// Crowd returns who was active on any day of a range within.
func (a *Active) Crowd(days calendar.Range) *activity.Crowd {
	crowd := new(activity.Crowd)
	for _, month := range a.Months {
		if days.From <= month.First.EndOfMonth() && month.First <= days.To {
			crowd = crowd.With(month.Crowd(days))
		}
	}
	return crowd
}

// In returns the stored days of a range within.
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

// Named reports whether everybody in the day's per-user report is known by name.
func (a *Active) Named(day *Day) bool {
	return day.Users != nil && day.Users.People > 0 && !slices.Contains(a.Lacking, day.Date)
}
