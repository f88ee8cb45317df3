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

// List selects rows and their order. The zero value selects all rows, ordered by login.
type List struct {
	Statuses   []Status // empty: any
	Team       string   // the row's team, ignoring letter case; empty: any
	Login      string   // a part of the login, ignoring letter case; empty: any
	Sort       string   // one of Sorts; empty: login
	Descending bool
}

// Teams returns the names of the teams that gave the seats, each once and in order.
func Teams(rows []Row) []string {
	names := make([]string, 0, len(rows))
	for i := range rows {
		if name := rows[i].Team; name != nil {
			names = append(names, *name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// entry is a row with the values that comparisons use most.
type entry struct {
	*Row
	lower string // the login in lower case
}

// comparison orders two rows. sign is -1 for descending order.
type comparison func(a, b *entry, sign int) int

var comparisons = map[string]comparison{
	"login":         byLogin,
	"idleDays":      by(func(r *Row) *int { return r.IdleDays }, cmp.Compare[int]),
	"lastActiveDay": by(func(r *Row) *calendar.Date { return r.LastActiveDay }, cmp.Compare[calendar.Date]),
	"monthlyCost": by(func(r *Row) *money.Money { return r.MonthlyCost }, func(a, b money.Money) int {
		return cmp.Compare(a.Cents, b.Cents) // all seats of an account have the same currency
	}),
}

// Sorts lists the names of the figures by which rows can be sorted.
func Sorts() []string { return slices.Sorted(maps.Keys(comparisons)) }

// Of returns the selected rows in order. Unknown values come last in both orders. Equal rows are ordered by login.
func (l List) Of(rows []Row) []*Row {
	l.Login = strings.ToLower(l.Login)
	entries := make([]entry, 0, len(rows))
	for i := range rows {
		e := entry{Row: &rows[i]}
		if e.Login != nil {
			e.lower = strings.ToLower(*e.Login)
		}
		if l.shows(&e) {
			entries = append(entries, e)
		}
	}
	compare, sign := comparisons[cmp.Or(l.Sort, "login")], 1
	if l.Descending {
		sign = -1
	}
	order := make([]int, len(entries)) // sorting numbers is faster than sorting structs with pointers
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &entries[i], &entries[j]
		if order := compare(a, b, sign); order != 0 {
			return order
		}
		return cmp.Or(byLogin(a, b, 1), cmp.Compare(i, j))
	})
	shown := make([]*Row, len(order))
	for i, from := range order {
		shown[i] = entries[from].Row
	}
	return shown
}

func (l List) shows(e *entry) bool {
	return (len(l.Statuses) == 0 || slices.Contains(l.Statuses, e.Status)) &&
		(l.Team == "" || e.Team != nil && strings.EqualFold(*e.Team, l.Team)) &&
		(l.Login == "" || strings.Contains(e.lower, l.Login))
}

// byLogin orders rows by login, ignoring letter case, and rows with the same login by person.
func byLogin(a, b *entry, sign int) int {
	if a.Login == nil || b.Login == nil {
		return cmp.Or(boolCompare(a.Login == nil, b.Login == nil), byPerson(a, b, 1))
	}
	if order := strings.Compare(a.lower, b.lower); order != 0 {
		return sign * order
	}
	return byPerson(a, b, 1)
}

var byPerson = by(func(r *Row) *int64 { return r.UserID }, cmp.Compare[int64])

// boolCompare orders false before true.
func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// by orders rows by a figure. Rows without the figure come last.
func by[T any](figure func(*Row) *T, compare func(a, b T) int) comparison {
	return func(a, b *entry, sign int) int {
		x, y := figure(a.Row), figure(b.Row)
		if x == nil || y == nil {
			return boolCompare(x == nil, y == nil)
		}
		return sign * compare(*x, *y)
	}
}
