package github

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"sync/atomic"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// download asks for the file behind a signed link, or for a byteRange of it. It returns every answer that is not a refusal.
// The error is LinkAbsent if the file does not exist.
func (c *Client) download(ctx context.Context, op, link, byteRange string, use func(*http.Response) error) error {
	leave, err := c.linkGate.enter(ctx, op)
	if err != nil {
		return err
	}
	defer leave()
	request, cancel := context.WithCancel(ctx)
	defer cancel()
	req, err := http.NewRequestWithContext(request, http.MethodGet, link, nil)
	if err != nil {
		return brokenReport(op, "a link is not a URL") // the parser's error would repeat the link
	}
	if err := c.links.check(req.URL); err != nil {
		return notFollowed(op, err)
	}
	req.Header.Set("Accept-Encoding", "identity") // a bookmark is a number of bytes of the plain file
	if byteRange != "" {
		req.Header.Set("Range", byteRange)
	}
	resp, err := c.downloads.Do(req)
	if err != nil {
		return noDownload(ctx, op, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := c.downloadRefusal(op, resp); err != nil {
		return err
	}
	watched := watch(request, cancel, resp.Body, c.patience)
	defer watched.timer.Stop()
	resp.Body = watched
	return use(resp)
}

// patience is how long the host of a report may send nothing. It is bounded because other reports wait for their turn.
const patience = 30 * time.Second

// watchedBody fails with errIdle if nothing comes for too long. Its timer looks again and again whether the same read still waits. It
// is not set for each read, because each time that would wake up a thread.
type watchedBody struct {
	io.ReadCloser
	request context.Context //nolint:containedctx // lives as long as the body
	cancel  func()          // ends the request
	reads   atomic.Int64    // the beginnings and the ends of all reads; odd while a read waits
	idle    atomic.Bool     // the request was ended, because nothing came

	timer *time.Timer
	every time.Duration
	seen  int64 // what reads was at the last look
	again int   // how many looks in a row found the same read
}

// looks is how many looks a read may wait after the one that found it. So it may wait for the patience, and up to an eighth more.
const looks = 8

var errIdle = errors.New("the report's host sent nothing any more")

func watch(request context.Context, cancel func(), body io.ReadCloser, patience time.Duration) *watchedBody {
	w := &watchedBody{ReadCloser: body, request: request, cancel: cancel, every: patience / looks}
	w.timer = time.AfterFunc(math.MaxInt64, w.look)
	w.timer.Reset(w.every) // not before look can use the timer
	return w
}

func (w *watchedBody) Read(b []byte) (int, error) {
	w.reads.Add(1)
	n, err := w.ReadCloser.Read(b)
	w.reads.Add(1) // the time that the caller needs for the bytes does not count
	if err != nil && w.idle.Load() {
		err = errIdle
	}
	return n, err
}

// look ends the request if one read has waited for too long.
func (w *watchedBody) look() {
	if w.request.Err() != nil {
		return // nobody reads the body any more
	}
	reads := w.reads.Load()
	if w.again++; reads != w.seen || reads%2 == 0 {
		w.seen, w.again = reads, 0
	}
	if w.again == looks {
		w.idle.Store(true)
		w.cancel()
		return
	}
	w.timer.Reset(w.every)
}

// noDownload returns an error that says why the host of a link gave no answer.
func noDownload(ctx context.Context, op string, err error) error {
	if refused, ok := errors.AsType[linkError](err); ok {
		return notFollowed(op, refused)
	}
	code, cause := transportCause(ctx, err)
	if code == fault.Unreachable {
		code = fault.ReportHost
	}
	return &fault.Error{Code: code, Op: op, Err: fmt.Errorf("the report's host: %w", cause)}
}

// notFollowed returns an error that says why a link is not followed. GitHub may have begun to use another host for its reports.
func notFollowed(op string, why error) error {
	if errors.Is(why, errUnknownHost) {
		return &fault.Error{Code: fault.LinkUnknown, Op: op, Err: why}
	}
	return brokenReport(op, why.Error())
}

// downloadRefusal returns nil unless the host of a link refuses. This host has its own limits, which do not concern the token.
func (c *Client) downloadRefusal(op string, resp *http.Response) error {
	switch status := resp.StatusCode; {
	case status == http.StatusNotFound:
		return &fault.Error{Code: fault.LinkAbsent, Op: op, Err: errors.New("the report's link leads to no file")}
	case status == http.StatusTooManyRequests:
		limited := &fault.Error{
			Code: fault.RateLimited, Op: op, RetryAfter: c.retryAfter(answer{header: resp.Header}),
			Err: errors.New("the report's host takes no more downloads for now, whatever the token"),
		}
		c.linkGate.shut(limited)
		return limited
	case status >= http.StatusInternalServerError:
		return &fault.Error{Code: fault.ReportHost, Op: op, Err: fmt.Errorf("the report's host answered with status %d", status)}
	case status == http.StatusForbidden, status == http.StatusUnauthorized, status == http.StatusGone:
		return &fault.Error{
			Code: fault.LinkRefused, Op: op,
			Err: fmt.Errorf("the report's host refused the link with status %d, as it does when the link has expired", status),
		}
	}
	return nil
}

// partReader gives an error code to everything that goes wrong while a part is read.
type partReader struct {
	ctx    context.Context //nolint:containedctx // lives as long as one read of one part
	op     string
	source io.Reader
}

func (p *partReader) Read(b []byte) (int, error) {
	n, err := p.source.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = p.explain(err)
	}
	return n, err
}

func (p *partReader) explain(err error) error {
	_, isTooLarge := errors.AsType[*http.MaxBytesError](err)
	_, isCorrupt := errors.AsType[flate.CorruptInputError](err)
	switch {
	case p.ctx.Err() != nil:
		return outOfTime(p.op)
	case errors.Is(err, errIdle):
		return &fault.Error{Code: fault.ReportHost, Op: p.op, Err: errIdle}
	case isTooLarge:
		return brokenReport(p.op, "it is larger than any report can be")
	case isCorrupt, errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return brokenReport(p.op, "it is not compressed as its host says")
	case errors.Is(err, errSurplus):
		return brokenReport(p.op, errSurplus.Error())
	}
	return &fault.Error{Code: fault.ReportCut, Op: p.op, Err: errors.New("the connection ended before the report did")}
}

// exactly fails unless its source ends after exactly left bytes.
type exactly struct {
	source io.Reader
	left   int64
}

var errSurplus = errors.New("its host sent more than it announced")

func (e *exactly) Read(b []byte) (int, error) {
	n, err := e.source.Read(b)
	switch e.left -= int64(n); {
	case e.left < 0:
		return n + int(e.left), errSurplus
	case e.left > 0 && errors.Is(err, io.EOF):
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}

func brokenReport(op, why string) error {
	return &fault.Error{Code: fault.ReportBroken, Op: op, Err: errors.New(why)}
}
