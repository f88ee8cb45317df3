package usage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Users is what each person did in a range, as the Admin API shows it.
type Users struct {
	From   calendar.Date        `json:"from"`
	To     calendar.Date        `json:"to"`
	People *metrics.PeopleShort `json:"people"` // of the range; nil: no day is known to lack people
	Total  *int                 `json:"total"`  // people of the list, in this answer or another; nil: not known
	Users  []metrics.UserUsage  `json:"users"`
	Next   *string              `json:"next"` // nil at the end
}

// usersAtOnce is about how many people one answer holds: an answer of a Lambda has 6 MB at most.
const usersAtOnce = 1000

// ErrNext says that a place to go on from is none that was given out.
var ErrNext = errors.New("must be what the answer before gave as next")

// Users returns the people of a range, by login, some at a time: next is where the answer before has ended, empty for
// the beginning.
//
// People lie on pages by the hash of their ids, and each answer takes everybody of some of the pages, all days of a
// person with them. A place is a hash, so it holds even when the number of pages changes.
func (r Reader) Users(ctx context.Context, c *connector.Connector, days calendar.Range, next string) (Users, error) {
	if _, err := parsePlace(next); err != nil {
		return Users{}, err
	}
	active, err := r.Store.ActiveDays(ctx, c.Ref, days)
	if err != nil {
		return Users{}, err
	}
	pages := pages{Reader: r, ref: c.Ref, days: active.Days}
	users, err := pages.some(ctx, next)
	users.From, users.To, users.Total = days.From, days.To, peopleOf(active, days)
	return users, err
}

// AllUsers returns what Users does without the total, answer after answer, for readers of all of them: nothing is read twice.
func (r Reader) AllUsers(ctx context.Context, c *connector.Connector, days calendar.Range) (some func(next string) (Users, error), err error) {
	stored, err := r.Store.Days(ctx, c.Ref, days)
	if err != nil {
		return nil, err
	}
	pages := pages{Reader: r, ref: c.Ref, days: stored, held: map[calendar.Date]heldPage{}}
	return func(next string) (Users, error) {
		users, err := pages.some(ctx, next)
		users.From, users.To = days.From, days.To
		return users, err
	}, nil
}

// User returns what one person did in a range; nobody where they are not in it. It reads one page a day.
func (r Reader) User(ctx context.Context, c *connector.Connector, days calendar.Range, userID int64) (Users, error) {
	stored, err := r.Store.Days(ctx, c.Ref, days)
	if err != nil {
		return Users{}, err
	}
	users := totals{}
	pages := pages{Reader: r, ref: c.Ref, days: stored}
	err = pages.add(ctx, func(day ledger.Day) (first, last int) {
		page := metrics.PageOf(userID, day.Users.Pages)
		return page, page
	}, func(date calendar.Date, u *metrics.UserDay) {
		if u.UserID == userID {
			users.add(date, u)
		}
	})
	if err != nil {
		return Users{}, err
	}
	return Users{From: days.From, To: days.To, People: short(stored), Total: new(len(users)), Users: users.byLogin()}, nil
}

// peopleOf counts the people in the per-user reports of a range; nil: some are not known by name.
func peopleOf(active *ledger.Active, days calendar.Range) *int {
	for i := range active.Days {
		if day := &active.Days[i]; day.Users != nil && day.Users.People > 0 && !active.Named(day) {
			return nil
		}
	}
	return new(int(active.Crowd(days).Count().Active))
}

func short(stored []ledger.Day) *metrics.PeopleShort {
	days := make([]metrics.Day, len(stored))
	for i := range stored {
		days[i] = stored[i].Shown()
	}
	return metrics.PeopleShortOf(days)
}

func broken(date calendar.Date, err error) error {
	return &fault.Error{Code: fault.Store, Op: "read the people of " + date.String(), Err: err}
}

// totals are people's, by their ids.
type totals map[int64]*metrics.UserUsage

func (t totals) add(date calendar.Date, u *metrics.UserDay) {
	if t[u.UserID] == nil {
		t[u.UserID] = new(metrics.UserUsage)
	}
	t[u.UserID].Add(date, u)
}

func (t totals) byLogin() []metrics.UserUsage {
	list := make([]metrics.UserUsage, 0, len(t))
	for _, user := range t {
		list = append(list, *user)
	}
	slices.SortFunc(list, func(a, b metrics.UserUsage) int {
		return cmp.Or(compareLogins(&a, &b), cmp.Compare(a.UserID, b.UserID))
	})
	return list
}

func compareLogins(a, b *metrics.UserUsage) int {
	return strings.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login))
}

func pageAt(place uint64, pages int) int { return int(place >> (65 - bits.Len(uint(pages)))) } //nolint:gosec // fewer than 2^32

func formatPlace(page, pages int) string {
	return fmt.Sprintf("%016x", uint64(page)<<(65-bits.Len(uint(pages)))) //nolint:gosec // pages are not negative
}

func parsePlace(next string) (uint64, error) {
	if next == "" {
		return 0, nil
	}
	place, err := strconv.ParseUint(next, 16, 64)
	if err != nil || len(next) != 16 {
		return 0, ErrNext
	}
	return place, nil
}
