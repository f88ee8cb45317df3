package seat

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// Statuses lists all statuses.
func Statuses() []Status { return []Status{PendingCancellation, Active, New, Idle, NeverUsed, Unknown} }

// List says which rows are shown, and in which order. The zero value shows all, by login.
type List struct {
	Status     Status // empty: any
	Team       string // the row's, in any letter case; empty: any
	Login      string // a part of it, in any letter case; empty: any
	Sort       string // one of Sorts; empty: by login
	Descending bool
}

// comparison orders two rows; sign is -1 for the descending order.
type comparison func(a, b *Row, sign int) int

var comparisons = map[string]comparison{
	"login":         byLogin,
	"idleDays":      by(func(r *Row) *int { return r.IdleDays }, cmp.Compare[int]),
	"lastActiveDay": by(func(r *Row) *calendar.Date { return r.LastActiveDay }, cmp.Compare[calendar.Date]),
	"monthlyCost": by(func(r *Row) *money.Money { return r.MonthlyCost }, func(a, b money.Money) int {
		order, _ := a.Compare(b) // one account's seats are paid in one currency
		return order
	}),
}

// Sorts lists by what rows can be sorted.
func Sorts() []string { return slices.Sorted(maps.Keys(comparisons)) }

// Of returns those of the rows that are shown, in their order. What is not known comes last in either order, and equal rows
// are ordered by login.
func (l List) Of(rows []Row) []Row {
	shown := slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return !l.shows(&r) })
	compare, sign := comparisons[cmp.Or(l.Sort, "login")], 1
	if l.Descending {
		sign = -1
	}
	slices.SortStableFunc(shown, func(a, b Row) int { return cmp.Or(compare(&a, &b, sign), byLogin(&a, &b, 1)) })
	return shown
}

func (l List) shows(r *Row) bool {
	return (l.Status == "" || r.Status == l.Status) &&
		(l.Team == "" || r.Team != nil && strings.EqualFold(*r.Team, l.Team)) &&
		(l.Login == "" || r.Login != nil && strings.Contains(strings.ToLower(*r.Login), strings.ToLower(l.Login)))
}

// byLogin orders rows by login in any letter case, and those of one login by person.
func byLogin(a, b *Row, sign int) int {
	login := by(func(r *Row) *string { return r.Login }, func(a, b string) int {
		return strings.Compare(strings.ToLower(a), strings.ToLower(b))
	})
	person := by(func(r *Row) *int64 { return r.UserID }, cmp.Compare[int64])
	return cmp.Or(login(a, b, sign), person(a, b, 1))
}

// by orders rows by a figure, those that lack it last.
func by[T any](figure func(*Row) *T, compare func(a, b T) int) comparison {
	return func(a, b *Row, sign int) int {
		x, y := figure(a), figure(b)
		switch {
		case x == nil && y == nil:
			return 0
		case x == nil:
			return 1
		case y == nil:
			return -1
		}
		return sign * compare(*x, *y)
	}
}
