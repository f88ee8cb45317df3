package usage

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/listing"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// UserList selects people of a range and their order. The zero value selects all, by login.
type UserList struct {
	Team       string // only members of the team, with only their days in it; empty: everybody
	Login      string // a part of the login, ignoring letter case; empty: any
	Sort       string // one of UserSorts; empty: login
	Descending bool
}

// figures are the figures by which people can be sorted. ok is false if the figure is unknown.
var figures = map[string]func(u *metrics.UserUsage) (value float64, ok bool){
	"activeDays":     func(u *metrics.UserUsage) (float64, bool) { return float64(u.ActiveDays), true },
	"lastActiveDay":  func(u *metrics.UserUsage) (float64, bool) { return float64(u.LastActiveDay), true },
	"suggested":      figure(func(u *metrics.UserUsage) *int64 { return u.Suggested }),
	"accepted":       figure(func(u *metrics.UserUsage) *int64 { return u.Accepted }),
	"acceptanceRate": figure(func(u *metrics.UserUsage) *float64 { return u.AcceptanceRate }),
	"interactions":   figure(func(u *metrics.UserUsage) *int64 { return u.Interactions }),
	"linesAccepted":  figure(func(u *metrics.UserUsage) *int64 { return u.LinesAccepted }),
	"creditsShare":   figure(func(u *metrics.UserUsage) *float64 { return u.CreditsShare }),
	"creditsUsed":    figure(func(u *metrics.UserUsage) *metrics.Credits { return u.CreditsUsed }),
}

// figure makes a number comparable. A float64 holds the counts and credits of a year exactly.
func figure[N ~int64 | ~float64](of func(*metrics.UserUsage) *N) func(*metrics.UserUsage) (float64, bool) {
	return func(u *metrics.UserUsage) (float64, bool) {
		n := of(u)
		if n == nil {
			return 0, false
		}
		return float64(*n), true
	}
}

// UserSorts returns the names of the figures by which people can be sorted.
func UserSorts() []string { return append(slices.Sorted(maps.Keys(figures)), "login") }

func (l UserList) shows(u *metrics.UserUsage) bool {
	return l.Login == "" || strings.Contains(strings.ToLower(u.Login), strings.ToLower(l.Login))
}

// compare orders two people. Unknown figures come last in both orders. People with equal figures are ordered by login.
func (l UserList) compare(a, b *metrics.UserUsage) int {
	sign := 1
	if l.Descending {
		sign = -1
	}
	of, ok := figures[l.Sort]
	if !ok {
		return cmp.Or(sign*compareLogins(a, b), cmp.Compare(a.UserID, b.UserID))
	}
	x, known := of(a)
	y, alsoKnown := of(b)
	order := sign * cmp.Compare(x, y)
	switch {
	case known && !alsoKnown:
		order = -1
	case !known && alsoKnown:
		order = 1
	}
	return cmp.Or(order, compareLogins(a, b), cmp.Compare(a.UserID, b.UserID))
}

// SortedUsers returns some people of a list. next is the place at which the answer before ended, or empty for the beginning. Each
// answer reads all days of the range, but keeps only the people up to its end in memory.
func (r Reader) SortedUsers(ctx context.Context, c *connector.Connector, days calendar.Range, list UserList, next string) (Users, error) {
	at, err := placeIn(c, next)
	if err != nil {
		return Users{}, err
	}
	show := r.shows(ctx, c, days)
	sorted, err := r.sorted(ctx, c, days, list, at, usersAtOnce+1)
	if err != nil {
		return Users{}, err
	}
	answer := sorted.page()
	err = show(&answer)
	return answer, err
}

// everybody is more than the number of people of any account.
const everybody = 1 << 30

// AllSortedUsers yields the answers of SortedUsers from a place on without seats and teams, for callers that need all of them. It reads
// the range once, before it returns, and keeps the sums of everybody in the list in memory.
func (r Reader) AllSortedUsers(ctx context.Context, c *connector.Connector, days calendar.Range, list UserList, next string) (some func() Users, err error) {
	at, err := placeIn(c, next)
	if err != nil {
		return nil, err
	}
	sorted, err := r.sorted(ctx, c, days, list, at, everybody)
	if err != nil {
		return nil, err
	}
	return func() Users {
		answer := sorted.page()
		withoutIDs(answer.Users, c.Veil())
		return answer
	}, nil
}

// sortedUsers are the people of a list in its order, from a place on.
type sortedUsers struct {
	answer Users // the part that is the same in every answer
	people *listing.List[metrics.UserUsage]
}

// page returns the next answer.
func (s *sortedUsers) page() Users {
	answer, next := s.answer, ""
	if answer.Users, next = s.people.Next(usersAtOnce); next != "" {
		answer.Next = &next
	}
	return answer
}

