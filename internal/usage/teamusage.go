package usage

import (
	"context"
	"math/big"
	"strings"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// TeamUsage returns the days of a range with what the people of one team did. With compare it also returns the totals of the same
// number of days before. Numbers that GitHub gives only for the whole account are nil.
func (r Reader) TeamUsage(ctx context.Context, c *connector.Connector, days calendar.Range, name string, compare bool) (Usage, error) {
	all := days
	if compare {
		all.From = days.From - (days.To - days.From + 1)
	}
	var active *ledger.Active
	var teams *ledger.TeamRange
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) { active, err = r.Store.ActiveDays(reading, c.Ref, all); return err })
	group.Go(func() (err error) { teams, err = r.Store.Teams(reading, c.Ref, all); return err })
	if err := group.Wait(); err != nil {
		return Usage{}, err
	}
	of := &teamUsage{Reader: r, c: c, active: active, teams: teams, name: name}
	list, totals, err := of.usage(ctx, days)
	if err != nil || !compare {
		return Usage{Days: list, Totals: totals}, err
	}
	before := calendar.Range{From: all.From, To: days.From - 1}
	_, previous, err := of.usage(ctx, before)
	return Usage{Days: list, Totals: totals, Previous: &Previous{From: before.From, To: before.To, Totals: previous}}, err
}

// teamUsage is what a team did.
type teamUsage struct {
	Reader
	c      *connector.Connector
	active *ledger.Active
	teams  *ledger.TeamRange
	name   string // letter case does not matter
}

func (t *teamUsage) usage(ctx context.Context, days calendar.Range) ([]metrics.Day, metrics.Totals, error) {
	if err := fault.InTime(ctx, "add up a team"); err != nil {
		return nil, metrics.Totals{}, err
	}
	heads := t.heads(days)
	if !t.c.Veil().ShowsGroup(int(heads.People)) && heads.People > 0 {
		return nil, metrics.Totals{}, t.c.Veil().Open() // the same error as for lists of people
	}
	list := t.fill(t.c, days, t.active.In(days))
	whole := everybodyKnown(t.active, days)
	done := t.teams.Total(days)
	sum, used := new(team.Sum), metrics.Credits(0)
	for name, credits := range done.Credits() {
		if strings.EqualFold(name, t.name) {
			sum, used = done.Teams[name], credits
		}
	}
	credits, withData := metrics.CreditsUsed(list)
	exact := make([]*big.Rat, len(list))
	for i := range list {
		exact[i] = new(big.Rat)
		if did := t.on(list[i].Date); did != nil {
			exact[i] = did.Exact()
		}
	}
	parts := team.Divided(used, exact)
	for i := range list {
		day := &list[i]
		credited := day.CreditsUsed != nil
		day.Usage = metrics.Usage{}
		if day.Revision == 0 {
			continue
		}
		if did := t.on(day.Date); did != nil && t.known(day.Date) {
			day.Usage = usageOf(did, did.Active, did.Engaged)
			if credited {
				day.CreditsUsed = &parts[i]
			}
		}
	}
	totals := metrics.Totals{DaysWithData: withData, People: metrics.PeopleShortOf(list)}
	if whole && withData > 0 {
		totals.Usage = usageOf(sum, heads.Active, heads.Engaged)
		if credits != nil {
			totals.CreditsUsed = &used
		}
	}
	return list, totals, nil
}

// on returns what the team did on a day. The numbers are 0 if nobody was in it. The result is nil if the day is not stored.
func (t *teamUsage) on(date calendar.Date) *team.Sum {
	day := t.teams.Sums[date]
	if day == nil {
		return nil
	}
	for name, sum := range day.Sums.Teams {
		if strings.EqualFold(name, t.name) {
			return sum
		}
	}
	return new(team.Sum)
}

// known reports whether everybody who was active on a day is known.
func (t *teamUsage) known(date calendar.Date) bool {
	return everybodyKnown(t.active, calendar.Range{From: date, To: date})
}

// heads counts the distinct people of the team.
func (t *teamUsage) heads(days calendar.Range) team.Heads {
	var months []team.People
	for i, month := range t.teams.Months {
		if days.From <= month.First.EndOfMonth() && month.First <= days.To {
			months = append(months, team.People{Days: days, Teams: month, Seats: &team.Month{First: month.First}, Active: t.active.Months[i]})
		}
	}
	for name, heads := range team.Count(months, nil).Teams {
		if strings.EqualFold(name, t.name) {
			return *heads
		}
	}
	return team.Heads{}
}

// usageOf returns what the per-user reports tell about a group of people.
func usageOf(did *team.Sum, active, engaged int64) metrics.Usage {
	u := metrics.Usage{
		ActiveUsers: &active, EngagedUsers: &engaged,
		Chat: &metrics.Chat{Interactions: did.Count(did.Interactions)},
		Completions: &metrics.Completions{
			Suggested: did.Count(did.Suggested), Accepted: did.Count(did.Accepted), LinesAccepted: did.Count(did.LinesAccepted),
			ByEditor: notReported(), ByLanguage: notReported(), ByModel: notReported(),
		},
	}
	if suggested, accepted := u.Completions.Suggested, u.Completions.Accepted; suggested != nil && accepted != nil {
		u.Completions.AcceptanceRate = metrics.Share(*accepted, *suggested)
	}
	return u
}

func notReported() metrics.Breakdown {
	return metrics.Breakdown{Basis: metrics.BasisNotReported, Rows: []metrics.CompletionRow{}}
}
