package verify

import (
	"context"
	"slices"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// gather asks GitHub: first whose token it is, then everything else side by side. The days are asked for together
// with what tells whether they may be, and stopped when they may not: that saves those who may a round trip.
func (e *evidence) gather(ctx context.Context, gh GitHub) {
	e.organizationErr, e.roleErr, e.planErr, e.seatsErr, e.creditsErr, e.access =
		errNotAsked, errNotAsked, errNotAsked, errNotAsked, errNotAsked, errNotAsked
	e.role = connector.RoleUnknown

	if e.identity, e.identityErr = gh.Identity(ctx); e.identityErr != nil {
		return // asking on with a refused token gets its owner locked out
	}
	account := e.request.Account
	if e.fineGrained() && e.onEnterprise() {
		// GitHub lets no fine-grained token read an enterprise. It is asked once all the same: that may change.
		if e.access = probe(ctx, gh, account); e.access != nil {
			return
		}
	}

	var all, whether sync.WaitGroup // whether: what tells if the account exists
	if e.onEnterprise() {
		whether.Go(func() { e.listSeats(ctx, gh) })
	} else {
		whether.Go(func() { e.organizationErr = gh.FindOrganization(ctx, account.Slug) })
		all.Go(func() { e.role, e.roleErr = gh.Role(ctx, account.Slug) })
		all.Go(func() { e.plan, e.planErr = gh.Subscription(ctx, account.Slug) })
		all.Go(func() { e.listSeats(ctx, gh) })
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	all.Go(func() {
		if e.access = probe(ctx, gh, account); refused(e.access) {
			stop()
		}
		if connector.Is(e.access, connector.CodeNotFound) {
			// No report yet, no access, or no such account: the last makes the days pointless.
			if whether.Wait(); !e.exists() {
				stop()
			}
		}
	})
	all.Go(func() { e.creditsErr = gh.Credits(ctx, account, connector.DateOf(e.now)) })
	all.Go(func() { e.readDays(reading, gh) })
	all.Wait()
	whether.Wait()
	if e.planErr == nil {
		e.seats = cost.WithPlan(e.seats, e.plan)
	}
	e.settleAccess()
	e.findOtherScope(ctx, gh)
}

func (e *evidence) listSeats(ctx context.Context, gh GitHub) {
	var grants []cost.Seat
	grants, e.seated, e.seatsErr = gh.Seats(ctx, e.request.Account, maxSeatPages)
	e.seats = cost.OnePerPerson(grants)
}

// probe asks for a report without reading it. That none is there is an answer too.
func probe(ctx context.Context, gh GitHub, account connector.Account) error {
	err := gh.LatestReport(ctx, account)
	if connector.Is(err, connector.CodeNoReport) {
		return nil
	}
	return err
}

// exists says whether the account can be seen; only meaningful once that was asked.
func (e *evidence) exists() bool {
	if e.onEnterprise() {
		return !connector.Is(e.seatsErr, connector.CodeNotFound)
	}
	return e.organizationErr == nil
}

// readDays reads both parts of all days side by side; what bounds the calls under way is the GitHub client.
func (e *evidence) readDays(ctx context.Context, gh GitHub) {
	window := connector.LastDays(previewDays, e.now)
	for _, date := range window.Days() {
		e.days = append(e.days, dayEvidence{date: date})
	}
	var wg sync.WaitGroup
	for i := range e.days {
		wg.Go(func() { e.days[i].readUsage(ctx, gh, e.request.Account) })
	}
	for i := range e.days {
		wg.Go(func() { e.days[i].readPeople(ctx, gh, e.request.Account) })
	}
	wg.Wait()
}

// settleAccess corrects the probe by what came after it.
func (e *evidence) settleAccess() {
	switch {
	case e.access == nil:
		if allRefused := !slices.ContainsFunc(e.days, func(d dayEvidence) bool { return !refused(d.usageErr) }); allRefused {
			e.access = e.days[0].usageErr
		}
	case slices.ContainsFunc(e.days, dayEvidence.answered):
		e.access = nil
	case connector.Is(e.access, connector.CodeNotFound) && e.exists() && e.privileged() && !e.noCopilot():
		e.access = nil // all is 404, to somebody who may read reports: there is none yet
	}
}

// answered says that GitHub handed the day out, or said that it has none: it would not say so to a stranger.
func (d dayEvidence) answered() bool {
	return d.usage != nil || connector.Is(d.usageErr, connector.CodeNoReport)
}

// refused says that GitHub answered and does not let the token in.
func refused(err error) bool {
	return connector.Is(err, connector.CodeTokenRefused, connector.CodeTokenRules, connector.CodeSSORequired,
		connector.CodePolicyOff, connector.CodePermission, connector.CodeNotPrivileged, connector.CodeRefused)
}

func (d *dayEvidence) readUsage(ctx context.Context, gh GitHub, account connector.Account) {
	reader := metrics.NewAggregateReader(d.date)
	if d.usageErr = gh.Report(ctx, account, metrics.Aggregate, d.date, reader.ReadPart); d.usageErr == nil {
		d.usage, d.usageErr = reader.Usage()
	}
}

func (d *dayEvidence) readPeople(ctx context.Context, gh GitHub, account connector.Account) {
	reader := metrics.NewPeopleReader(d.date)
	if d.peopleErr = gh.Report(ctx, account, metrics.PerUser, d.date, reader.ReadPart); d.peopleErr == nil {
		d.people = reader.People()
	}
}

// findOtherScope looks for the slug among the accounts of the other scope when it is not one of this.
func (e *evidence) findOtherScope(ctx context.Context, gh GitHub) {
	if !connector.Is(e.access, connector.CodeNotFound) || e.exists() {
		return
	}
	if e.onEnterprise() {
		e.otherScope = gh.FindOrganization(ctx, e.request.Account.Slug) == nil
		return
	}
	enterprise := e.request.Account
	enterprise.Scope = connector.Enterprise
	err := gh.LatestReport(ctx, enterprise)
	e.otherScope = err == nil || connector.Is(err, connector.CodeNoReport, connector.CodePolicyOff,
		connector.CodeNotPrivileged, connector.CodeSSORequired)
}
