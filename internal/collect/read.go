package collect

import (
	"context"
	"errors"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// reader reads from GitHub what a run must read. It stores each day at once, because many days do not fit into memory.
type reader struct {
	Collector
	gitHub GitHub
	tidy   context.Context //nolint:containedctx // lives as long as the run; has time left when the work's is over
	owner  owner

	reading turn                   // one per-user report at a time, because they need memory; it guards the next two fields
	resumed map[calendar.Date]bool // days of which a report was read in part before
	probed  bool                   // a report that existed before was requested again

	mu        sync.Mutex // guards the results so far
	found     reading
	newFields map[string]bool // the fields that were logged
}

// turn is a lock that is held while we wait for GitHub. Unlike sync.Mutex, it lets the clock of a synctest bubble run in the meantime.
type turn chan struct{}

func (t turn) Lock()   { t <- struct{}{} }
func (t turn) Unlock() { <-t }

// read first asks whose token it is, because a refused token must not be used any more, and to whom the name belongs. Then it reads
// everything else at the same time.
func (c Collector) read(ctx, tidy context.Context, task connector.Task, conn *connector.Connector, began time.Time) reading {
	r := &reader{
		Collector: c, tidy: tidy, reading: make(turn, 1), owner: owner{scope: conn.Scope, id: conn.AccountID}, resumed: map[calendar.Date]bool{}, newFields: map[string]bool{},
		found: reading{task: task, conn: conn, began: began, pause: c.Pause, days: map[calendar.Date]dayReading{}},
	}
	token, err := c.credential(ctx, conn)
	if err != nil {
		r.found.stop = err
		return r.found
	}
	isApp := token.Kind().IsApp()
	r.found.token = &tokenInUse{kind: token.Kind(), fingerprint: token.Fingerprint()}
	if app, own := token.App(); own {
		r.found.token.keyFingerprint, r.found.token.clientID = app.KeyFingerprint(), app.ClientID
	}
	r.gitHub = c.Connect(conn.Host, token)
	defer r.gitHub.Close(tidy)
	r.everything(ctx)
	if r.found.followed || r.found.movesOn() {
		return r.found
	}
	if r.found.refused() || isApp && r.appRefused() || r.hidden(ctx) {
		request := verify.Request{
			Account: conn.Account, AccountID: conn.AccountID, Token: token, IdleAfterDays: conn.IdleAfterDays,
		}
		if isApp { // a run may make only a few calls that the App's key signs
			request.Using, request.App = r.gitHub, conn.Credential.App
		}
		r.found.cause = new(c.Verifier.Verify(ctx, request))
	}
	r.found.accountID = r.owner.shown()
	return r.found
}

// credential returns what opens the account: a secret out of the vault, or the installation of the stack's App, which needs none.
func (c Collector) credential(ctx context.Context, conn *connector.Connector) (credential.Token, error) {
	if app := conn.Credential.App; conn.Credential.Kind == credential.GitHubAppInstallation && app != nil {
		return credential.Proved(app.ID), nil
	}
	return c.Vault.Get(ctx, conn.Tenant, conn.ID)
}

// appRefused reports whether GitHub does not let a GitHub App in any more, for a cause that Verify can find.
func (r *reader) appRefused() bool {
	return fault.CodeOf(r.found.stop).Gone() || fault.Is(r.found.stop, fault.ClockWrong)
}

// findOwner asks for the owner of a token, or for the installation of a GitHub App on the account.
func (r *reader) findOwner(ctx context.Context) error {
	if !r.found.token.kind.IsApp() {
		identity, err := r.gitHub.Identity(ctx)
		if err == nil {
			r.found.identity = &identity
		}
		return err
	}
	installation, err := r.gitHub.Open(ctx, r.found.conn.Account, r.known())
	if installation.AccountID != "" {
		r.found.identity = &credential.Identity{App: &installation}
	}
	if other := r.owner.see(installation.AccountID); other != nil {
		return other // also where the name differs: that is not the account under a new name
	}
	if fault.Is(err, fault.Renamed) && r.found.conn.AccountID != "" && !r.found.task.Followed {
		return r.follow(ctx, installation.AccountSlug, err)
	}
	return err
}

// known returns what is known of the installation. Another key of the same App, which a crashed rotation has left, opens the same one.
func (r *reader) known() credential.Installation {
	conn, token := r.found.conn, r.found.token
	known := credential.Installation{AccountID: conn.AccountID}
	if app := conn.Credential.App; app != nil && (token.fingerprint == conn.Credential.Fingerprint || token.clientID != "" && token.clientID == app.ClientID) {
		known.ID = app.ID
	}
	return known
}

func (r *reader) everything(ctx context.Context) {
	if err := r.findOwner(ctx); err != nil {
		r.found.stop = err
		return
	}
	if err := r.findAccount(ctx); err != nil {
		r.found.stop = err
		return
	}
	conn, task, today := r.found.conn, r.found.task, calendar.DateOf(r.found.began)
	stored, err := r.Store.Days(ctx, conn.Ref, span(conn, task, today))
	if err != nil {
		r.found.stop = err
		return
	}
	r.found.agenda = plan(conn, task, today, stored)

	var wg sync.WaitGroup
	var seats seatsRead
	var bills billsRead
	if r.found.agenda.seatsAndCost {
		wg.Go(r.guarded(func() { seats = r.readSeats(ctx) }))
		wg.Go(r.guarded(func() { bills = r.readBills(ctx) }))
	}
	r.readDays(ctx)
	r.keepActive()
	wg.Wait()
	if r.found.agenda.seatsAndCost {
		r.found.seats, r.found.bills = r.keepSeats(seats), r.keepBills(bills)
		r.found.parts = r.readParts(ctx, seats)
	}
	r.keepTeams() // after the seats, which may name teams
	r.keepTenures()
}

// findAccount asks for the organization's id. It ignores most errors, because the reports show the same trouble more exactly.
func (r *reader) findAccount(ctx context.Context) error {
	conn := r.found.conn
	if conn.Scope != copilot.Organization {
		return nil // GitHub tells the id of an enterprise only in its reports
	}
	profile, err := r.gitHub.FindOrganization(ctx, conn.Slug)
	switch {
	case fault.Is(err, fault.Renamed, fault.TokenRefused, fault.RateLimited):
		return err
	case err != nil:
		return nil //nolint:nilerr // documented
	}
	return r.owner.see(profile.ID)
}

const (
	// atOnce is how many days are read side by side.
	atOnce = 4

	// lostInARow is the number of neighbouring days on the agenda after whose transient failures the run gives up.
	lostInARow = 3
)

// readDays reads the days of the agenda in their order, until something ends the run.
func (r *reader) readDays(ctx context.Context) {
	dates := make(chan calendar.Date, len(r.found.agenda.days))
	for _, date := range r.found.agenda.days {
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
				r.note(date, r.readDay(ctx, date))
				r.lookForHidden(ctx)
			}
		}))
	}
	wg.Wait()
	r.disown()
}

