package store

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// partialFor is how long a report that was read in part is kept. After that GitHub has probably restated the report.
const partialFor = 48 * time.Hour

// partialHead names the pages of such a report.
type partialHead struct {
	Bookmark resume.Bookmark `json:"bookmark"`
	Set      string          `json:"set"`
	Pages    int             `json:"pages"`
}

// SavePartial stores a day's report that was read in part. It replaces an earlier one.
func (s *Store) SavePartial(ctx context.Context, ref connector.Ref, date calendar.Date, p resume.Partial) error {
	head := partialHead{Bookmark: p.Bookmark, Set: connector.NewID(), Pages: len(p.Pages)}
	expires := s.Now().Add(partialFor)
	items := make([]Item, 0, len(p.Pages))
	for i, page := range p.Pages {
		items = append(items, Item{Key: partialPageKey(ref, date, head.Set, i), Body: page, Expires: expires})
	}
	if err := s.Table.PutAll(ctx, items); err != nil {
		return err
	}
	body, err := pack("save a partial report", head)
	if err != nil {
		return err
	}
	return s.Table.PutAll(ctx, []Item{{Key: partialKey(ref, date), Body: body, Expires: expires}})
}

// Partial returns the report of a day that an earlier run has read in part, or nil if there is none or one of its pages is missing.
func (s *Store) Partial(ctx context.Context, ref connector.Ref, date calendar.Date) (*resume.Partial, error) {
	item, err := s.Table.Get(ctx, partialKey(ref, date))
	if err != nil || item == nil {
		return nil, err
	}
	var head partialHead
	if err := unpack("read a partial report", item.Body, &head); err != nil {
		return nil, err
	}
	keys := make([]Key, head.Pages)
	index := map[Key]int{}
	for i := range keys {
		keys[i] = partialPageKey(ref, date, head.Set, i)
		index[keys[i]] = i
	}
	items, err := s.Table.GetAll(ctx, keys)
	if err != nil || len(items) < head.Pages {
		return nil, err
	}
	p := &resume.Partial{Bookmark: head.Bookmark, Pages: make([][]byte, head.Pages)}
	for _, item := range items {
		p.Pages[index[item.Key]] = item.Body
	}
	return p, nil
}

// DropPartial removes the partial report of a day. Its pages expire by themselves.
func (s *Store) DropPartial(ctx context.Context, ref connector.Ref, date calendar.Date) error {
	return s.Table.DeleteAll(ctx, []Key{partialKey(ref, date)})
}
