package usage

import (
	"context"
	"math/big"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/shard"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// member adds up what a person did on their days in the team.
type member struct {
	sum     metrics.UserSum
	credits team.Parts // empty: no day has credits
}

// add adds a day on which the person was in so many teams.
func (m *member) add(date calendar.Date, u metrics.UserDay, teams uint32) {
	m.share(&u, teams)
	m.sum.Add(date, &u)
}

// addMonth adds a month on all of whose days the person was in so many teams.
func (m *member) addMonth(first calendar.Date, u metrics.UserMonth, teams uint32) {
	m.share(&u.UserDay, teams)
	m.sum.AddMonth(first, &u)
}

// share takes the credits out of u and notes that the team gets 1/teams of them.
func (m *member) share(u *metrics.UserDay, teams uint32) {
	if u.Credits != metrics.Untold {
		m.credits.Add(team.Part{Teams: teams, Credits: u.Credits})
	}
	u.Credits = metrics.Untold
}

// eachMember calls take with everybody of a team, with the sums of their days in the team. The credits of all of them add up to
// those of the team.
func (p *pages) eachMember(ctx context.Context, of *members, take func(*metrics.UserUsage)) error {
	finest, _ := p.finest()
	var wanted []int
	for id := range of.days {
		wanted = append(wanted, shard.Page(shard.Hash(id), finest))
	}
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	all := map[int64]*member{}
	pace, done := p.pace(len(wanted)), 0
	for len(wanted) > 0 {
		some := wanted[:min(p.atOnce(), len(wanted))]
		wanted = wanted[len(some):]
		if err := p.addMembers(ctx, of, some, finest, all); err != nil {
			return err
		}
		if done += len(some); len(wanted) > 0 {
			if err := pace(done); err != nil {
				return err
			}
		}
	}
	p.hand(all, of.whole, take)
	return nil
}

// addMembers adds the people of a team who are on some of the finest pages. It adds a person's month as a whole if they were in the same
// number of teams, and in this one, on all days on which they were active. Otherwise it reads the days of the month.
func (p *pages) addMembers(ctx context.Context, of *members, some []int, finest int, all map[int64]*member) error {
	ranges := make([]shard.Range, len(some))
	for i, number := range some {
		ranges[i] = shard.Pages(number, number, finest)
	}
	read, err := p.read(ctx, ranges...)
	if err != nil {
		return err
	}
	wanted := func(userID int64) bool {
		if _, is := of.days[userID]; !is {
			return false
		}
		_, here := slices.BinarySearch(some, shard.Page(shard.Hash(userID), finest))
		return here && !slices.Contains(p.gone, userID)
	}
	months, moved, err := p.readMonths(ctx, of, read, wanted)
	if err != nil {
		return err
	}
	addDay := func(date calendar.Date, texts [][]byte, wanted func(int64) bool) error {
		for _, text := range texts {
			err := metrics.ReadSome(text, wanted, func(u *metrics.UserDay) error {
				if teams := of.teams(date, u.UserID); teams > 0 {
					of.member(all, u.UserID).add(date, *u, teams)
				}
				return nil
			})
			if err != nil {
				return broken(date, err)
			}
		}
		return nil
	}
	for i, span := range p.spans {
		if err := fault.InTime(ctx, "add up a team"); err != nil {
			return err
		}
		if !span.isMonth() {
			if err := addDay(span.Date, read[i], wanted); err != nil {
				return err
			}
			continue
		}
		for _, u := range months[span.Date] {
			if teams, _ := of.throughout(span.Date, u.UserID, u.Days); teams > 0 {
				of.member(all, u.UserID).addMonth(span.Date, u, teams)
			}
		}
		for _, day := range span.days {
			if err := addDay(day.Date, moved.texts[day.Date], moved.in(span.Date)); err != nil {
				return err
			}
		}
	}
	return nil
}

// member returns a person's sums, at first empty ones.
func (m *members) member(all map[int64]*member, userID int64) *member {
	if all[userID] == nil {
		all[userID] = new(member)
	}
	return all[userID]
}

// moves has the people who were in the team on a part of their days of a month.
type moves struct {
	ids   map[calendar.Date]map[int64]bool // by the first day of the month
	texts map[calendar.Date][][]byte       // the pages of the days of these months that have these people
}

func (m moves) in(month calendar.Date) func(userID int64) bool {
	return func(userID int64) bool { return m.ids[month][userID] }
}

// readMonths returns the wanted people of each month, except those who moved within it.
func (p *pages) readMonths(ctx context.Context, of *members, read [][][]byte, wanted func(int64) bool) (months map[calendar.Date][]metrics.UserMonth, moved moves, err error) {
	months, moved.ids = map[calendar.Date][]metrics.UserMonth{}, map[calendar.Date]map[int64]bool{}
	var days []ledger.Head
	for i, span := range p.spans {
		if !span.isMonth() {
			continue
		}
		for _, text := range read[i] {
			err := metrics.ReadMonthPage(text, wanted, func(u *metrics.UserMonth) error {
				if _, same := of.throughout(span.Date, u.UserID, u.Days); same {
					months[span.Date] = append(months[span.Date], *u)
					return nil
				}
				if moved.ids[span.Date] == nil {
					moved.ids[span.Date] = map[int64]bool{}
					heads, _ := apart(span.days)
					days = append(days, heads...)
				}
				moved.ids[span.Date][u.UserID] = true
				return nil
			})
			if err != nil {
				return nil, moved, broken(span.Date, err)
			}
		}
	}
	moved.texts, err = p.Store.UsersPages(ctx, p.ref, days, func(day ledger.Head) (numbers []int) {
		for id := range moved.ids[day.Date.FirstOfMonth()] {
			numbers = append(numbers, shard.Page(shard.Hash(id), day.Users.Pages))
		}
		slices.Sort(numbers)
		return slices.Compact(numbers)
	})
	if err != nil {
		return nil, moved, err
	}
	for date, texts := range moved.texts {
		if slices.ContainsFunc(texts, func(text []byte) bool { return text == nil }) {
			return nil, moved, broken(date, errNoPage)
		}
	}
	return months, moved, nil
}

// hand divides the team's credits among its people.
func (p *pages) hand(all map[int64]*member, whole metrics.Credits, take func(*metrics.UserUsage)) {
	ids := make([]int64, 0, len(all))
	for id := range all {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	exact := make([]*big.Rat, len(ids))
	for i, id := range ids {
		exact[i] = all[id].credits.Exact()
	}
	credits := team.Divided(whole, exact)
	for i, id := range ids {
		user := all[id].sum.Usage()
		if len(all[id].credits) > 0 {
			user.CreditsUsed = &credits[i]
			if p.credits != nil {
				user.CreditsShare = metrics.Share(int64(credits[i]), int64(*p.credits))
			}
		}
		user.Login = p.veil.Login(user.UserID, user.Login)
		take(&user)
	}
}
