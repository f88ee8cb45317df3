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
	place, err := parsePlace(next)
	if err != nil {
		return Users{}, err
	}
	stored, total, err := r.countUsers(ctx, c.Ref, days)
	if err != nil {
		return Users{}, err
	}
	finest := finestPages(stored)
	users := totals{}
	answer := Users{From: days.From, To: days.To, People: short(stored), Total: total}
	for page := pageAt(place, finest); page < finest; page++ {
		if len(users) >= usersAtOnce {
			answer.Next = new(formatPlace(page, finest))
			break
		}
		err := r.addPages(ctx, c.Ref, stored, func(day ledger.Day) int { return page * day.Users.Pages / finest },
			func(date calendar.Date, u *metrics.UserDay) {
				if metrics.PageOf(u.UserID, finest) == page && metrics.HashOf(u.UserID) >= place {
					users.add(date, u)
				}
			})
		if err != nil {
			return Users{}, err
		}
	}
	answer.Users = users.byLogin()
	return answer, nil
}

// User returns what one person did in a range; nobody where they are not in it. It reads one page a day.
func (r Reader) User(ctx context.Context, c *connector.Connector, days calendar.Range, userID int64) (Users, error) {
	stored, err := r.Store.Days(ctx, c.Ref, days)
	if err != nil {
		return Users{}, err
	}
	users := totals{}
	err = r.addPages(ctx, c.Ref, stored, func(day ledger.Day) int { return metrics.PageOf(userID, day.Users.Pages) },
		func(date calendar.Date, u *metrics.UserDay) {
			if u.UserID == userID {
				users.add(date, u)
			}
		})
	if err != nil {
		return Users{}, err
	}
	return Users{From: days.From, To: days.To, People: short(stored), Total: new(len(users)), Users: users.byLogin()}, nil
}

// countUsers returns the stored days of a range, and how many people are in them; nil: some are not known by name.
func (r Reader) countUsers(ctx context.Context, ref connector.Ref, days calendar.Range) (stored []ledger.Day, people *int, err error) {
	var all metrics.People
	named := map[calendar.Date]bool{}
	stored, err = r.Store.DaysAndPeople(ctx, ref, days, func(day ledger.Day, set []byte) error {
		active, err := metrics.ReadPeople(day.Date, set)
		if err != nil {
			return broken(day.Date, err)
		}
		named[day.Date] = active.Active() == day.Users.People
		all.Merge(active)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	for i := range stored {
		if stored[i].Users != nil && stored[i].Users.People > 0 && !named[stored[i].Date] {
			return stored, nil, nil
		}
	}
	return stored, new(int(all.Active())), nil
}

// finestPages is on how many pages the people of that day lie which has most.
func finestPages(stored []ledger.Day) int {
	finest := 1
	for i := range stored {
		if stored[i].Users != nil {
			finest = max(finest, stored[i].Users.Pages)
		}
	}
	return finest
}

func short(stored []ledger.Day) *metrics.PeopleShort {
	days := make([]metrics.Day, len(stored))
	for i := range stored {
		days[i] = stored[i].Shown()
	}
	return metrics.PeopleShortOf(days)
}

// addPages hands everybody on one page of each day to add, oldest day first.
func (r Reader) addPages(ctx context.Context, ref connector.Ref, days []ledger.Day, page func(ledger.Day) int,
	add func(date calendar.Date, u *metrics.UserDay),
) error {
	pages, err := r.Store.UsersPages(ctx, ref, days, page)
	if err != nil {
		return err
	}
	for _, day := range days {
		if day.Users == nil {
			continue
		}
		text, ok := pages[day.Date]
		if !ok {
			return broken(day.Date, errors.New("a page is not there"))
		}
		err := metrics.ReadPage(text, func(u *metrics.UserDay) error {
			add(day.Date, u)
			return nil
		})
		if err != nil {
			return broken(day.Date, err)
		}
	}
	return nil
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
