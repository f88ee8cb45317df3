package store

import (
	"cmp"
	"reflect"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// The sums of a month are kept beside those of its days, so that a year reads twelve of them. They name what the days' own values name.
// A reader uses them only for exactly these days, and otherwise adds up the days.

// renewedSums returns the items of a month's sums if they have changed. days are the current values of all days of the month.
func renewedSums(ref connector.Ref, month calendar.Date, kept *ledger.TeamMonth, days []*ledger.TeamDay) ([]Item, error) {
	renewed := ledger.TeamMonth{Sums: &team.Sums{Teams: map[string]*team.Sum{}}}
	for _, day := range days {
		without := *day
		without.Sums = nil
		renewed.Days = append(renewed.Days, without)
		renewed.Sums.Add(day.Sums)
	}
	slices.SortFunc(renewed.Days, func(a, b ledger.TeamDay) int { return cmp.Compare(a.Date, b.Date) })
	if kept != nil && reflect.DeepEqual(kept.Days, renewed.Days) {
		return nil, nil
	}
	text, err := sumsText("store what teams did", renewed.Days, renewed.Sums)
	if err != nil {
		return nil, err
	}
	return monthItems(digestOfText(text), text, func(part int) Key { return teamSumsKey(ref, month, part) })
}

// keptSums returns the stored sums of a month. It returns nil if they are missing or cannot be read.
func keptSums(ref connector.Ref, items []Item, month calendar.Date) *ledger.TeamMonth {
	_, text := joined(ofMonth(items, teamSumsKey(ref, month, 0)))
	if text == nil {
		return nil
	}
	kept := new(ledger.TeamMonth)
	var err error
	if kept.Sums, err = readSums(text, &kept.Days); err != nil {
		return nil
	}
	return kept
}
