package verify

import (
	"context"
	"strings"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// gather asks GitHub: first whose token it is, then everything else side by side. What bounds the calls under way
// is the GitHub client.
func (e *evidence) gather(ctx context.Context, gh GitHub) {
	if e.identity, e.identityErr = gh.Identity(ctx); e.identityErr != nil {
		return // asking on with a refused token gets its owner locked out
	}
	account := e.request.Account
	if e.fineGrained() && e.onEnterprise() {
		// GitHub lets no fine-grained token read an enterprise. It is asked once all the same: that may change.
		if _, e.probeErr = gh.Report(ctx, account, metrics.Aggregate, e.days[0].date); !fault.Granted(e.probeErr) {
			return
		}
	}

	var wg sync.WaitGroup
	if !e.onEnterprise() {
		wg.Go(func() { e.organization, e.organizationErr = gh.FindOrganization(ctx, account.Slug) })
		wg.Go(func() { e.role, e.roleErr = gh.Role(ctx, account.Slug) })
		wg.Go(func() { e.plan, e.planErr = gh.Subscription(ctx, account.Slug) })
	}
	wg.Go(func() { e.grants, e.seated, e.seatsErr = gh.Seats(ctx, account, maxSeatPages) })
	wg.Go(func() { _, e.creditsErr = gh.Credits(ctx, account, calendar.DateOf(e.now)) })
	for i := range e.days {
		wg.Go(func() { e.days[i].read(ctx, gh, account, metrics.Owner{Scope: account.Scope, ID: e.request.AccountID}) })
	}
	wg.Wait()
	plan := copilot.PlanUnknown
	if e.planErr == nil {
		plan = e.plan
	}
	e.seats = seat.OnePerPerson(seat.WithPlan(e.grants, plan), calendar.DateOf(e.now))
	e.findNewName(ctx, gh)
	e.findOtherScope(ctx, gh)
}

// read reads both parts of the day. The second is asked for once GitHub hands the first out, which spares a token
// that it refuses half of the refusals.
func (d *dayEvidence) read(ctx context.Context, gh GitHub, account copilot.Account, owner metrics.Owner) {
	var aggregate metrics.Report
	if aggregate, d.usageErr = gh.Report(ctx, account, metrics.Aggregate, d.date); d.usageErr != nil {
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
		if perUser, d.peopleErr = gh.Report(ctx, account, metrics.PerUser, d.date); d.peopleErr != nil {
			return
		}
		var roster metrics.Roster
		if d.peopleErr = perUser.Whole(ctx, metrics.NewUsersReader(d.date, owner, roster.Add).ReadPart); d.peopleErr == nil {
			d.people, d.totals = roster.People(d.date), new(roster.Totals())
		}
	})
	wg.Wait()
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
