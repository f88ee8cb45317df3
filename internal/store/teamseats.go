package store

import (
	"context"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// A day without a report of the teams has those of the nearest list of seats: a person's team is the one that assigned the seat.

const (
	// seatsWithin is the greatest distance, in days, of a list of seats that gives a day its teams.
	seatsWithin = 400

	// seatsAtOnce is how many heads of lists one query reads. They are much less than a megabyte.
	seatsAtOnce = 366
)

// bySeats returns the teams that have assigned the seats, from the list that is nearest to a day, and the day of that list. The list must
// be among lists. If no list is stored, or a page of it is missing, nobody is in a team.
func (t *teamReader) bySeats(date calendar.Date, lists map[calendar.Date][][]byte) (of *team.Membership, listed *calendar.Date, err error) {
	nearest := t.nearest[date]
	if nearest == nil {
		return &team.Membership{}, nil, nil
	}
	if t.seats == nil || t.seatsOf != nearest.date {
		if lists[nearest.date] == nil {
			return &team.Membership{}, nil, nil
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

// onlyBySeats returns the teams of one day by the nearest list of seats.
func (t *teamReader) onlyBySeats(ctx context.Context, date calendar.Date) (*team.Membership, error) {
	if err := t.readAhead(ctx, nil, []calendar.Date{date}); err != nil {
		return nil, err
	}
	_, lists, err := t.pagesOf(ctx, []ledger.Head{{Date: date}})
	if err != nil {
		return nil, err
	}
	of, _, err := t.bySeats(date, lists)
	return of, err
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

// withoutReport returns the days that have no report of the teams.
func withoutReport(heads []ledger.Head) (dates []calendar.Date) {
	for _, head := range heads {
		if head.Teams == nil {
			dates = append(dates, head.Date)
		}
	}
	return dates
}

// nearestSeats reads the heads of the lists of seats that are nearest to days, in one round. A day has no entry if there is no list near.
func (t *teamReader) nearestSeats(ctx context.Context, dates []calendar.Date) (map[calendar.Date]*seatsHead, error) {
	if len(dates) == 0 {
		return nil, nil //nolint:nilnil // no day has one
	}
	first, last := slices.Min(dates), slices.Max(dates)
	before := seatsRange(t.ref, calendar.Range{From: first - seatsWithin, To: first - 1})
	after := seatsRange(t.ref, calendar.Range{From: last + 1, To: last + seatsWithin})
	before.NewestFirst, before.Limit, after.Limit = true, 1, 1
	between := inParts(t.ref, calendar.Range{From: first, To: last}, seatsAtOnce, seatsRange)
	items, err := t.sideBySide(ctx, slices.Concat([]Range{before}, between, []Range{after}))
	if err != nil {
		return nil, err
	}
	heads := make([]*seatsHead, len(items))
	for i := range items {
		if heads[i], err = readSeatsHead(&items[i]); err != nil {
			return nil, err
		}
	}
	nearest := make(map[calendar.Date]*seatsHead, len(dates))
	for _, date := range dates {
		if head := nearestTo(date, heads); head != nil {
			nearest[date] = head
		}
	}
	return nearest, nil
}

// nearestTo returns the head that is nearest to a day, or nil. heads are in order of their days. Of two equally near the earlier one counts.
func nearestTo(date calendar.Date, heads []*seatsHead) (nearest *seatsHead) {
	least := calendar.Date(seatsWithin + 1)
	for _, head := range heads {
		if distance := max(date-head.date, head.date-date); distance < least {
			least, nearest = distance, head
		}
	}
	return nearest
}
