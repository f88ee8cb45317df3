package apptoken

import (
	"context"
	"sync"
	"time"
)

// Reuse returns a Signer that returns the last JWT of another Signer again while it has enough time left.
func Reuse(signer Signer, now func() time.Time) Signer {
	return &reused{signer: signer, now: now}
}

// jwtLeft is the least time that a reused JWT has left.
const jwtLeft = 2 * time.Minute

type reused struct {
	signer Signer
	now    func() time.Time

	mu   sync.Mutex
	last JWT
}

func (r *reused) JWT(ctx context.Context) (JWT, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if left := r.last.Expires.Sub(r.now()); left >= jwtLeft && left <= livesFor {
		return r.last, nil
	}
	fresh, err := r.signer.JWT(ctx)
	if err == nil {
		r.last = fresh
	}
	return fresh, err
}
