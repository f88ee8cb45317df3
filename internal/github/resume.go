package github

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/resume"
)

// parts opens the parts of a report for a resume.Bookmark.
type parts struct {
	reading
	ctx  context.Context //nolint:containedctx // lives as long as one reading of a report
	read func(reports.Part) error
}

func (p parts) Rest(part int) error { return p.rest(p.ctx, p.links[part:], p.read) }

func (p parts) Confirm(part int, identity string) error {
	link, empty := p.links[part], false
	err := p.begun(link, "bytes=0-0", func(resp *http.Response) error {
		_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // lets the connection be used again
		if empty = resp.StatusCode == http.StatusRequestedRangeNotSatisfiable; empty {
			return nil
		}
		return compare(link, resp, identity)
	})
	if err == nil && empty { // there is no first byte
		err = p.begun(link, "", func(resp *http.Response) error { return compare(link, resp, identity) })
	}
	return err
}

// Continue also asks for the byte before offset, so that a part that was read to its end needs no code of its own.
func (p parts) Continue(part int, identity string, offset int64) error {
	link, start := p.links[part], offset-1
	return p.begun(link, resume.Range(start), func(resp *http.Response) error {
		if resp.StatusCode != http.StatusPartialContent {
			return resume.Changed("its host does not continue in a part")
		}
		if err := compare(link, resp, identity); err != nil {
			return err
		}
		left, ok := resume.Left(resp.Header.Get("Content-Range"), start)
		if !ok {
			return resume.Changed("its host continues elsewhere in a part")
		}
		body := http.MaxBytesReader(nil, p.inTurn(p.ctx, resp), p.limit-start)
		rest := &partReader{ctx: p.ctx, op: p.op, source: &exactly{source: body, left: left}}
		if _, err := io.ReadFull(rest, make([]byte, 1)); err != nil {
			return err
		}
		return p.read(reports.Part{Reader: rest, Identity: identity})
	})
}

// begun downloads from a part that an earlier run has begun.
func (p parts) begun(link, byteRange string, use func(*http.Response) error) error {
	err := p.client.download(p.ctx, p.op, link, byteRange, use)
	if fault.Is(err, fault.LinkAbsent) {
		return resume.Changed("a part is not there any more")
	}
	return err
}

func compare(link string, resp *http.Response, identity string) error {
	shown := resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusPartialContent
	if !shown || identity == "" || identityOf(link, resp.Header) != identity {
		return resume.Changed("a part has other content, or its host does not tell")
	}
	return nil
}

func identityOf(link string, header http.Header) string {
	address, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return resume.Identity(address.EscapedPath(), header)
}