// disown forgets the days whose reports belong to another account, and ends the run, unless other reports belong to the account. It is
// called after all days were read, because days end in any order.
func (r *reader) disown() {
	if r.owner.reports() {
		return
	}
	for date, d := range r.found.days {
		if fault.Is(d.err, fault.OtherAccount) {
			r.halt(d.err)
			delete(r.found.days, date)
		}
	}
}

// note keeps the result of a day. It ends the run if the other days would fail in the same way. If only per-user reports are refused, the
// aggregates are still read.
func (r *reader) note(date calendar.Date, d dayReading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found.days[date] = d
	switch {
	case r.found.stop != nil:
	case fault.CodeOf(d.err).EndsAll():
		r.found.stop = d.err
	case fault.CodeOf(d.peopleErr()).EndsAll() && !fault.CodeOf(d.peopleErr()).Denied():
		r.found.stop = d.peopleErr()
	case !lastAttempt(r.found.task): // the last attempt reads what it can, so that single days do not stop the others for ever
		r.found.stop = r.lost()
	}
}

// lost returns the last error if lostInARow neighbouring days on the agenda all had transient failures. Days end in any order.
func (r *reader) lost() error {
	row := 0
	for _, date := range r.found.agenda.days {
		d, looked := r.found.days[date]
		if row++; !looked || !d.transient() {
			row = 0
		}
		if row == lostInARow {
			return d.anyErr()
		}
	}
	return nil
}

func (r *reader) halt(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.found.stop == nil {
		r.found.stop = err
	}
}

func (r *reader) halted() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.found.stop != nil
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
