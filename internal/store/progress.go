package store

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// progressFor is how long progress is kept. After that GitHub has probably restated the report.
const progressFor = 48 * time.Hour

// progressHead names the pages of a progress.
type progressHead struct {
	Bookmark resume.Bookmark `json:"bookmark"`
	Set      string          `json:"set"`
	Pages    int             `json:"pages"`
}

// SaveProgress stores the progress of a day's report. It replaces an earlier one.
func (s *Store) SaveProgress(ctx context.Context, ref connector.Ref, date calendar.Date, p resume.Progress) error {
	head := progressHead{Bookmark: p.Bookmark, Set: connector.NewID(), Pages: len(p.Pages)}
	expires := s.Now().Add(progressFor)
	items := make([]Item, 0, len(p.Pages))
	for i, page := range p.Pages {
		items = append(items, Item{Key: progressPageKey(ref, date, head.Set, i), Body: page, Expires: expires})
	}
	if err := s.Table.PutAll(ctx, items); err != nil {
		return err
	}
	body, err := pack("save progress", head)
	if err != nil {
		return err
	}
	return s.Table.PutAll(ctx, []Item{{Key: progressKey(ref, date), Body: body, Expires: expires}})
}

// Progress returns the stored progress of a day, or nil if there is none or a part of it is missing.
func (s *Store) Progress(ctx context.Context, ref connector.Ref, date calendar.Date) (*resume.Progress, error) {
	item, err := s.Table.Get(ctx, progressKey(ref, date))
	if err != nil || item == nil {
		return nil, err
	}
	var head progressHead
	if err := unpack("read progress", item.Body, &head); err != nil {
		return nil, err
	}
	keys := make([]Key, head.Pages)
	index := map[Key]int{}
	for i := range keys {
		keys[i] = progressPageKey(ref, date, head.Set, i)
		index[keys[i]] = i
	}
	items, err := s.Table.GetAll(ctx, keys)
	if err != nil || len(items) < head.Pages {
		return nil, err
	}
	p := &resume.Progress{Bookmark: head.Bookmark, Pages: make([][]byte, head.Pages)}
	for _, item := range items {
		p.Pages[index[item.Key]] = item.Body
	}
	return p, nil
}

// DropProgress removes the progress of a day. Its pages expire by themselves.
func (s *Store) DropProgress(ctx context.Context, ref connector.Ref, date calendar.Date) error {
	return s.Table.DeleteAll(ctx, []Key{progressKey(ref, date)})
}
