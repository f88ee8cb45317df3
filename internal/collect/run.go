package collect

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// run is one task on one connector, and what has come of it so far.
type run struct {
	Collector
	task  connector.Task
	conn  *connector.Connector // as it was when the run began
	began time.Time
	tidy  context.Context //nolint:containedctx // lives as long as the run; has time left when the work's is over

	token    connector.Token
	gitHub   GitHub
	identity *connector.Identity // nil: GitHub has not told whose token it is

	planned []connector.Date // newest first
	reading sync.Mutex       // one per-user report at a time: they are what takes memory

	mu   sync.Mutex
	days map[connector.Date]dayResult
	stop error // what keeps everything else from being asked, too

	advanced atomic.Bool // a report was read on: there is progress without a day

	seats seatsResult
	bills []error // of each month that was asked for
	cause *verify.Result // what Verify says where GitHub refuses the reports
}

// poll asks GitHub: first whose token it is, for a refused token must not be used any more.
func (r *run) poll(ctx context.Context) {
	var err error
	if r.token, err = r.Vault.Get(ctx, r.conn.Tenant, r.conn.ID); err != nil {
		r.stop = err
		return
	}
	r.gitHub = r.Connect(r.conn.Host, r.token)
	identity, err := r.gitHub.Identity(ctx)
	if err != nil {
		r.stop = err
		return
	}
	r.identity = &identity

	var wg sync.WaitGroup
	if r.task.Reason != connector.ReasonOlder && r.task.Reason != connector.ReasonResume {
		wg.Go(r.guarded(func() { r.readSeats(ctx) }))
		wg.Go(r.guarded(func() { r.readBills(ctx) }))
	}
	if r.planned, err = r.plan(ctx); err != nil {
		r.halt(err)
	} else {
		r.readDays(ctx)
	}
	wg.Wait()
	if r.refused() {
		result := r.Verifier.Verify(ctx, verify.Request{Account: r.conn.Account, Token: r.token, IdleAfterDays: r.conn.IdleAfterDays})
		r.cause = &result
	}
}

// atOnce is how many days are read side by side.
const atOnce = 4

// readDays reads the planned days, those planned first first, until something stops everything.
func (r *run) readDays(ctx context.Context) {
	dates := make(chan connector.Date, len(r.planned))
	for _, date := range r.planned {
		dates <- date
	}
	close(dates)
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(r.guarded(func() {
			for date := range dates {
				if r.halted() {
					return
				}
				result := r.readDay(ctx, date)
				r.note(date, result)
			}
		}))
	}
	wg.Wait()
}

// guarded keeps a panic in a goroutine of its own from ending the process, and with it other connectors' work.
func (r *run) guarded(f func()) func() {
	return func() {
		defer func() {
			if cause := recover(); cause != nil {
				// The cause may hold anything, a token too.
				r.halt(&connector.Error{Code: connector.CodeInternal, Op: "poll connector", Err: errPanic})
			}
		}()
		f()
	}
}

func (r *run) note(date connector.Date, result dayResult) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.days[date] = result
	for _, err := range []error{result.err, result.usersErr} {
		if r.stop == nil && stops(err) {
			r.stop = err
		}
	}
}

func (r *run) halt(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop == nil {
		r.stop = err
	}
}

func (r *run) halted() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stop != nil
}

// stops says that after this error nothing else need be asked: it would fare alike.
func stops(err error) bool {
	switch connector.CodeOf(err) {
	case "", connector.CodeNoReport, connector.CodeNotFound, connector.CodeReportBroken, connector.CodeLinkRefused,
		connector.CodeReportChanged, connector.CodeTooMany, connector.CodeUnexpected, connector.CodeConflict:
		return false
	}
	return true
}

// refusal says that GitHub answered and does not let the token in, for a cause that Verify can tell. A refused token
// is not asked with again.
func refusal(err error) bool {
	return connector.Is(err, connector.CodeTokenRules, connector.CodeSSORequired, connector.CodePolicyOff, connector.CodePermission,
		connector.CodeNotPrivileged, connector.CodeRefused)
}

// refused says that no report is to be had. A 404 to each is that too, or all are late; Verify can tell.
func (r *run) refused() bool {
	if r.stop != nil {
		return refusal(r.stop)
	}
	hidden := 0
	for _, d := range r.days {
		if !connector.Is(d.err, connector.CodeNotFound) {
			return false
		}
		hidden++
	}
	return hidden > 0
}

// seatsResult is what came of the seats.
type seatsResult struct {
	asked bool
	plan  connector.Plan // unknown where GitHub does not tell
	err   error
}

// maxSeatPages bounds the seats read to 80,000: GitHub lets a token ask 900 times a minute.
const maxSeatPages = 800

// readSeats keeps a snapshot of the seats for the day of the poll.
func (r *run) readSeats(ctx context.Context) {
	r.seats = seatsResult{asked: true, plan: connector.PlanUnknown}
	grants, _, err := r.gitHub.Seats(ctx, r.conn.Account, maxSeatPages)
	if r.conn.Scope == connector.Organization {
		if plan, err := r.gitHub.Subscription(ctx, r.conn.Slug); err == nil {
			r.seats.plan = plan
		}
	}
	if err != nil {
		r.seats.err = err
		return
	}
	seats := cost.WithPlan(cost.OnePerPerson(grants), r.seats.plan)
	if r.seats.plan == connector.PlanUnknown {
		r.seats.plan = cost.HighestPlan(seats)
	}
	r.seats.err = r.Store.PutSeats(r.tidy, r.conn.Ref, connector.DateOf(r.task.ScheduledFor), cost.Snapshot{
		AsOf: r.Now().UTC().Truncate(time.Second), Plan: r.seats.plan, Seats: seats,
	})
}

// billSettles is for how many days of a month the one before is read again: GitHub may still add to its bill.
const billSettles = 5

// readBills keeps the billed AI credits of the month, where the token may read them. It is no trouble where it may not.
func (r *run) readBills(ctx context.Context) {
	yesterday := connector.DateOf(r.task.ScheduledFor) - 1
	months := []connector.Date{yesterday}
	if day := yesterday.Start().Day(); day <= billSettles {
		months = append(months, yesterday-connector.Date(day))
	}
	for _, month := range months {
		bill, err := r.gitHub.Credits(ctx, r.conn.Account, month)
		if err == nil {
			err = r.Store.PutBill(r.tidy, r.conn.Ref, month, *bill)
		}
		r.bills = append(r.bills, err)
	}
}
