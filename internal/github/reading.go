package github

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// reading is a report whose links GitHub has handed out.
type reading struct {
	client *Client
	op     string
	day    calendar.Date
	links  []string
	limit  int64 // of one part, after decompression
	turn   *turn
}

// from is a reports.Report.
func (r reading) from(ctx context.Context, mark resume.Bookmark, read func(reports.Part) error) error {
	r.turn = &turn{of: r.client.turns, day: r.day}
	defer r.turn.end()
	return mark.Follow(len(r.links), parts{reading: r, ctx: ctx, read: read})
}

// rest reads the remaining parts of the report, which are behind links, each from its beginning.
func (r reading) rest(ctx context.Context, links []string, read func(reports.Part) error) error {
	absent := 0
	for _, link := range links {
		switch err := r.whole(ctx, link, read); {
		case fault.Is(err, fault.LinkAbsent):
			absent++
		case err != nil:
			return err
		}
	}
	switch absent {
	case 0:
		return nil
	case len(r.links):
		return &fault.Error{Code: fault.LinkAbsent, Op: r.op, Err: errors.New("the report's link leads to no file")}
	}
	return brokenReport(r.op, fmt.Sprintf("%d of its %d parts are not there", absent, len(r.links)))
}

func (r reading) whole(ctx context.Context, link string, read func(reports.Part) error) error {
	return r.client.download(ctx, r.op, link, "", func(resp *http.Response) error {
		if resp.StatusCode != http.StatusOK {
			return brokenReport(r.op, fmt.Sprintf("a link was answered with status %d", resp.StatusCode))
		}
		part := &partReader{ctx: ctx, op: r.op, source: http.MaxBytesReader(nil, r.inTurn(ctx, resp), r.limit)}
		switch strings.ToLower(resp.Header.Get("Content-Encoding")) {
		case "", "identity":
		case "gzip": // some hosts send it without being asked
			plain, err := gzip.NewReader(part.source)
			if err != nil {
				return part.explain(err)
			}
			part.source = http.MaxBytesReader(nil, plain, r.limit)
		default:
			return brokenReport(r.op, "its host compresses it in an unknown way")
		}
		return read(reports.Part{Reader: part, Identity: identityOf(link, resp.Header)})
	})
}

func (r reading) inTurn(ctx context.Context, resp *http.Response) io.ReadCloser {
	return inTurn{ReadCloser: resp.Body, ctx: ctx, turn: r.turn}
}