// placeIn reads a place in a list of the connector's people, unless these are hidden.
func placeIn(c *connector.Connector, next string) (listing.Place, error) {
	if err := c.Veil().Open(); err != nil {
		return listing.Place{}, err
	}
	return listing.Parse(next)
}

// sorted reads a list from a place on, but no more than so many people of it.
func (r Reader) sorted(ctx context.Context, c *connector.Connector, days calendar.Range, list UserList, at listing.Place, many int) (*sortedUsers, error) {
	first := firstOf{list: list, limit: at.Rows + many}
	read := r.everyUser
	if list.Team != "" {
		read = r.everyMember
	}
	short, err := read(ctx, c, days, list.Team, first.add)
	if err != nil {
		return nil, err
	}
	veil := c.Veil()
	people := listing.New(list.query(days), first.sorted(), func(u metrics.UserUsage) string { return veil.Reference(u.UserID) })
	answer := Users{From: days.From, To: days.To, People: short, Total: &first.total}
	return &sortedUsers{answer, people}, people.GoOn(at)
}

// everyUser calls take with every person of a range, and returns on which days people are missing.
func (r Reader) everyUser(ctx context.Context, c *connector.Connector, days calendar.Range, _ string, take func(*metrics.UserUsage)) (*metrics.PeopleShort, error) {
	heads, err := r.Store.Heads(ctx, c.Ref, days)
	if err != nil {
		return nil, err
	}
	pages := r.pagesOf(c, days, heads).holding()
	return pages.short, pages.eachUser(ctx, take)
}

// TooManyDaysError says that the list of a range takes longer than an answer may, and for how many days it would not.
type TooManyDaysError struct{ Most int }

func (e *TooManyDaysError) Error() string {
	return fmt.Sprintf("the list takes longer than an answer may: of %d days it does not", e.Most)
}

const (
	// listTime is how long a list may take. The gateway waits for 30 seconds, and the rest of the answer needs time too.
	listTime = 20 * time.Second

	// surelyAfter is the time after which the pace so far shows how long the rest will take.
	surelyAfter = 3 * time.Second

	// keysAtOnce is about how many stored pages are read at once.
	keysAtOnce = 400
)

// eachUser calls take with every person, with the sums of all days. It keeps the people of some pages in memory. It gives up when
// the rest would take too long.
func (p *pages) eachUser(ctx context.Context, take func(*metrics.UserUsage)) error {
	finest, _ := p.finest()
	pace := p.pace(finest)
	for page := 0; page < finest; {
		last := min(page+p.atOnce(), finest) - 1
		users, err := p.sums(ctx, shard.Pages(page, last, finest))
		if err != nil {
			return err
		}
		for i := range users {
			take(&users[i])
		}
		page = last + 1
		if err := pace(page); err != nil {
			return err
		}
	}
	return nil
}

// atOnce returns how many pages of each span are read at once. Before the first reading it is not known which months are stored.
func (p *pages) atOnce() int {
	spans := len(p.spans)
	if !p.begun {
		spans = p.days
	}
	return max(keysAtOnce/max(spans, 1), 1)
}

// pace returns a function that returns an error if, after so many of all pages, the rest would take too long.
func (p *pages) pace(pages int) func(done int) error {
	began := p.Now()
	return func(done int) error {
		took := p.Now().Sub(began)
		all := took / time.Duration(done) * time.Duration(pages)
		if took <= surelyAfter || all <= listTime {
			return nil
		}
		return &TooManyDaysError{Most: max(int(0.8*float64(p.days)*float64(listTime)/float64(all)), 1)}
	}
}

// firstOf keeps the first people of a list, and counts all people.
type firstOf struct {
	list  UserList
	limit int
	total int
	kept  []metrics.UserUsage // never more than twice the limit
}

func (f *firstOf) add(u *metrics.UserUsage) {
	if !f.list.shows(u) {
		return
	}
	f.total++
	if f.kept = append(f.kept, *u); len(f.kept) == 2*f.limit {
		f.kept = f.sorted()
	}
}

func (f *firstOf) sorted() []metrics.UserUsage {
	slices.SortFunc(f.kept, func(a, b metrics.UserUsage) int { return f.list.compare(&a, &b) })
	return append([]metrics.UserUsage{}, f.kept[:min(len(f.kept), f.limit)]...)
}

// query returns a text that is different for lists of different ranges, selections and orders.
func (l UserList) query(days calendar.Range) string {
	return fmt.Sprintf("%q %q %q %t %s %s", strings.ToLower(l.Team), strings.ToLower(l.Login), cmp.Or(l.Sort, "login"), l.Descending, days.From, days.To)
}
