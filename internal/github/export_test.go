package github

import (
	"net/http"
	"time"
)

// Over sends everything through next.
func (s *Service) Over(next http.RoundTripper) { s.transport = retry{next: next, pauses: growing} }

// LosePatienceAfter gives up a host that sends nothing for so long.
func (c *Client) LosePatienceAfter(d time.Duration) { c.patience = d }

// The bounds that tests come up to.
const (
	MaxAnswer          = maxAnswer
	MaxAggregateReport = maxAggregateReport
	MaxConcurrent      = maxConcurrent
	MaxLinks           = maxLinks
)
