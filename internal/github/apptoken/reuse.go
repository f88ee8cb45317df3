package apptoken

import (
	"context"
	"time"
)

// Reuse returns a Signer that returns the last JWT of another Signer again while it has enough time left.
func Reuse(signer Signer, now func() time.Time) Signer {
	return &reused{signer: signer, now: now, turn: newTurn()}
}

// jwtLeft is the least time that a reused JWT has left.
const jwtLeft = 2 * time.Minute

type reused struct {
	signer Signer
	now    func() time.Time

	turn turn
	last JWT // read and written in turn
}

func (r *reused) JWT(ctx context.Context) (JWT, error) {
	if err := r.turn.take(ctx, "get a JWT"); err != nil {
		return JWT{}, err
	}
	defer r.turn.end()
	if left := r.last.Expires.Sub(r.now()); left >= jwtLeft && left <= livesFor {
		return r.last, nil
	}
	fresh, err := r.signer.JWT(ctx)
	if err == nil {
		r.last = fresh
	}
	return fresh, err
}
