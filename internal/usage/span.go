package usage

import (
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// span is a day with people, or a month of such days whose sums by person may be stored. A month has its first day as date.
type span struct {
	ledger.Head
	days []span // of a month, oldest first; empty: it is a day
}

// spanName identifies a span among others. A month and its first day have the same date.
type spanName struct {
	date  calendar.Date
	month bool
}

func (s span) isMonth() bool { return len(s.days) > 0 }

func (s span) name() spanName { return spanName{s.Date, s.isMonth()} }

func (s span) pagesWith(of []shard.Range) []int { return pagesWith(of, s.Head) }

// spansOf divides the days of a range that have people into months, as far as the range has all of a month and the month may be stored,
// and other days.
func spansOf(days calendar.Range, heads []ledger.Head, today calendar.Date) (spans []span) {
	for len(heads) > 0 {
		first := heads[0].Date.FirstOfMonth()
		end := slices.IndexFunc(heads, func(day ledger.Head) bool { return day.Date > first.EndOfMonth() })
		if end < 0 {
			end = len(heads)
		}
		var single []span
		for _, day := range heads[:end] {
			if day.Users != nil {
				single = append(single, span{Head: day})
			}
		}
		if len(single) > 1 && days.From <= first && first.EndOfMonth() <= days.To && ledger.MonthKept(first, today) {
			spans = append(spans, span{Head: ledger.Head{Date: first, Users: ledger.MonthOf(heads[:end])}, days: single})
		} else {
			spans = append(spans, single...)
		}
		heads = heads[end:]
	}
	return spans
}

// withDays replaces some months by their days.
func withDays(spans []span, some func(month span) bool) (list []span) {
	for _, span := range spans {
		if span.isMonth() && some(span) {
			list = append(list, span.days...)
		} else {
			list = append(list, span)
		}
	}
	return list
}

// apart returns the heads of days, and those of months.
func apart(spans []span) (days, months []ledger.Head) {
	for _, span := range spans {
		if span.isMonth() {
			months = append(months, span.Head)
		} else {
			days = append(days, span.Head)
		}
	}
	return days, months
}

// pagesWith returns the numbers of the pages of a day or month that hold ranges of hashes, ascending.
func pagesWith(of []shard.Range, head ledger.Head) (numbers []int) {
	for _, hashes := range of {
		first, last := shard.Page(hashes.From, head.Users.Pages), shard.Page(hashes.To, head.Users.Pages)
		for number := first; number <= last; number++ {
			if len(numbers) == 0 || number > numbers[len(numbers)-1] {
				numbers = append(numbers, number)
			}
		}
	}
	return numbers
}

// finest returns the largest number of pages of a span, and the largest number of people of a day with that many pages.
func (p *pages) finest() (pages int, people int64) {
	pages = 1
	for _, span := range p.spans {
		if users := span.Users; users.Pages >= pages {
			if users.Pages > pages {
				pages, people = users.Pages, 0
			}
			people = max(people, users.People)
		}
	}
	return pages, people
}
