package notify

import (
	"context"
	"slices"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

const (
	// standingHolds is how long an answer about a connector's recipients is reused. The API shows a new confirmation after
	// this time at the latest.
	standingHolds = 5 * time.Minute

	// standingsHeld is the largest number of answers in memory.
	standingsHeld = 1000
)

// Standings caches the states of a connector's recipients for five minutes, so that repeated reads of a connector do not ask
// SNS each time. Each instance of a function has its own cache.
type Standings struct {
	post interface {
		Standing(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error)
	}
	now func() time.Time

	mu   sync.Mutex
	held map[connector.Ref]standing
}

type standing struct {
	emails     []string // the addresses in the answer
	recipients []connector.Recipient
	until      time.Time
}

// NewStandings returns a cache for the answers of post.
func NewStandings(post interface {
	Standing(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error)
}, now func() time.Time,
) *Standings {
	return &Standings{post: post, now: now, held: map[connector.Ref]standing{}}
}

// Standing returns the state of each address. The answer is at most five minutes old.
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
