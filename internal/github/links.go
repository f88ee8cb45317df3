package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// linkPolicy says which hosts a report may be fetched from. The links come from outside, and a server that
// fetches any URL it is given can be made to reach where its sender cannot.
type linkPolicy struct {
	host     string // of the account
	loopback bool   // the API itself is on loopback, so its links may be too
}

// check accepts the report hosts that GitHub names (changelog of 2026-05-20), over https on its own port.
func (p linkPolicy) check(u *url.URL) error {
	if p.loopback && u.User == nil && (u.Scheme == "http" || u.Scheme == "https") && isLoopback(u) {
		return nil
	}
	if u.Scheme != "https" || u.User != nil || u.Port() != "" && u.Port() != "443" {
		return linkError("a link is not plain https")
	}
	host := strings.ToLower(u.Hostname())
	if host == "copilot-reports."+p.host || azureHost.MatchString(host) {
		return nil
	}
	return linkError("a link leads to a host that is not one of GitHub's report hosts")
}

var azureHost = regexp.MustCompile(`^(copilot-reports-[a-z0-9-]+\.b01\.azurefd\.net|[a-z0-9-]+\.blob\.core\.windows\.net)$`)

// linkError says why a link, or where it redirects to, is not followed.
type linkError string

func (l linkError) Error() string { return string(l) }

// newDownloadClient returns a client that knows no token and judges every redirect like the link itself.
func newDownloadClient(transport http.RoundTripper, links linkPolicy) *http.Client {
	return &http.Client{
		Transport: transport,
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return linkError("a link redirects too often")
			}
			req.Header.Del("Referer") // it would hand the signed link on
			return links.check(req.URL)
		},
	}
}

const maxRedirects = 3

// download reads one signed link to its end with read. It returns CodeNoReport when the file is not there.
func (c *Client) download(ctx context.Context, op, link string, limit int64, read func(io.Reader) error) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return brokenReport(op, "a link is not a URL") // the error would repeat it
	}
	if err := c.links.check(req.URL); err != nil {
		return brokenReport(op, err.Error())
	}
	resp, err := c.downloads.Do(req)
	if refused, ok := errors.AsType[linkError](err); ok {
		return brokenReport(op, refused.Error())
	}
	if err != nil {
		code, cause := transportCause(ctx, err)
		if code == connector.CodeUnreachable {
			code = connector.CodeReportHost
		}
		return &connector.Error{Code: code, Op: op, Err: fmt.Errorf("the report's host: %w", cause)}
	}
	defer func() { _ = resp.Body.Close() }()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return &connector.Error{Code: connector.CodeNoReport, Op: op}
	case resp.StatusCode == http.StatusTooManyRequests:
		limited := &connector.Error{Code: connector.CodeRateLimited, Op: op, RetryAfter: c.retryAfter(answer{header: resp.Header})}
		c.linkGate.shut(limited)
		return limited
	case resp.StatusCode >= http.StatusInternalServerError:
		return &connector.Error{Code: connector.CodeReportHost, Op: op, Err: fmt.Errorf("the report's host answered with status %d", resp.StatusCode)}
	case resp.StatusCode == http.StatusForbidden, resp.StatusCode == http.StatusUnauthorized, resp.StatusCode == http.StatusGone:
		return &connector.Error{
			Code: connector.CodeLinkRefused, Op: op,
			Err: fmt.Errorf("the report's host refused the link with status %d, as it does when the link has expired", resp.StatusCode),
		}
	case resp.StatusCode != http.StatusOK:
		return brokenReport(op, fmt.Sprintf("a link was answered with status %d", resp.StatusCode))
	}
	return read(&partReader{ctx: ctx, op: op, source: http.MaxBytesReader(nil, resp.Body, limit)})
}

// partReader gives what goes wrong while a part is read its code.
type partReader struct {
	ctx    context.Context //nolint:containedctx // lives as long as one read of one part
	op     string
	source io.Reader
}

func (p *partReader) Read(b []byte) (int, error) {
	n, err := p.source.Read(b)
	_, isTooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return n, err
	case p.ctx.Err() != nil:
		return n, outOfTime(p.op)
	case isTooLarge:
		return n, brokenReport(p.op, "it is larger than any report can be")
	}
	return n, brokenReport(p.op, "the connection ended before the report did")
}

func brokenReport(op, why string) error {
	return &connector.Error{Code: connector.CodeReportBroken, Op: op, Err: errors.New(why)}
}
