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
	"cloudmonitor.ai/copilot-connector/internal/metrics"
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

// from returns the report as a metrics.Report.
func (r reading) from(ctx context.Context, mark metrics.Bookmark, read func(metrics.Part) error) error {
	r.turn = &turn{of: r.client.turns, day: r.day}
	defer r.turn.end()
	begun := len(mark.Parts)
	switch {
	case mark.Offset < 0, mark.Offset > 0 && begun == 0:
		return r.changed("the bookmark is in none of its parts")
	case begun > len(r.links):
		return r.changed("it has fewer parts than were begun")
	case begun == 0:
		return r.rest(ctx, r.links, read)
	}
	last := begun - 1
	for i, identity := range mark.Parts[:last] {
		if err := r.confirm(ctx, r.links[i], identity); err != nil {
			return err
		}
	}
	if mark.Offset == 0 {
		return r.rest(ctx, r.links[last:], read)
	}
	if err := r.resume(ctx, r.links[last], mark.Parts[last], mark.Offset, read); err != nil {
		return err
	}
	return r.rest(ctx, r.links[begun:], read)
}

// rest reads the remaining parts of the report, which are behind links, each from its beginning.
func (r reading) rest(ctx context.Context, links []string, read func(metrics.Part) error) error {
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

func (r reading) whole(ctx context.Context, link string, read func(metrics.Part) error) error {
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
		return read(metrics.Part{Reader: part, Identity: identityOf(link, resp.Header)})
	})
}

func (r reading) inTurn(ctx context.Context, resp *http.Response) io.ReadCloser {
	return inTurn{ReadCloser: resp.Body, ctx: ctx, turn: r.turn}
}
