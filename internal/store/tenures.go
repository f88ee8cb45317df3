package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// A year of teams needs the seats of each month. For a month that is over, a value tells who held a seat on which days. It is a quarter
// of a list of seats. It names the month's snapshots; a reader who finds others reads the lists.

// KeepTenures stores who held a seat on which days of a month, unless it is stored. It does nothing until the month is over, and the
// days after it whose snapshots count for it too.
func (s *Store) KeepTenures(ctx context.Context, ref connector.Ref, month calendar.Date) error {
	p := cost.Period{From: month.FirstOfMonth(), To: month.EndOfMonth(), Over: true}
	if p.Snapshots().To >= calendar.DateOf(s.Now()) {
		return nil
	}
	heads, kept, err := s.keptTenures(ctx, ref, p)
	if err != nil || kept != nil || len(heads) == 0 {
		return err
	}
	snapshots, _, err := s.SeatHistory(ctx, ref, p.Snapshots(), calendar.Range{}, func(time.Time) {})
	if err != nil || len(snapshots) == 0 {
		return err
	}
	const op = "keep the seats of a month"
	tenures, err := cost.TenuresOf(p, snapshots)
	if err != nil {
		return failed(op, err)
	}
	others, err := json.Marshal(tenures.Others)
	if err != nil {
		return failed(op, err)
	}
	text := append(append(others, '\n'), tenures.People.Bytes()...)
	items, err := monthItems(digestOfSnapshots(heads), text, func(part int) Key { return tenuresKey(ref, p.From, part) })
	if err != nil {
		return err
	}
	return s.Table.PutAll(ctx, items)
}

// Tenures returns who held a seat on which days of a month that is over, or nil if this is not stored. listed reports whether there is a
// snapshot on some days.
func (s *Store) Tenures(ctx context.Context, ref connector.Ref, p cost.Period, days calendar.Range) (kept *cost.Tenures, listed bool, err error) {
	heads, kept, err := s.keptTenures(ctx, ref, p)
	listed = slices.ContainsFunc(heads, func(h *seatsHead) bool { return days.From <= h.date && h.date <= days.To })
	return kept, listed, err
}

// keptTenures reads the heads of a month's snapshots, and the stored value of exactly these, or nil.
func (s *Store) keptTenures(ctx context.Context, ref connector.Ref, p cost.Period) (heads []*seatsHead, kept *cost.Tenures, err error) {
	var items, parts []Item
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		items, err = s.sideBySide(reading, s.lagging([]Range{seatsRange(ref, p.Snapshots())}))
		return err
	})
	group.Go(func() (err error) {
		parts, err = s.parts(reading, keysOf(ref, []calendar.Date{p.From}, tenuresKey))
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	for i := range items {
		head, err := readSeatsHead(&items[i])
		if err != nil {
			return nil, nil, err
		}
		heads = append(heads, head)
	}
	of, text := joined(parts)
	if text == nil || of != digestOfSnapshots(heads) {
		return heads, nil, nil
	}
	kept = new(cost.Tenures)
	others, people, _ := bytes.Cut(text, []byte("\n"))
	if json.Unmarshal(others, &kept.Others) != nil {
		return heads, nil, nil
	}
	if kept.People, err = team.ReadMonth(p.From, people); err != nil {
		return heads, nil, nil //nolint:nilerr // like a missing value
	}
	return heads, kept, nil
}

// digestOfSnapshots returns a hash of all that the seat-days of snapshots depend on.
func digestOfSnapshots(heads []*seatsHead) (d digest) {
	sum := sha256.New()
	for _, head := range heads {
		sum.Write(fmt.Appendln(nil, head.date, head.Set, head.NotListed, head.Shared))
	}
	copy(d[:], sum.Sum(nil))
	return d
}
