package collect

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// maxSeatPages bounds the number of seats. A page has 100.
const maxSeatPages = verify.SeatsPolled / 100

// seatsRead is a list of seats that is not stored yet.
type seatsRead struct {
	snapshot seat.Snapshot
	err      error
}

// readSeats reads the list of seats and the account's plan, which seats without a plan of their own have. If GitHub does not tell the
// account's plan, the former plan is used. If there is none, the list cannot be used.
func (r *reader) readSeats(ctx context.Context) seatsRead {
	conn, plan := r.found.Conn, copilot.PlanUnknown
	grants, announced, err := r.gitHub.Seats(ctx, conn.Account, maxSeatPages)
	var planErr error
	if conn.Scope == copilot.Organization {
		if plan, planErr = r.gitHub.Subscription(ctx, conn.Slug); planErr != nil {
			plan = cmp.Or(conn.Plan, copilot.PlanUnknown)
		}
	}
	unnamed := slices.ContainsFunc(grants, func(grant seat.Seat) bool { return grant.Plan == "" })
	if err == nil && unnamed && plan == copilot.PlanUnknown {
		err = planErr
	}
	if fault.Is(err, fault.TokenRefused) {
		r.halt(err)
	}
	if err != nil {
		return seatsRead{snapshot: seat.Snapshot{Plan: plan}, err: err}
	}
	grants = seat.WithPlan(grants, plan)
	if plan == copilot.PlanUnknown {
		plan = seat.HighestPlan(grants)
	}
	return seatsRead{snapshot: seat.Snapshot{
		AsOf: r.Now().UTC().Truncate(time.Second), Plan: plan, Seats: grants, NotListed: seat.NotListed(grants, announced),
	}}
}

// keepSeats stores the list for today if it is certain that it belongs to the account.
func (r *reader) keepSeats(read seatsRead) poll.Seats {
	err := read.err
	if err == nil {
		err = r.owner.confirmed()
	}
	if err == nil {
		today := calendar.DateOf(r.found.Began)
		if forgotten := r.found.Conn.IsForgotten(); forgotten != nil {
			read.snapshot.Seats, _ = seat.Anonymous(read.snapshot.Seats, today, forgotten)
		}
		err = r.Store.PutSeats(r.tidy, r.found.Conn.Ref, today, read.snapshot)
	}
	return poll.Seats{Asked: true, Plan: cmp.Or(read.snapshot.Plan, copilot.PlanUnknown), Err: err}
}
