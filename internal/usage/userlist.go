package usage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// UserList selects people of a range and their order. The zero value selects all, by login.
type UserList struct {
	Team       string // only members of the team, with only their days in it; empty: everybody
	Login      string // a part of the login, ignoring letter case; empty: any
	Sort       string // one of UserSorts; empty: login
	Descending bool
}

// ErrOtherList says that a place belongs to another list, or was made before days of the range changed.
var ErrOtherList = errors.New("belongs to another list, or to days that were read anew meanwhile: begin again without it")

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
// answer reads all days of the range, but keeps only the people that it shows in memory.
func (r Reader) SortedUsers(ctx context.Context, c *connector.Connector, days calendar.Range, list UserList, next string) (Users, error) {
	sorted, err := r.sorted(ctx, c, days, list, next, usersAtOnce+1)
	if err != nil {
		return Users{}, err
	}
	return sorted.page()
}

// everybody is more than the number of people of any account.
const everybody = 1 << 30

// AllSortedUsers yields the answers of SortedUsers, for callers that need all of them. It reads the range once and keeps the sums of
// everybody in the list in memory.
func (r Reader) AllSortedUsers(ctx context.Context, c *connector.Connector, days calendar.Range, list UserList) (some func(next string) (Users, error)) {
	var sorted *sortedUsers
	return func(next string) (_ Users, err error) {
		if sorted == nil {
			if sorted, err = r.sorted(ctx, c, days, list, next, everybody); err != nil {
				return Users{}, err
			}
		}
		return sorted.page()
	}
}

// sortedUsers are the people of a list in its order. No answer has shown them yet.
type sortedUsers struct {
	answer   Users // the part that is the same in every answer
	veil     privacy.Veil
	checksum uint32
	people   []metrics.UserUsage
	show     func(*Users) error
}

// page returns the next answer and removes its people.
func (s *sortedUsers) page() (Users, error) {
	answer, many := s.answer, min(len(s.people), usersAtOnce)
	answer.Users, s.people = s.people[:many], s.people[many:]
	if len(s.people) > 0 {
		answer.Next = new(fmt.Sprintf("%s-%08x", s.veil.Reference(answer.Users[many-1].UserID), s.checksum))
	}
	err := s.show(&answer)
	return answer, err
}

// sorted reads the first people of a list after a place.
func (r Reader) sorted(ctx context.Context, c *connector.Connector, days calendar.Range, list UserList, next string, limit int) (*sortedUsers, error) {
	veil := c.Veil()
	if err := veil.Open(); err != nil {
		return nil, err
	}
	after, sum, err := parseListPlace(next)
	if err != nil {
		return nil, err
	}
	if list.Team != "" {
		return r.sortedMembers(ctx, c, days, list, next)
	}
	heads, err := r.Store.Heads(ctx, c.Ref, days)
	if err != nil {
		return nil, err
	}
	checksum := list.checksum(days, heads)
	shown := firstOf{list: list, limit: limit}
	if next != "" {
		if shown.after, err = r.userAt(ctx, c, days, after); err != nil {
			return nil, err
		}
		if sum != checksum || shown.after == nil || !list.shows(shown.after) {
			return nil, ErrOtherList
		}
	}
	show := r.shows(ctx, c, days)
	pages := r.pagesOf(c, heads).holding()
	if err := pages.eachUser(ctx, shown.add); err != nil {
		return nil, err
	}
	answer := Users{From: days.From, To: days.To, People: pages.short, Total: &shown.total}
	return &sortedUsers{answer: answer, veil: veil, checksum: checksum, people: shown.sorted(), show: show}, nil
}

// userAt returns what one person did, or nil if they are not in the range.
func (r Reader) userAt(ctx context.Context, c *connector.Connector, days calendar.Range, reference string) (*metrics.UserUsage, error) {
	userID, _ := c.Veil().Find(reference) // nobody has the id 0
	one, err := r.user(ctx, c, days, userID)
	if err != nil || len(one.Users) == 0 {
		return nil, err
	}
	return &one.Users[0], nil
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
	finest, _ := finestPages(p.days)
	pace, atOnce := p.pace(finest), max(keysAtOnce/max(len(p.days), 1), 1)
	for page := 0; page < finest; page += atOnce {
		last := min(page+atOnce, finest) - 1
		users, err := p.sums(ctx, shard.Pages(page, last, finest))
		if err != nil {
			return err
		}
		for i := range users {
			take(&users[i])
		}
		if err := pace(last + 1); err != nil {
			return err
		}
	}
	return nil
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
		return &TooManyDaysError{Most: max(int(0.8*float64(len(p.days))*float64(listTime)/float64(all)), 1)}
	}
}

// firstOf keeps the first people of a list after a place, and counts all people.
type firstOf struct {
	list  UserList
	after *metrics.UserUsage // nil: the beginning
	limit int
	total int
	kept  []metrics.UserUsage // never more than twice the limit
}

func (f *firstOf) add(u *metrics.UserUsage) {
	if !f.list.shows(u) {
		return
	}
	f.total++
	if f.after != nil && f.list.compare(u, f.after) <= 0 {
		return
	}
	if f.kept = append(f.kept, *u); len(f.kept) == 2*f.limit {
		f.kept = f.sorted()
	}
}

func (f *firstOf) sorted() []metrics.UserUsage {
	slices.SortFunc(f.kept, func(a, b metrics.UserUsage) int { return f.list.compare(&a, &b) })
	return append([]metrics.UserUsage{}, f.kept[:min(len(f.kept), f.limit)]...)
}

// checksum is the same for lists with the same people in the same order.
func (l UserList) checksum(days calendar.Range, heads []ledger.Head) uint32 {
	text := fmt.Appendf(nil, "%q %q %t %s %s", strings.ToLower(l.Login), cmp.Or(l.Sort, "login"), l.Descending, days.From, days.To)
	for i := range heads {
		if users := heads[i].Users; users != nil {
			text = fmt.Appendf(text, " %s %s", heads[i].Date, users.Hash)
		}
	}
	return crc32.ChecksumIEEE(text)
}

// listPlace is the place at which a list continues: the person before it, and the checksum of the list.
var listPlace = regexp.MustCompile(`^([1-9][0-9]{0,18}|person-[a-z2-7]{26})-([0-9a-f]{8})$`)

func parseListPlace(next string) (reference string, checksum uint32, err error) {
	if next == "" {
		return "", 0, nil
	}
	parts := listPlace.FindStringSubmatch(next)
	if parts == nil {
		return "", 0, ErrNext
	}
	if reference, err = privacy.ParseReference(parts[1]); err != nil {
		return "", 0, ErrNext
	}
	sum, _ := strconv.ParseUint(parts[2], 16, 32) // the pattern allows only eight digits
	return reference, uint32(sum), nil
}
