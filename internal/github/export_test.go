package github

import (
	"net/http"
	"time"
)

// RetryAtOnce takes the pauses between attempts away.
func (s *Service) RetryAtOnce() { s.Over(s.transport.(retry).next) }

// Over sends everything through next, without pauses between attempts.
func (s *Service) Over(next http.RoundTripper) { s.transport = retry{next: next} }

// LosePatienceAfter gives up a host that sends nothing for so long.
func (c *Client) LosePatienceAfter(d time.Duration) { c.patience = d }

// The bounds that tests come up to.
const (
	MaxAnswer          = maxAnswer
	MaxAggregateReport = maxAggregateReport
	MaxConcurrent      = maxConcurrent
	MaxLinks           = maxLinks
)
