package verify

import (
	"cmp"
	"context"
	"strings"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/reports"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// gather asks GitHub in four rounds of calls, because the GitHub client allows 14 calls at a time (decision 3):
// first whose token it is, beside the first page of seats; then the aggregates of all days; then their per-user reports;
// and once their links are known everything else, while the reports are downloaded. A refused token is sent at most twice.
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
	organization := make(chan string, 1) // one that grants seats; closed without one where there is none
	list := func() {
		defer close(organization)
		seats.grants, seats.seated, seats.err = gh.SeatsPausing(ctx, account, maxSeatPages, func(first []seat.Seat) {
			if len(first) > 0 {
				organization <- first[0].Organization
			}
			links.wait(ctx)
		})
	}
	if e.isApp() {
		if e.open(ctx, gh); e.identityErr != nil {
			return
		}
		account = e.request.Account // an installation of the stack's App tells it
	}
	hopeless := e.fineGrained() && e.onEnterprise()
	if !hopeless {
		wg.Go(list)
	}
	if !e.isApp() {
		e.identity, e.identityErr = gh.Identity(ctx)
	}
	if e.identityErr != nil {
		return // GitHub locks the owner out for a while if a refused token is sent again and again
	}
	if hopeless {
		// GitHub lets no fine-grained token read an enterprise. This may change, so we ask once.
		if _, e.probeErr = gh.Report(ctx, account, reports.Aggregate, e.days[0].date); !fault.CodeOf(e.probeErr).Granted() {
			return
		}
		wg.Go(list)
	}

	owner := metrics.Owner{Scope: account.Scope, ID: e.request.AccountID}
	for i := range e.days {
		wg.Go(func() { e.days[i].read(ctx, gh, account, owner, links) })
	}
	links.wait(ctx)
	if !e.onEnterprise() {
		wg.Go(func() { e.organization, e.organizationErr = gh.FindOrganization(ctx, account.Slug) })
		if !e.isApp() { // there is no person with a role
			wg.Go(func() { e.role, e.roleErr = gh.Role(ctx, account.Slug) })
		}
		wg.Go(func() { e.plan, e.planErr = gh.Subscription(ctx, account.Slug) })
	}
	wg.Go(func() { e.bill, e.creditsErr = gh.Credits(ctx, account, calendar.DateOf(e.now)) })
	wg.Go(func() { e.budgets, e.budgetsErr = gh.Budgets(ctx, account) })
	if day := links.newest(); day != 0 {
		wg.Go(func() { _, e.teamsErr = gh.Report(ctx, account, reports.UserTeams, day) })
	}
	if e.onEnterprise() {
		wg.Go(func() { e.centers, e.centersErr = gh.CostCenters(ctx, account) })
		wg.Go(func() {
			if e.divided.Name = <-organization; e.divided.Name != "" {
				_, e.dividedErr = gh.CreditsOf(ctx, account, calendar.DateOf(e.now), e.divided)
			}
		})
	}
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

// open finds the App's installation. After an error it still keeps the known part. An installation of the stack's App also tells the
// account where it was not named.
func (e *evidence) open(ctx context.Context, gh GitHub) {
	var known credential.Installation
	if e.bound() { // a proof is compared with the account, which may have another name now
		known.AccountID = e.request.AccountID
	}
	installation, err := gh.Open(ctx, e.request.Account, known)
	e.identity, e.identityErr = credential.Identity{App: installation.After(e.request.App)}, err
	if account := &e.request.Account; e.bound() {
		account.Scope, account.Slug = cmp.Or(account.Scope, installation.AccountScope), cmp.Or(account.Slug, installation.AccountSlug)
	}
	if fault.Is(err, fault.Renamed) {
		e.newName = installation.AccountSlug
	}
}

// read reads both parts of the day. It asks for the second part after GitHub has handed out the first, so a token without rights
// causes half as many refusals. It calls linked when only files remain to be downloaded.
func (d *dayEvidence) read(ctx context.Context, gh GitHub, account copilot.Account, owner metrics.Owner, links *links) {
	var aggregate reports.Report
	if aggregate, d.usageErr = gh.Report(ctx, account, reports.Aggregate, d.date); d.usageErr != nil {
		links.add()
		d.linked = fault.Is(d.usageErr, fault.ReportBroken) // GitHub let us in, but the file is not a report
		return
	}
	d.linked = true
	links.grant(d.date)
	var wg sync.WaitGroup
	wg.Go(func() {
		reader := metrics.NewAggregateReader(d.date, owner)
		if d.usageErr = aggregate.Whole(ctx, reader.ReadPart); d.usageErr == nil {
			d.usage, d.usageErr = reader.Usage()
			d.accountID = reader.AccountID()
		}
	})
	wg.Go(func() {
		var perUser reports.Report
		perUser, d.peopleErr = gh.Report(ctx, account, reports.PerUser, d.date)
		links.add()
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

// findNewName asks for the organization's present name if its old name leads nowhere, or to another organization.
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

// findOtherScope looks for the slug among the accounts of the other scope if GitHub shows nothing in this scope.
func (e *evidence) findOtherScope(ctx context.Context, gh GitHub) {
	if e.isApp() || e.exists() || e.anyDay(func(d dayEvidence) bool { return !fault.Is(d.usageErr, fault.NotFound) }) {
		return
	}
	if e.onEnterprise() {
		_, err := gh.FindOrganization(ctx, e.request.Account.Slug)
		e.otherScope = err == nil
		return
	}
	enterprise := e.request.Account
	enterprise.Scope = copilot.Enterprise
	_, err := gh.Report(ctx, enterprise, reports.Aggregate, e.days[0].date)
	e.otherScope = fault.CodeOf(err).ShowsAccount()
}
