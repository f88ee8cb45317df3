package github

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// confirm checks that a part is still the one that was read.
func (r reading) confirm(ctx context.Context, link, identity string) error {
	empty := false
	err := r.begun(ctx, link, "bytes=0-0", func(resp *http.Response) error {
		_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // lets the connection be used again
		if empty = resp.StatusCode == http.StatusRequestedRangeNotSatisfiable; empty {
			return nil
		}
		return r.compare(link, resp, identity)
	})
	if err == nil && empty { // there is no first byte
		err = r.begun(ctx, link, "", func(resp *http.Response) error { return r.compare(link, resp, identity) })
	}
	return err
}

// resume continues to read a part from a given byte. It also asks for the byte before, so that a part that was read to its end
// needs no code of its own.
func (r reading) resume(ctx context.Context, link, identity string, offset int64, read func(metrics.Part) error) error {
	start := offset - 1
	return r.begun(ctx, link, fmt.Sprintf("bytes=%d-", start), func(resp *http.Response) error {
		if resp.StatusCode != http.StatusPartialContent {
			return r.changed("its host does not go on in a part")
		}
		if err := r.compare(link, resp, identity); err != nil {
			return err
		}
		left, ok := toTheEnd(resp.Header.Get("Content-Range"), start)
		if !ok {
			return r.changed("its host goes on elsewhere in a part")
		}
		body := http.MaxBytesReader(nil, r.inTurn(ctx, resp), r.limit-start)
		part := &partReader{ctx: ctx, op: r.op, source: &exactly{source: body, left: left}}
		if _, err := io.ReadFull(part, make([]byte, 1)); err != nil {
			return err
		}
		return read(metrics.Part{Reader: part, Identity: identity})
	})
}

// begun downloads the rest of a part that was read in part.
func (r reading) begun(ctx context.Context, link, byteRange string, use func(*http.Response) error) error {
	err := r.client.download(ctx, r.op, link, byteRange, use)
	if fault.Is(err, fault.LinkAbsent) {
		return r.changed("a part is not there any more")
	}
	return err
}

func (r reading) compare(link string, resp *http.Response, identity string) error {
	shown := resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusPartialContent
	if !shown || identity == "" || identityOf(link, resp.Header) != identity {
		return r.changed("a part has other content, or its host does not tell")
	}
	return nil
}

func (r reading) changed(why string) error {
	return &fault.Error{Code: fault.ReportChanged, Op: r.op, Err: errors.New(why)}
}

// identityOf returns an identity of a part's content. A weak ETag, or one of a compressed form, does not do: it does not
// promise that a byte is still at its place.
func identityOf(link string, header http.Header) string {
	version := header.Get("ETag")
	if version == "" {
		version = header.Get("Last-Modified")
	}
	encoding := header.Get("Content-Encoding")
	address, err := url.Parse(link)
	if err != nil || version == "" || strings.HasPrefix(version, "W/") || encoding != "" && encoding != "identity" {
		return ""
	}
	sum := sha256.Sum256([]byte(address.EscapedPath() + "\n" + version))
	return hex.EncodeToString(sum[:16])
}

// toTheEnd returns how many bytes an answer holds. Its Content-Range must reach from start to the end of the file.
func toTheEnd(contentRange string, start int64) (left int64, ok bool) {
	_, size, _ := strings.Cut(contentRange, "/")
	total, err := strconv.ParseInt(size, 10, 64)
	if err != nil || total <= start || contentRange != fmt.Sprintf("bytes %d-%d/%d", start, total-1, total) {
		return 0, false
	}
	return total - start, true
}
