// Package collect is the use case of the daily poll and the backfill. It queues a task for each connector, and brings one connector's
// days, seats and bills up to date. A run plans, reads (read.go), judges and applies (apply.go); the rules for it are in package poll. What
// could not be read whole changes nothing. The connector's status tells it, and the next poll tries again. The package must not know HTTP, AWS
// or how an answer looks. Start reading at Collector.Run.
package collect

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/resume"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// GitHub is what a poll asks of GitHub with one credential. Its errors are fault.Errors with a code.
type GitHub interface {
	verify.GitHub
	Identity(ctx context.Context) (credential.Identity, error)
	FindOrganization(ctx context.Context, slug string) (copilot.Profile, error)
	Subscription(ctx context.Context, slug string) (copilot.Plan, error)
	Seats(ctx context.Context, account copilot.Account, maxPages int) (grants []seat.Seat, announced int, err error)
	Credits(ctx context.Context, account copilot.Account, day calendar.Date) (*cost.CreditBill, error)
	CreditsOf(ctx context.Context, enterprise copilot.Account, day calendar.Date, part cost.PartBill) (*cost.CreditBill, error)
	CostCenters(ctx context.Context, enterprise copilot.Account) ([]cost.PartBill, error)
	Budgets(ctx context.Context, account copilot.Account) ([]cost.Budget, error)
	Report(ctx context.Context, account copilot.Account, kind reports.Kind, day calendar.Date) (reports.Report, error)
}

// Store is the part of the store that a poll uses.
type Store interface {
	Connector(ctx context.Context, ref connector.Ref) (*connector.Connector, error)
	Change(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error)
	Rename(ctx context.Context, ref connector.Ref, name string, note func(*connector.Connector)) (holder *connector.Connector, err error)
	Retire(ctx context.Context, ref connector.Ref, change func(*connector.Connector) error) (*connector.Connector, error)
	Remove(ctx context.Context, c *connector.Connector) error

	Acquire(ctx context.Context, ref connector.Ref, owner string, until time.Time) (bool, error)
	Release(ctx context.Context, ref connector.Ref, owner string) error

	Days(ctx context.Context, ref connector.Ref, days calendar.Range) ([]ledger.Day, error)
	Day(ctx context.Context, ref connector.Ref, date calendar.Date) (*ledger.Day, error)
	Commit(ctx context.Context, ref connector.Ref, day ledger.Day, people *ledger.PackedPeople) error
	KeepRepositories(ctx context.Context, ref connector.Ref, date calendar.Date, text []byte) error
	KeepRecord(ctx context.Context, ref connector.Ref, date calendar.Date, record []byte) error
	Settle(ctx context.Context, ref connector.Ref, day ledger.Day) error
	KeepMembership(ctx context.Context, ref connector.Ref, date calendar.Date, of *team.Membership) (hash string, err error)
	PutTeamDay(ctx context.Context, ref connector.Ref, day ledger.TeamDay) error
	KeepTeams(ctx context.Context, ref connector.Ref, month calendar.Date) error
	KeepActive(ctx context.Context, ref connector.Ref, months ...calendar.Date) error
	KeepTenures(ctx context.Context, ref connector.Ref, month calendar.Date) error
	KeepUsers(ctx context.Context, ref connector.Ref, month calendar.Date) error

	Partial(ctx context.Context, ref connector.Ref, date calendar.Date) (*resume.Partial, error)
	SavePartial(ctx context.Context, ref connector.Ref, date calendar.Date, p resume.Partial) error
	DropPartial(ctx context.Context, ref connector.Ref, date calendar.Date) error

	RemovePeople(ctx context.Context, ref connector.Ref, date calendar.Date) error
	TidyActive(ctx context.Context, ref connector.Ref, days calendar.Range, running calendar.Date) error
	Forget(ctx context.Context, ref connector.Ref, date calendar.Date, ids []int64) error
	ForgetMonth(ctx context.Context, ref connector.Ref, month calendar.Date, ids []int64) error
	RenewYear(ctx context.Context, ref connector.Ref, running calendar.Date) error

	PutSeats(ctx context.Context, ref connector.Ref, date calendar.Date, snapshot seat.Snapshot) error
	PutBill(ctx context.Context, ref connector.Ref, day calendar.Date, bill cost.CreditBill) error
	Bill(ctx context.Context, ref connector.Ref, day calendar.Date) (*cost.CreditBill, error)
	PutBillParts(ctx context.Context, ref connector.Ref, day calendar.Date, parts cost.Parts) error
	BillParts(ctx context.Context, ref connector.Ref, day calendar.Date) (cost.Parts, error)
}

// Vault keeps credentials. Get fails with fault.NoToken if there is none.
type Vault interface {
	Get(ctx context.Context, tenant, id string) (credential.Token, error)
	Delete(ctx context.Context, tenant, id string) error
}

