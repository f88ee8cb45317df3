package collect

import (
	"context"
	"errors"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// reader reads from GitHub what a run must read. It stores each day at once, because many days do not fit into memory.
type reader struct {
	Collector
	gitHub GitHub
	tidy   context.Context //nolint:containedctx // lives as long as the run; has time left when the work's is over
	spare  context.Context //nolint:containedctx // its end is the only thing that counts: from then on nothing is begun that can wait
	owner  owner

	reading turn                   // one per-user report at a time, because they need memory; it guards the next two fields
	resumed map[calendar.Date]bool // days of which a report was read in part before
	probed  bool                   // a report that existed before was requested again

	mu        sync.Mutex // guards the results so far
	found     poll.Reading
	newFields map[string]bool // the fields that were logged
}

// turn is a lock that is held while we wait for GitHub. Unlike sync.Mutex, it lets the clock of a synctest bubble run in the meantime.
type turn chan struct{}

func (t turn) Lock()   { t <- struct{}{} }
func (t turn) Unlock() { <-t }

// read first asks whose token it is, because a refused token must not be used any more, and to whom the name belongs. Then it reads
// everything else at the same time.
func (c Collector) read(ctx, spare, tidy context.Context, task connector.Task, conn *connector.Connector, began time.Time) poll.Reading {
	r := &reader{
		Collector: c, tidy: tidy, spare: spare, reading: make(turn, 1), owner: owner{scope: conn.Scope, id: conn.AccountID},
		resumed: map[calendar.Date]bool{}, newFields: map[string]bool{},
		found: poll.Reading{Task: task, Conn: conn, Began: began, Pause: c.Pause, Days: map[calendar.Date]poll.Day{}},
	}
	token, err := c.credential(ctx, conn)
	if err != nil {
		r.found.Stop = err
		return r.found
	}
	isApp := token.Kind().IsApp()
	r.found.Token = &poll.Token{Kind: token.Kind(), Fingerprint: token.Fingerprint()}
	if app, own := token.App(); own {
		r.found.Token.KeyFingerprint, r.found.Token.ClientID = app.KeyFingerprint(), app.ClientID
	}
	r.gitHub = c.Connect(conn.Host, token)
	defer r.gitHub.Close(tidy)
	r.everything(ctx)
	if r.found.Followed || r.found.MovesOn() {
		return r.found
	}
	if r.found.Refused() || isApp && r.appRefused() || r.hidden(ctx) {
		request := verify.Request{
			Account: conn.Account, AccountID: conn.AccountID, Token: token, IdleAfterDays: conn.IdleAfterDays, Billing: conn.Wanted().Billing,
		}
		if isApp { // a run may make only a few calls that the App's key signs
			request.Using, request.App = r.gitHub, conn.Credential.App
		}
		r.found.Verified = new(c.Verifier.Verify(ctx, request))
	}
	r.found.AccountID = r.owner.shown()
	return r.found
}

// appRefused reports whether GitHub does not let a GitHub App in any more, for a cause that Verify can find.
func (r *reader) appRefused() bool {
	return fault.CodeOf(r.found.Stop).EndsCredential() || fault.Is(r.found.Stop, fault.ClockWrong)
}

func (r *reader) everything(ctx context.Context) {
	if err := r.findOwner(ctx); err != nil {
		r.found.Stop = err
		return
	}
	if err := r.findAccount(ctx); err != nil {
		r.found.Stop = err
		return
	}
	conn, task, today := r.found.Conn, r.found.Task, calendar.DateOf(r.found.Began)
	stored, err := r.Store.Days(ctx, conn.Ref, poll.Span(conn, task, today))
	if err != nil {
		r.found.Stop = err
		return
	}
	r.found.Agenda = poll.Plan(conn, task, today, stored)

	var wg sync.WaitGroup
	var seats seatsRead
	var bills billsRead
	if r.found.Agenda.SeatsAndCost {
		wg.Go(r.guarded(func() { seats = r.readSeats(ctx) }))
		wg.Go(r.guarded(func() { bills = r.readBills(ctx) }))
	}
	r.readDays(ctx)
	r.keepActive()
	wg.Wait()
	if r.found.Agenda.SeatsAndCost {
		r.found.Seats, r.found.Bills = r.keepSeats(seats), r.keepBills(bills)
		r.found.Parts = r.readParts(ctx, seats)
	}
	r.keepTeams() // after the seats, which may name teams
	r.keepPastMonths(ctx)
}

func (r *reader) halt(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.found.Stop == nil {
		r.found.Stop = err
	}
}

func (r *reader) halted() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.found.Stop != nil
}

var errPanic = errors.New("it panicked")

// guarded recovers a panic in a goroutine, so that it does not end the process and the work for other connectors.
func (r *reader) guarded(f func()) func() {
	return func() {
		defer func() {
			if cause := recover(); cause != nil {
				// The cause may hold anything, even a token.
				r.halt(&fault.Error{Code: fault.Internal, Op: "poll connector", Err: errPanic})
			}
		}()
		f()
	}
}
