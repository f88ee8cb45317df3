package vault

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Mover moves the tokens of a stack from one vault to another, while the stack works. It needs the rights to read tokens
// and to store them, which no other function has together: a stack has a mover only while it moves.
type Mover struct {
	Store interface {
		Due(ctx context.Context, after connector.Ref, limit int) ([]connector.Ref, error)
		Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error)
	}
	From interface {
		Get(ctx context.Context, tenant, id string) (credential.Token, error)
		Delete(ctx context.Context, tenant, id string) error
	}
	To interface {
		// Add stores a token where there is none, and leaves one that is there.
		Add(ctx context.Context, tenant, id string, token credential.Token) error
		Delete(ctx context.Context, tenant, id string) error
	}
	Log *slog.Logger
}

// Moved counts connectors. A run that is repeated finishes what one before has left.
type Moved struct {
	Connectors int  `json:"connectors"` // looked at
	Moved      int  `json:"moved"`      // whose token has moved in this run
	Failed     int  `json:"failed"`     // whose token has not; the log says why
	Complete   bool `json:"complete"`   // every connector was looked at, and none failed: no token is left in From
}

const (
	movedAtOnce = 16   // side by side; Secrets Manager takes some thousand calls a second
	listedAt    = 1000 // a page of the list of connectors
)

// Move moves every token that lies in From, until the context ends. It may be repeated.
func (m Mover) Move(ctx context.Context) (Moved, error) {
	var looked, moved, failed atomic.Int64
	refs := make(chan connector.Ref)
	var workers sync.WaitGroup
	for range movedAtOnce {
		workers.Go(func() {
			for ref := range refs {
				looked.Add(1)
				there, err := m.move(ctx, ref)
				switch {
				case err != nil:
					failed.Add(1)
					m.Log.ErrorContext(ctx, "token not moved", "tenant", ref.Tenant, "connector", ref.ID, "error", err)
				case there:
					moved.Add(1)
				}
			}
		})
	}
	err := m.list(ctx, refs)
	close(refs)
	workers.Wait()
	result := Moved{Connectors: int(looked.Load()), Moved: int(moved.Load()), Failed: int(failed.Load())}
	result.Complete = err == nil && result.Failed == 0
	if ctx.Err() != nil { // a run that is out of time is no failure: it tells how far it came
		return result, nil
	}
	return result, err
}

func (m Mover) list(ctx context.Context, refs chan<- connector.Ref) error {
	var after connector.Ref
	for {
		page, err := m.Store.Due(ctx, after, listedAt)
		if err != nil {
			return fmt.Errorf("list connectors: %w", err)
		}
		for _, ref := range page {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			refs <- ref
		}
		if len(page) < listedAt {
			return nil
		}
		after = page[len(page)-1]
	}
}

// move copies the token before it removes the original, so that a crash in between loses nothing. It never replaces a
// token in To: a rotation has put a newer one there. A deletion marks the connector first and removes the tokens then;
// one that came between the two reads of this function is seen by the second.
func (m Mover) move(ctx context.Context, ref connector.Ref) (there bool, err error) {
	token, err := m.From.Get(ctx, ref.Tenant, ref.ID)
	if fault.Is(err, fault.NoToken) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := m.To.Add(ctx, ref.Tenant, ref.ID, token); err != nil {
		return false, err
	}
	c, err := m.Store.Connector(ctx, ref)
	if err != nil {
		return false, err
	}
	if c == nil || c.Phase == connector.Deleting {
		if err := m.To.Delete(ctx, ref.Tenant, ref.ID); err != nil {
			return false, err
		}
	}
	return true, m.From.Delete(ctx, ref.Tenant, ref.ID)
}