// Queue keeps tasks for later.
type Queue interface {
	SendLater(ctx context.Context, task connector.Task, delay time.Duration) error
}

// Notifier tells people what happened to a connector.
type Notifier interface {
	// Flush sends the notices that wait in the connector and takes them out of it.
	Flush(ctx context.Context, c *connector.Connector) (sent int, err error)
}

// Recipients manages who gets a connector's mails.
type Recipients interface {
	// Forget unsubscribes everybody.
	Forget(ctx context.Context, ref connector.Ref) error
}

// SeatCounter counts the seats of the snapshots of some days by status, and stores the counts.
type SeatCounter interface {
	CountSeats(ctx context.Context, c *connector.Connector, days calendar.Range) error
}

// Collector brings connectors up to date. Connect must not send anything.
type Collector struct {
	Connect  func(host string, token credential.Token) GitHub
	Verifier interface {
		Verify(ctx context.Context, request verify.Request) verify.Result
	}
	Store      Store
	Vault      Vault
	Queue      Queue
	Notifier   Notifier
	Recipients Recipients
	Seats      SeatCounter
	Now        func() time.Time
	Log        *slog.Logger

	// KeepPeopleDays bounds for how many days people are kept. A connector can choose fewer days. 0 means no bound.
	KeepPeopleDays int

	// Pause is how long the backfill waits after each of its steps, to leave GitHub's rate limit to others.
	Pause time.Duration
}

const (
	// MaxRun bounds a run, and so the time-out of the Lambda. Work that takes longer continues in another run.
	MaxRun = 5 * time.Minute

	// margin is the time at the end of a run that is kept for storing results.
	margin = 15 * time.Second

	// leaseGrace is how long a lease lasts after the run's time, because a run may end a little late.
	leaseGrace = 30 * time.Second

	// whileBusy is how long a task waits if another run works on the same connector.
	whileBusy = time.Minute
)

// Run does a task. A task may come twice or late: to repeat it writes only what is new. An error is trouble of our own, and the task
// must be repeated. Trouble with GitHub is no error: the connector's status tells it.
func (c Collector) Run(ctx context.Context, task connector.Task) error {
	conn, err := c.Store.Connector(ctx, task.Ref())
	switch {
	case err != nil:
		return err
	case conn == nil: // deleted in the meantime
		return nil
	case conn.Phase != connector.Live:
		return c.clearAway(ctx, task, conn)
	}
	if wait := c.untilTurn(task, conn); wait > 0 {
		return c.Queue.SendLater(ctx, task, wait) // the queue may deliver it earlier, and it waits again
	}

	ctx, cancel := context.WithTimeout(ctx, MaxRun) // the earlier of the two deadlines counts
	defer cancel()
	deadline, _ := ctx.Deadline()

	owner, began := connector.NewID(), c.Now()
	free, err := c.Store.Acquire(ctx, task.Ref(), owner, began.Add(MaxRun+leaseGrace))
	if err != nil {
		return err
	}
	if !free {
		return c.Queue.SendLater(ctx, task, whileBusy)
	}
	release := sync.OnceFunc(func() {
		// If this fails, the lease ends by itself later. This delays the connector and loses nothing.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := c.Store.Release(ctx, task.Ref(), owner); err != nil {
			c.Log.WarnContext(ctx, "lease not released", "tenant", task.Tenant, "connector", task.Connector, "error", err)
		}
	})
	defer release()

	// Another run may have ended just now, or the connector may be gone.
	if conn, err = c.Store.Connector(ctx, task.Ref()); err != nil || conn == nil || conn.Phase != connector.Live {
		return err
	}
	if task.Reason == connector.ReasonOlder && conn.Backfill == nil { // the task was delivered twice and is already done
		return nil
	}
	next, err := c.do(ctx, deadline, task, conn, began)
	release() // a task that comes at once must not find the connector busy
	for _, follows := range next {
		if err := c.Queue.SendLater(ctx, follows.Task, follows.Delay); err != nil {
			return err
		}
	}
	return err
}

// do does the work of a task under the connector's lease. It returns the tasks that follow, also beside an error.
func (c Collector) do(ctx context.Context, deadline time.Time, task connector.Task, conn *connector.Connector, began time.Time) ([]poll.FollowUp, error) {
	spare, over := context.WithDeadline(ctx, deadline.Add(-MaxRun/2))
	defer over()
	if task.Reason == connector.ReasonForget {
		return c.takeOut(ctx, spare, task, conn, began)
	}
	if err := c.dropStray(ctx, conn); err != nil {
		return nil, err
	}
	work, stop := context.WithDeadline(ctx, deadline.Add(-margin))
	defer stop()
	return c.apply(ctx, work, spare, c.read(work, spare, ctx, task, conn, began))
}
