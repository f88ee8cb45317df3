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

// Mover moves the tokens of a stack from one vault to another while the stack is in use. It needs the rights to read and to
// store tokens. No other function has both, so a stack has a mover only during the move.
type Mover struct {
	Store interface {
		Due(ctx context.Context, after connector.Ref, limit int) ([]connector.Due, error)
		Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error)
	}
	From interface {
		Get(ctx context.Context, tenant, id string) (credential.Token, error)
		Delete(ctx context.Context, tenant, id string) error
	}
	To interface {
		// Add stores a token if there is none. It leaves an existing token unchanged.
		Add(ctx context.Context, tenant, id string, token credential.Token) error
		Delete(ctx context.Context, tenant, id string) error
	}
	Log *slog.Logger
}

// Moved counts connectors. A repeated run continues where the previous one stopped.
type Moved struct {
	Connectors int  `json:"connectors"` // connectors that this run has looked at
	Moved      int  `json:"moved"`      // connectors whose token this run has moved
	Failed     int  `json:"failed"`     // connectors whose token could not be moved; the log says why
	Complete   bool `json:"complete"`   // the run has looked at every connector and none failed: no token is left in From
}

const (
	movedAtOnce = 16   // concurrent moves; Secrets Manager allows some thousand calls a second
	listedAt    = 1000 // connectors on a page of the list
)

// Move moves every token that is in From, until the context ends. It may be repeated.
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
	if ctx.Err() != nil { // running out of time is no failure: the result says how far the run came
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
		for _, due := range page {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			refs <- due.Ref
		}
		if len(page) < listedAt {
			return nil
		}
		after = page[len(page)-1].Ref
	}
}

// move copies the token before it removes the original, so that a crash between the two loses nothing. It never replaces a
// token in To, because a rotation has put that newer token there. A deletion marks the connector before it removes the tokens;
// move reads the connector a second time to notice a deletion that happened during the copy.
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
