package verify

import (
	"context"
	"io"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
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
		if oldest := &e.days[0]; !oldest.readUsage(ctx, gh, account) {
			return
		}
	}

	var wg sync.WaitGroup
	if !e.onEnterprise() {
		wg.Go(func() { e.organizationErr = gh.FindOrganization(ctx, account.Slug) })
		wg.Go(func() { e.role, e.roleErr = gh.Role(ctx, account.Slug) })
		wg.Go(func() { e.plan, e.planErr = gh.Subscription(ctx, account.Slug) })
	}
	wg.Go(func() { e.listSeats(ctx, gh) })
	wg.Go(func() { e.creditsErr = gh.Credits(ctx, account, connector.DateOf(e.now)) })
	for i := range e.days {
		wg.Go(func() {
			if d := &e.days[i]; d.readUsage(ctx, gh, account) {
				d.readPeople(ctx, gh, account)
			}
		})
	}
	wg.Wait()
	if e.planErr == nil {
		e.seats = cost.WithPlan(e.seats, e.plan)
	}
	e.findOtherScope(ctx, gh)
}

func (e *evidence) listSeats(ctx context.Context, gh GitHub) {
	var grants []cost.Seat
	grants, e.seated, e.seatsErr = gh.Seats(ctx, e.request.Account, maxSeatPages)
	e.seats = cost.OnePerPerson(grants)
}

// readUsage says whether it is of use to ask on: GitHub has neither refused the report nor hidden it.
func (d *dayEvidence) readUsage(ctx context.Context, gh GitHub, account connector.Account) bool {
	reader := metrics.NewAggregateReader(d.date)
	if d.usageErr = gh.Report(ctx, account, metrics.Aggregate, d.date, reader.ReadPart); d.usageErr == nil {
		d.usage, d.usageErr = reader.Usage()
	}
	return !refused(d.usageErr) && !connector.Is(d.usageErr, connector.CodeNotFound)
}

func (d *dayEvidence) readPeople(ctx context.Context, gh GitHub, account connector.Account) {
	reader := metrics.NewPeopleReader(d.date)
	if d.peopleErr = gh.Report(ctx, account, metrics.PerUser, d.date, reader.ReadPart); d.peopleErr == nil {
		d.people = reader.People()
	}
}

// findOtherScope looks for the slug among the accounts of the other scope when nothing is to be seen in this.
func (e *evidence) findOtherScope(ctx context.Context, gh GitHub) {
	if e.exists() || e.anyDay(func(d dayEvidence) bool { return !connector.Is(d.usageErr, connector.CodeNotFound) }) {
		return
	}
	if e.onEnterprise() {
		e.otherScope = gh.FindOrganization(ctx, e.request.Account.Slug) == nil
		return
	}
	enterprise := e.request.Account
	enterprise.Scope = connector.Enterprise
	err := gh.Report(ctx, enterprise, metrics.Aggregate, e.days[0].date, func(io.Reader) error { return nil })
	e.otherScope = err == nil || connector.Is(err, connector.CodeNoReport, connector.CodePolicyOff,
		connector.CodeNotPrivileged, connector.CodeSSORequired)
}
