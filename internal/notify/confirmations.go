package notify

import (
	"context"
	"slices"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

const (
	// confirmationsHold is how long an answer about a connector's recipients is reused. The API shows a new confirmation after
	// this time at the latest.
	confirmationsHold = 5 * time.Minute

	// confirmationsHeld is the largest number of answers in memory.
	confirmationsHeld = 1000
)

// Confirmations caches the states of a connector's recipients for five minutes, so that repeated reads of a connector do not ask
// SNS each time. Each instance of a function has its own cache.
type Confirmations struct {
	post interface {
		Confirmations(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error)
	}
	now func() time.Time

	mu   sync.Mutex
	held map[connector.Ref]confirmations
}

type confirmations struct {
	emails     []string // the addresses in the answer
	recipients []connector.Recipient
	until      time.Time
}

// NewConfirmations returns a cache for the answers of post.
func NewConfirmations(post interface {
	Confirmations(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error)
}, now func() time.Time,
) *Confirmations {
	return &Confirmations{post: post, now: now, held: map[connector.Ref]confirmations{}}
}

// Confirmations returns the state of each address. The answer is at most five minutes old.
func (s *Confirmations) Confirmations(ctx context.Context, ref connector.Ref, emails []string) ([]connector.Recipient, error) {
	s.mu.Lock()
	held, found := s.held[ref]
	s.mu.Unlock()
	if found && s.now().Before(held.until) && slices.Equal(held.emails, emails) {
		return slices.Clone(held.recipients), nil
	}
	recipients, err := s.post.Confirmations(ctx, ref, emails)
	if err != nil {
		return recipients, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.held) >= confirmationsHeld {
		clear(s.held)
	}
	s.held[ref] = confirmations{slices.Clone(emails), slices.Clone(recipients), s.now().Add(confirmationsHold)}
	return recipients, nil
}
