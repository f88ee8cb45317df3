package verify

import (
	"context"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// gather asks GitHub in four steps, each of which needs the one before: whose token it is, what it may read,
// which reports there are, and the reports themselves.
func (e *evidence) gather(ctx context.Context, gh GitHub) {
	e.organizationErr, e.roleErr, e.planErr, e.seatsErr, e.creditsErr, e.access =
		errNotAsked, errNotAsked, errNotAsked, errNotAsked, errNotAsked, errNotAsked
	e.role = connector.RoleUnknown

	if e.identity, e.identityErr = gh.Identity(ctx); e.identityErr != nil {
		return // asking on with a refused token gets its owner locked out
	}
	if e.fineGrained() && e.onEnterprise() {
		// GitHub lets no fine-grained token read an enterprise. It is asked once all the same: that may change.
		if e.access = e.probe(ctx, gh); e.access != nil {
			return
		}
	}

	account := e.request.Account
	var all, whether sync.WaitGroup // whether: what tells if the account exists
	if e.onEnterprise() {
		whether.Go(func() { e.listSeats(ctx, gh) })
	} else {
		whether.Go(func() { e.organizationErr = gh.FindOrganization(ctx, account.Slug) })
		all.Go(func() { e.role, e.roleErr = gh.Role(ctx, account.Slug) })
		all.Go(func() { e.plan, e.planErr = gh.Subscription(ctx, account.Slug) })
		all.Go(func() { e.listSeats(ctx, gh) })
	}
	all.Go(func() { e.creditsErr = gh.Credits(ctx, account, connector.DateOf(e.now)) })
	all.Go(func() {
		if e.access != nil {
			e.access = e.probe(ctx, gh)
		}
		switch {
		case e.access == nil:
			e.readDays(ctx, gh, readUsage, readPeople)
		case connector.Is(e.access, connector.CodeNotFound):
			if whether.Wait(); e.exists() {
				e.readDoubtfulDays(ctx, gh)
			}
		}
	})
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
func (e *evidence) probe(ctx context.Context, gh GitHub) error {
	err := gh.LatestReport(ctx, e.request.Account)
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

type readPart func(ctx context.Context, gh GitHub, account connector.Account, d *dayEvidence)

// readDays reads parts of all days side by side; what bounds the calls under way is the GitHub client.
func (e *evidence) readDays(ctx context.Context, gh GitHub, parts ...readPart) {
	window := connector.LastDays(previewDays, e.now)
	if e.days == nil {
		for _, date := range window.Days() {
			e.days = append(e.days, dayEvidence{date: date, usageErr: errNotAsked, peopleErr: errNotAsked})
		}
	}
	var wg sync.WaitGroup
	for _, read := range parts {
		for i := range e.days {
			wg.Go(func() { read(ctx, gh, e.request.Account, &e.days[i]) })
		}
	}
	wg.Wait()
}

// readDoubtfulDays goes on where the latest report is a 404 although the account is there: no report yet, or
// no access. A single day that GitHub hands out, or says it has not, tells that there is access.
func (e *evidence) readDoubtfulDays(ctx context.Context, gh GitHub) {
	e.readDays(ctx, gh, readUsage)
	for i := range e.days {
		if d := &e.days[i]; d.usage != nil || connector.Is(d.usageErr, connector.CodeNoReport) {
			e.access = nil
		}
	}
	if e.access == nil {
		e.readDays(ctx, gh, readPeople)
	}
}

// settleAccess corrects the probe by what came after it. Somebody who may read reports and meets only 404 has no
// report yet; and a refusal that every day met is a refusal, whatever the probe said.
func (e *evidence) settleAccess() {
	if connector.Is(e.access, connector.CodeNotFound) && e.exists() && e.privileged() && !e.noCopilot() {
		e.access = nil
		return
	}
	if e.access != nil {
		return
	}
	for i := range e.days {
		if !refused(e.days[i].usageErr) {
			return
		}
	}
	e.access = e.days[0].usageErr
}

// refused says that GitHub answered and does not let the token in.
func refused(err error) bool {
	return connector.Is(err, connector.CodeTokenRefused, connector.CodeTokenRules, connector.CodeSSORequired,
		connector.CodePolicyOff, connector.CodePermission, connector.CodeNotPrivileged, connector.CodeRefused)
}

func readUsage(ctx context.Context, gh GitHub, account connector.Account, d *dayEvidence) {
	reader := metrics.NewAggregateReader(d.date)
	if d.usageErr = gh.Report(ctx, account, metrics.Aggregate, d.date, reader.ReadPart); d.usageErr == nil {
		d.usage, d.usageErr = reader.Usage()
	}
}

func readPeople(ctx context.Context, gh GitHub, account connector.Account, d *dayEvidence) {
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
