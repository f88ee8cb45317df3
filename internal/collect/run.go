package collect

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// run is one task on one connector, and what has come of it so far.
type run struct {
	Collector
	task  connector.Task
	conn  *connector.Connector // as it was when the run began
	began time.Time
	tidy  context.Context //nolint:containedctx // lives as long as the run; has time left when the work's is over

	token    credential.Token
	gitHub   GitHub
	identity *credential.Identity // nil: GitHub has not told whose token it is

	planned []calendar.Date // newest first

	reading      sync.Mutex // one per-user report at a time: they are what takes memory. It guards the two below
	usersRefused error      // that GitHub refuses per-user reports, though not the others
	resumed      map[calendar.Date]bool

	mu   sync.Mutex
	days map[calendar.Date]dayResult
	stop error // what keeps everything else from being asked, too
	lost int   // days that failed in a row by trouble that passes

	advanced atomic.Bool // a report was read on: there is progress without a day

	seats seatsResult

	billAsked  bool
	billErr    error          // what came of the bill of the month that runs
	billBroken error          // why the bill of some month was not taken, although GitHub gave one
	billsFinal *calendar.Date // nil: no more bills are final than before

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
		if refusal(err) {
			r.diagnose(ctx)
		}
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
	if refusal(r.stop) || r.stop == nil && r.hidden(ctx) {
		r.diagnose(ctx)
	}
}

// diagnose has Verify tell cause and cure.
func (r *run) diagnose(ctx context.Context) {
	result := r.Verifier.Verify(ctx, verify.Request{Account: r.conn.Account, Token: r.token, IdleAfterDays: r.conn.IdleAfterDays})
	r.cause = &result
}

// atOnce is how many days are read side by side.
const atOnce = 4

// readDays reads the planned days, those planned first first, until something stops everything.
func (r *run) readDays(ctx context.Context) {
	dates := make(chan calendar.Date, len(r.planned))
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
				r.halt(&fault.Error{Code: fault.Internal, Op: "poll connector", Err: errPanic})
			}
		}()
		f()
	}
}

// lostInARow is how many days in a row may fail by trouble that passes before the rest need not be tried: one that fails
// by itself keeps no other back.
const lostInARow = 3

// note keeps what came of a day, and stops the rest where it would fare alike. That per-user reports are refused keeps no
// aggregate from being read.
func (r *run) note(date calendar.Date, result dayResult) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.days[date] = result
	lost := result.err
	if !passes(lost) {
		lost = result.usersErr
	}
	switch r.lost++; {
	case !passes(lost):
		r.lost = 0
	case r.lost == lostInARow && r.stop == nil:
		r.stop = lost
	}
	switch {
	case r.stop != nil:
	case stops(result.err):
		r.stop = result.err
	case stops(result.usersErr) && !refusal(result.usersErr):
		r.stop = result.usersErr
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
func stops(err error) bool { return fault.EndsAll(err) }

// passes says that the trouble is likely to be over soon.
func passes(err error) bool { return fault.ClassOf(err) == fault.Transient }

// refusal says that GitHub answered and does not let the token in, for a cause that Verify can tell. A refused token
// is not asked with again.
func refusal(err error) bool { return fault.ClassOf(err) == fault.Denied }

// hidden says that GitHub answered 404 to everything, which it does for reports that are not there, and to somebody whom
// it does not let in any more. A report that was there before tells.
func (r *run) hidden(ctx context.Context) bool {
	for _, d := range r.days {
		if !fault.Is(d.err, fault.NotFound) {
			return false
		}
	}
	if len(r.days) == 0 {
		return false
	}
	known := r.conn.LatestFinalDay
	if known == nil {
		return true
	}
	_, err := r.gitHub.Report(ctx, r.conn.Account, metrics.Aggregate, *known)
	return err != nil
}

// denied says that Verify has found that the reports are not to be had until somebody does something about it. Then that
// there was none says nothing about the days.
func (r *run) denied() bool { return r.cause != nil && !r.cause.OK && r.cause.Unasked == nil }

// complete says that the run has looked at all it had planned.
func (r *run) complete() bool { return r.stop == nil && (r.cause == nil || r.cause.OK) }
