package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
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

	ahead   map[Key][]Item               // the items of memberships that were read ahead, by the key of the first
	nearest map[calendar.Date]*seatsHead // of days that were read ahead: the nearest list of seats; no entry: there is none

	seatsOf calendar.Date // the snapshot whose list it remembers
	seats   []seat.Seat
}

// pagesAtOnce is about how many stored pages are read at once: those of a year of a small account, or of some days of a large one.
const pagesAtOnce = 1024

// eachDay computes what the people of each team did on days, and calls take with each day and its membership. It reads the pages of some
// days side by side. The nearest seats of the days must have been read ahead.
func (t *teamReader) eachDay(ctx context.Context, heads []ledger.Head, take func(*ledger.TeamDay, *team.Membership) error) error {
	for len(heads) > 0 {
		some := heads[:t.atOnce(heads)]
		heads = heads[len(some):]
		pages, lists, err := t.pagesOf(ctx, some)
		if err != nil {
			return err
		}
		for _, head := range some {
			if err := fault.InTime(ctx, "read teams"); err != nil {
				return err
			}
			day, of, err := t.day(ctx, head, pages[head.Date], lists)
			if err != nil {
				return err
			}
			if err := take(day, of); err != nil {
				return err
			}
		}
	}
	return nil
}

// atOnce returns how many of some days have together about pagesAtOnce pages, and at least 1.
func (t *teamReader) atOnce(heads []ledger.Head) int {
	pages, last := 0, calendar.Date(0)
	for i, head := range heads {
		if head.Users != nil {
			pages += head.Users.Pages
		}
		if nearest := t.listOf(head); nearest != nil && nearest.date != last {
			pages, last = pages+nearest.Pages, nearest.date
		}
		if pages > pagesAtOnce && i > 0 {
			return i
		}
	}
	return len(heads)
}

// listOf returns the list of seats from which the teams of a day come, or nil if they come from its report or there is no list.
func (t *teamReader) listOf(head ledger.Head) *seatsHead {
	if head.Teams != nil {
		return nil
	}
	return t.nearest[head.Date]
}

// pagesOf reads the pages of people and the lists of seats of some days, in one round.
func (t *teamReader) pagesOf(ctx context.Context, heads []ledger.Head) (pages map[calendar.Date][][]byte, lists map[calendar.Date][][]byte, err error) {
	var wanted []*seatsHead
	for _, head := range heads {
		if list := t.listOf(head); list != nil && !slices.Contains(wanted, list) {
			wanted = append(wanted, list)
		}
	}
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		pages, err = t.UsersPages(reading, t.ref, heads, everyPage)
		return err
	})
	group.Go(func() (err error) { lists, err = t.seatLists(reading, t.ref, wanted); return err })
	return pages, lists, group.Wait()
}

// day computes what the people of each team did on a day, from the pages of its people. of is the membership of the day.
func (t *teamReader) day(ctx context.Context, head ledger.Head, pages [][]byte, lists map[calendar.Date][][]byte) (
	day *ledger.TeamDay, of *team.Membership, err error,
) {
	day = &ledger.TeamDay{Date: head.Date, Users: head.UsersHash(), Basis: team.ByReport}
	if head.Teams != nil {
		day.Membership = head.Teams.Hash
		of, err = t.membership(ctx, head.Date, day.Membership)
	} else {
		day.Basis = team.BySeats
		if of, day.Seats, err = t.bySeats(head.Date, lists); err == nil {
			day.Membership = of.Hash()
		}
	}
	if err != nil {
		return nil, nil, err
	}
	adder := team.NewAdder(of)
	for _, page := range pages {
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

// readAhead reads the memberships of days, and of other days which list of seats is nearest, in one round. The memberships stay packed
// until they are needed.
func (t *teamReader) readAhead(ctx context.Context, firsts []Key, bySeats []calendar.Date) error {
	slices.SortFunc(firsts, func(a, b Key) int { return strings.Compare(a.Sort, b.Sort) })
	var items []Item
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) { items, err = t.parts(reading, slices.Compact(firsts)); return err })
	group.Go(func() (err error) { t.nearest, err = t.nearestSeats(reading, bySeats); return err })
	if err := group.Wait(); err != nil {
		return err
	}
	t.ahead = map[Key][]Item{}
	for _, item := range items {
		first := Key{item.Partition, item.Sort[:len(item.Sort)-2] + "00"}
		t.ahead[first] = append(t.ahead[first], item)
	}
	return nil
}
