package github

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Over makes the service send everything through next.
func (s *Service) Over(next http.RoundTripper) { s.transport = retry{next: next, pauses: growing} }

// LosePatienceAfter sets after how long without data a host is given up.
func (c *Client) LosePatienceAfter(d time.Duration) { c.patience = d }

// Limits that tests reach.
const (
	MaxAnswer          = maxAnswer
	MaxAggregateReport = maxAggregateReport
	MaxConcurrent      = maxConcurrent
	MaxLinks           = maxLinks
)

// WatchedBody is given up if nothing comes for too long.
type WatchedBody = watchedBody

// Watch returns such a body.
func Watch(request context.Context, cancel func(), body io.ReadCloser, patience time.Duration) *WatchedBody {
	return watch(request, cancel, body, patience)
}

// Armed stops the timer and reports whether it ran.
func (w *WatchedBody) Armed() bool { return w.timer.Stop() }

// ErrIdle is the error of a body whose host sends nothing.
var ErrIdle = errIdle
