package usage

import (
	"cmp"
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// Users is what each person did in a range, as the Admin API shows it.
type Users struct {
	From   calendar.Date        `json:"from"`
	To     calendar.Date        `json:"to"`
	People *metrics.PeopleShort `json:"people"` // nil: nobody is known to be missing in the range
	Total  *int                 `json:"total"`  // the number of people in all answers of the list; nil: unknown
	Users  []metrics.UserUsage  `json:"users"`
	Next   *string              `json:"next"` // nil at the end
}

// usersAtOnce is about how many people one answer has. An answer of a Lambda has at most 6 MB.
const usersAtOnce = 1000

// Users returns some people of a range, by login. next is the place at which the answer before ended, or empty for the beginning.
//
// People are stored on pages by the hash of their ids. An answer has everybody of some pages, with all days of each person. A place
// is a hash, so it stays valid if the number of pages changes. It also has the total, so that people are counted only once.
func (r Reader) Users(ctx context.Context, c *connector.Connector, days calendar.Range, next string) (Users, error) {
	if err := c.Veil().Open(); err != nil {
		return Users{}, err
	}
	at, err := parsePlace(next)
	if err != nil {
		return Users{}, err
	}
	show := r.shows(ctx, c, days)
	var count func(context.Context) (*int, error)
	var heads []ledger.Head
	if next == "" {
		heads, count, err = r.Store.Crowd(ctx, c.Ref, days)
	} else {
		heads, err = r.Store.Heads(ctx, c.Ref, days)
	}
	if err != nil {
		return Users{}, err
	}
	var users Users
	var goesOn *uint64
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		if count != nil {
			at.total, err = count(ctx)
		}
		return err
	})
	group.Go(func() (err error) {
		users, goesOn, err = r.pagesOf(c, days, heads).some(ctx, at.hash)
		return err
	})
	if err := cmp.Or(group.Wait(), show(&users)); err != nil {
		return Users{}, err
	}
	users.From, users.To, users.Total = days.From, days.To, at.total
	if goesOn != nil {
		users.Next = new(place{*goesOn, at.total}.String())
	}
	return users, nil
}

// AllUsers yields the answers of Users without total and seats, for callers that need all of them. It reads nothing twice.
func (r Reader) AllUsers(ctx context.Context, c *connector.Connector, days calendar.Range) (some func(next string) (Users, error), err error) {
	if err := c.Veil().Open(); err != nil {
		return nil, err
	}
	heads, err := r.Store.Heads(ctx, c.Ref, days)
	if err != nil {
		return nil, err
	}
	pages := r.pagesOf(c, days, heads).holding()
	return func(next string) (Users, error) {
		at, err := parsePlace(next)
		if err != nil {
			return Users{}, err
		}
		users, goesOn, err := pages.some(ctx, at.hash)
		withoutIDs(users.Users, c.Veil())
		users.From, users.To = days.From, days.To
		if goesOn != nil {
			users.Next = new(place{hash: *goesOn}.String())
		}
		return users, err
	}, nil
}

// User returns what one person did in a range. The connector's veil finds the person by a reference. The list is empty if the person
// is not in the range.
func (r Reader) User(ctx context.Context, c *connector.Connector, days calendar.Range, reference string) (Users, error) {
	if err := c.Veil().Open(); err != nil {
		return Users{}, err
	}
	userID, _ := c.Veil().Find(reference) // nobody has the id 0
	show := r.shows(ctx, c, days)
	users, err := r.user(ctx, c, days, userID)
	return users, cmp.Or(err, show(&users))
}

// user reads one page for each day.
func (r Reader) user(ctx context.Context, c *connector.Connector, days calendar.Range, userID int64) (Users, error) {
	heads, err := r.Store.Heads(ctx, c.Ref, days)
	if err != nil {
		return Users{}, err
	}
	pages := r.pagesOf(c, days, heads)
	hash := shard.Hash(userID)
	users, err := pages.sums(ctx, shard.Range{From: hash, To: hash})
	if err != nil {
		return Users{}, err
	}
	return Users{From: days.From, To: days.To, People: pages.short, Total: new(len(users)), Users: users}, nil
}

func broken(date calendar.Date, err error) error {
	return &fault.Error{Code: fault.Store, Op: "read the people of " + date.String(), Err: err}
}

// withoutIDs removes the ids from a list, unless people are shown by name. pages.sums has already replaced the logins.
func withoutIDs(list []metrics.UserUsage, veil privacy.Veil) {
	for i := range list {
		if !veil.Named() {
			list[i].UserID = 0
		}
	}
}

func compareLogins(a, b *metrics.UserUsage) int {
	return strings.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login))
}
