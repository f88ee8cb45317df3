package notify

import (
	"context"
	"slices"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

const (
	// standingHolds is how long an answer about a connector's recipients stands for further ones: who confirms is shown as
	// confirmed after that at the latest.
	standingHolds = 5 * time.Minute

	// standingsHeld is how many answers are held at most.
	standingsHeld = 1000
)

// Standings remembers for five minutes which of a connector's recipients are reached by mail, so that reading a connector
// time and again does not ask SNS each time. Each function's instance has its own.
type Standings struct {
	post interface {
		Standing(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error)
	}
	now func() time.Time

	mu   sync.Mutex
	held map[connector.Ref]standing
}

type standing struct {
	emails     []string // whom it is about
	recipients []connector.Recipient
	until      time.Time
}

// NewStandings asks post.
func NewStandings(post interface {
	Standing(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error)
}, now func() time.Time,
) *Standings {
	return &Standings{post: post, now: now, held: map[connector.Ref]standing{}}
}

// Standing tells which of the addresses are reached by mail, as of five minutes ago at the earliest.
func (s *Standings) Standing(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error) {
	s.mu.Lock()
	held, found := s.held[ref]
	s.mu.Unlock()
	if found && s.now().Before(held.until) && slices.Equal(held.emails, emails) {
		return slices.Clone(held.recipients), nil
	}
	recipients, err := s.post.Standing(ctx, ref, emails)
	if err != nil {
		return recipients, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.held) >= standingsHeld {
		clear(s.held)
	}
	s.held[ref] = standing{slices.Clone(emails), slices.Clone(recipients), s.now().Add(standingHolds)}
	return recipients, nil
}
