package verify

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// linksWithin is how long the questions that can wait do so.
const linksWithin = 3 * time.Second

// gather asks GitHub in an order in which the calls make four rounds, for the GitHub client lets no more than 14 be under
// way: whose token it is, with the first page of seats beside that; the aggregates of all days; their per-user reports; and
// once the links of these are known, the rest, while the reports come in. A refused token is sent no more than twice.
func (e *evidence) gather(ctx context.Context, gh GitHub) {
	ctx, giveUp := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer giveUp()

	account, links := e.request.Account, newLinks(len(e.days))
	var seats struct {
		grants []seat.Seat
		seated int
		err    error
	}
	list := func() {
		seats.grants, seats.seated, seats.err = gh.SeatsPausing(ctx, account, maxSeatPages, func() { links.wait(ctx) })
	}
	hopeless := e.fineGrained() && e.onEnterprise()
	if !hopeless {
		wg.Go(list)
	}
	if e.identity, e.identityErr = gh.Identity(ctx); e.identityErr != nil {
		return // asking on with a refused token gets its owner locked out
	}
	if hopeless {
		// GitHub lets no fine-grained token read an enterprise. It is asked once all the same: that may change.
		if _, e.probeErr = gh.Report(ctx, account, metrics.Aggregate, e.days[0].date); !fault.Granted(e.probeErr) {
			return
		}
		wg.Go(list)
	}

	owner := metrics.Owner{Scope: account.Scope, ID: e.request.AccountID}
	for i := range e.days {
		wg.Go(func() { e.days[i].read(ctx, gh, account, owner, links.add) })
	}
	links.wait(ctx)
	if !e.onEnterprise() {
		wg.Go(func() { e.organization, e.organizationErr = gh.FindOrganization(ctx, account.Slug) })
		wg.Go(func() { e.role, e.roleErr = gh.Role(ctx, account.Slug) })
		wg.Go(func() { e.plan, e.planErr = gh.Subscription(ctx, account.Slug) })
	}
	wg.Go(func() { _, e.creditsErr = gh.Credits(ctx, account, calendar.DateOf(e.now)) })
	wg.Wait()
	e.grants, e.seated, e.seatsErr = seats.grants, seats.seated, seats.err
	plan := copilot.PlanUnknown
	if e.planErr == nil {
		plan = e.plan
	}
	e.seats = seat.OnePerPerson(seat.WithPlan(e.grants, plan), calendar.DateOf(e.now))
	e.findNewName(ctx, gh)
	e.findOtherScope(ctx, gh)
}

// read reads both parts of the day. The second is asked for once GitHub hands the first out, which spares a token
// that it refuses half of the refusals. It calls linked once nothing is left to be asked for but files.
func (d *dayEvidence) read(ctx context.Context, gh GitHub, account copilot.Account, owner metrics.Owner, linked func()) {
	var aggregate metrics.Report
	if aggregate, d.usageErr = gh.Report(ctx, account, metrics.Aggregate, d.date); d.usageErr != nil {
		linked()
		d.linked = fault.Is(d.usageErr, fault.ReportBroken) // GitHub let us in, though it handed out something else
		return
	}
	d.linked = true
	var wg sync.WaitGroup
	wg.Go(func() {
		reader := metrics.NewAggregateReader(d.date, owner)
		if d.usageErr = aggregate.Whole(ctx, reader.ReadPart); d.usageErr == nil {
			d.usage, d.usageErr = reader.Usage()
			d.accountID = reader.AccountID()
		}
	})
	wg.Go(func() {
		var perUser metrics.Report
		perUser, d.peopleErr = gh.Report(ctx, account, metrics.PerUser, d.date)
		linked()
		if d.peopleErr != nil {
			return
		}
		var roster metrics.Roster
		if d.peopleErr = perUser.Whole(ctx, metrics.NewUsersReader(d.date, owner, roster.Add).ReadPart); d.peopleErr == nil {
			d.people, d.totals = roster.People(d.date), new(roster.Totals())
		}
	})
	wg.Wait()
}

// links tells when those of all days' reports are known.
type links struct {
	left  atomic.Int64
	known chan struct{}
}

func newLinks(days int) *links {
	l := &links{known: make(chan struct{})}
	l.left.Store(int64(days))
	return l
}

func (l *links) add() {
	if l.left.Add(-1) == 0 {
		close(l.known)
	}
}

func (l *links) wait(ctx context.Context) {
	select {
	case <-l.known:
	case <-time.After(linksWithin):
	case <-ctx.Done():
	}
}

// findNewName asks what the organization is called now when its name leads nowhere, or to another one.
func (e *evidence) findNewName(ctx context.Context, gh GitHub) {
	id := e.request.AccountID
	if id == "" || e.onEnterprise() || e.organizationErr == nil && e.organization.ID == id ||
		e.organizationErr != nil && !fault.Is(e.organizationErr, fault.NotFound) {
		return
	}
	if now, err := gh.OrganizationByID(ctx, id); err == nil && !strings.EqualFold(now.Slug, e.request.Account.Slug) {
		e.newName = now.Slug
	}
}

// findOtherScope looks for the slug among the accounts of the other scope when nothing is to be seen in this.
func (e *evidence) findOtherScope(ctx context.Context, gh GitHub) {
	if e.exists() || e.anyDay(func(d dayEvidence) bool { return !fault.Is(d.usageErr, fault.NotFound) }) {
		return
	}
	if e.onEnterprise() {
		_, err := gh.FindOrganization(ctx, e.request.Account.Slug)
		e.otherScope = err == nil
		return
	}
	enterprise := e.request.Account
	enterprise.Scope = copilot.Enterprise
	_, err := gh.Report(ctx, enterprise, metrics.Aggregate, e.days[0].date)
	e.otherScope = fault.ShowsAccount(err)
}
