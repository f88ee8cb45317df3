package github

import (
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
