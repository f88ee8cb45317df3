package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// teamReader computes missing values of teams from people and seats. It remembers the membership and the list that it read last.
type teamReader struct {
	*Store
	ref connector.Ref

	hash string // of the membership
	of   *team.Membership

	ahead map[Key][]Item // the items of memberships that were read ahead, by the key of the first

	seatsOf calendar.Date // the snapshot whose list it remembers
	seats   []seat.Seat
}

// day computes what the people of each team did on a day. of is the membership of the day.
func (t *teamReader) day(ctx context.Context, head ledger.Head) (day *ledger.TeamDay, of *team.Membership, err error) {
	day = &ledger.TeamDay{Date: head.Date, Users: head.UsersHash(), Basis: team.ByReport}
	if head.Teams != nil {
		day.Membership = head.Teams.Hash
		of, err = t.membership(ctx, head.Date, day.Membership)
	} else {
		day.Basis = team.BySeats
		if of, day.Seats, err = t.bySeats(ctx, head.Date); err == nil {
			day.Membership = of.Hash()
		}
	}
	if err != nil {
		return nil, nil, err
	}
	adder := team.NewAdder(of)
	if head.Users != nil {
		pages, err := t.UsersPages(ctx, t.ref, []ledger.Head{head}, func(day ledger.Head) (first, last int) { return 0, day.Users.Pages - 1 })
		if err != nil {
			return nil, nil, err
		}
		for _, page := range pages[head.Date] {
			err := errors.New("a page is not there")
			if page != nil {
				err = metrics.ReadPage(page, func(u *metrics.UserDay) error {
					adder.Add(u)
					return nil
				})
			}
			if err != nil {
				return nil, nil, failed("read the people of "+head.Date.String(), err)
			}
		}
	}
	day.Sums = adder.Sums()
	return day, of, nil
}

func (t *teamReader) membership(ctx context.Context, date calendar.Date, hash string) (of *team.Membership, err error) {
	if t.of == nil || t.hash != hash {
		if items := t.ahead[membershipKey(t.ref, date, hash, 0)]; items != nil {
			of, err = readMembership(date, items)
		} else {
			of, err = t.Membership(ctx, t.ref, date, hash)
		}
		if err != nil {
			return nil, err
		}
		t.hash, t.of = hash, of
	}
	return t.of, nil
}

// readAhead reads the memberships of days, in one round. They stay packed until they are needed.
func (t *teamReader) readAhead(ctx context.Context, firsts []Key) error {
	slices.SortFunc(firsts, func(a, b Key) int { return strings.Compare(a.Sort, b.Sort) })
	items, err := t.parts(ctx, slices.Compact(firsts))
	if err != nil {
		return err
	}
	t.ahead = map[Key][]Item{}
	for _, item := range items {
		first := Key{item.Partition, item.Sort[:len(item.Sort)-2] + "00"}
		t.ahead[first] = append(t.ahead[first], item)
	}
	return nil
}

// seatsWithin is the greatest distance, in days, of a list of seats that gives a day its teams.
const seatsWithin = 400

// bySeats returns the teams that have assigned the seats, from the list that is nearest to a day, and the day of that list. Of two
// equally near lists the earlier one counts. If no list is stored, nobody is in a team.
func (t *teamReader) bySeats(ctx context.Context, date calendar.Date) (of *team.Membership, listed *calendar.Date, err error) {
	nearest, err := t.nearestSeats(ctx, date)
	if err != nil || nearest == nil {
		return &team.Membership{}, nil, err
	}
	if t.seats == nil || t.seatsOf != nearest.date {
		lists, err := t.seatLists(ctx, t.ref, []*seatsHead{nearest})
		if err != nil || lists[nearest.date] == nil {
			return &team.Membership{}, nil, err
		}
		if t.seats, err = unpackSeats(lists[nearest.date]); err != nil {
			return nil, nil, err
		}
		t.seatsOf = nearest.date
	}
	if of, err = assigned(t.seats, date); err != nil {
		return nil, nil, failed("read the teams of seats", err)
	}
	return of, &nearest.date, nil
}

// assigned returns the team of each person on a day: the team of the grant that counts, among the grants that were given by then.
func assigned(grants []seat.Seat, date calendar.Date) (*team.Membership, error) {
	given := slices.DeleteFunc(slices.Clone(grants), func(grant seat.Seat) bool {
		return grant.CreatedAt != nil && calendar.DateOf(*grant.CreatedAt) > date
	})
	var rows team.Rows
	for _, held := range seat.OnePerPerson(given, date) {
		if held.UserID == nil || held.Team == "" {
			continue
		}
		if err := rows.Add(*held.UserID, 0, held.Team); err != nil {
			return nil, err
		}
	}
	return rows.Membership()
}

// nearestSeats reads the head of the list of seats that is nearest to a day, in one round. Of two that are equally near it returns the
// earlier one.
func (t *teamReader) nearestSeats(ctx context.Context, date calendar.Date) (*seatsHead, error) {
	before := seatsRange(t.ref, calendar.Range{From: date - seatsWithin, To: date})
	before.NewestFirst = true
	after := seatsRange(t.ref, calendar.Range{From: date + 1, To: date + seatsWithin})
	var heads [2]*seatsHead
	group, ctx := errgroup.WithContext(ctx)
	for i, r := range []Range{before, after} {
		r.Limit = 1
		group.Go(func() error {
			for item, err := range t.Table.Query(ctx, r) {
				if err != nil {
					return err
				}
				if heads[i], err = readSeatsHead(&item); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if heads[0] == nil || heads[1] != nil && heads[1].date-date < date-heads[0].date {
		return heads[1], nil
	}
	return heads[0], nil
}
