package collect

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// seatsResult is what came of the seats.
type seatsResult struct {
	asked bool
	plan  copilot.Plan // unknown where GitHub does not tell
	err   error
}

// maxSeatPages bounds the seats read: GitHub gives 100 at once.
const maxSeatPages = verify.SeatsPolled / 100

// readSeats keeps a snapshot of the seats as that of today. Where GitHub fails to tell the plan that stands for those it does
// not name, it is as it was; where nobody knows it, the snapshot before stands.
func (r *run) readSeats(ctx context.Context) {
	r.seats = seatsResult{asked: true, plan: copilot.PlanUnknown}
	grants, announced, err := r.gitHub.Seats(ctx, r.conn.Account, maxSeatPages)
	var planErr error
	if r.conn.Scope == copilot.Organization {
		if r.seats.plan, planErr = r.gitHub.Subscription(ctx, r.conn.Slug); planErr != nil {
			r.seats.plan = cmp.Or(r.conn.Plan, copilot.PlanUnknown)
		}
	}
	unnamed := slices.ContainsFunc(grants, func(grant seat.Seat) bool { return grant.Plan == "" })
	if err == nil && unnamed && r.seats.plan == copilot.PlanUnknown {
		err = planErr
	}
	if fault.Is(err, fault.TokenRefused) {
		r.halt(err)
	}
	if err != nil {
		r.seats.err = err
		return
	}
	grants = seat.WithPlan(grants, r.seats.plan)
	if r.seats.plan == copilot.PlanUnknown {
		r.seats.plan = seat.HighestPlan(grants)
	}
	r.seats.err = r.Store.PutSeats(r.tidy, r.conn.Ref, calendar.DateOf(r.began), seat.Snapshot{
		AsOf: r.Now().UTC().Truncate(time.Second), Plan: r.seats.plan, Seats: grants, NotListed: seat.NotListed(grants, announced),
	})
}
