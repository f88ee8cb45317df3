package usage

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// pages reads the pages with everybody's numbers of some days.
type pages struct {
	Reader
	ref     connector.Ref
	veil    privacy.Veil
	gone    []int64 // people who must be forgotten and are still in the store
	days    []ledger.Head
	short   *metrics.PeopleShort // the days on which people are missing
	credits *metrics.Credits     // the credits of everybody; nil: unknown

	// held is the last page that was read of each day, or nil. If a day has fewer pages than other days, the next reading needs this
	// page again.
	held map[calendar.Date]heldPage
}

func (r Reader) pagesOf(c *connector.Connector, heads []ledger.Head) *pages {
	days := make([]metrics.Day, len(heads))
	for i := range heads {
		days[i] = metrics.Day{State: metrics.Final, People: heads[i].PeopleRead()} // any state with numbers would do
		days[i].ActiveUsers, days[i].CreditsUsed = heads[i].ActiveUsers, heads[i].CreditsUsed
	}
	credits, _ := metrics.CreditsUsed(days)
	return &pages{Reader: r, ref: c.Ref, veil: c.Veil(), gone: c.ForgetNow(), days: heads, short: metrics.PeopleShortOf(days), credits: credits}
}

// holding makes p keep the last page of each day.
func (p *pages) holding() *pages {
	p.held = map[calendar.Date]heldPage{}
	return p
}

type heldPage struct {
	number int
	text   []byte
}

// some returns about usersAtOnce people, beginning at a hash, and the hash at which to continue. It reads all their pages at once.
func (p *pages) some(ctx context.Context, hash uint64) (answer Users, goesOn *uint64, err error) {
	finest, people := finestPages(p.days)
	from := shard.Page(hash, finest)
	to := min(from+pagesFor(usersAtOnce, finest, people), finest)
	of := shard.Pages(from, to-1, finest)
	of.From = max(of.From, hash)
	users, err := p.sums(ctx, of)
	if err != nil {
		return Users{}, nil, err
	}
	if to < finest {
		goesOn = new(of.To + 1)
	}
	slices.SortFunc(users, func(a, b metrics.UserUsage) int {
		return cmp.Or(compareLogins(&a, &b), cmp.Compare(a.UserID, b.UserID))
	})
	return Users{People: p.short, Users: users}, goesOn, nil
}

// sums returns the sums of the people with a range of hashes, in any order, under the names that the veil shows.
func (p *pages) sums(ctx context.Context, of shard.Range) ([]metrics.UserUsage, error) {
	read, err := p.read(ctx, of)
	if err != nil {
		return nil, err
	}
	var sums metrics.UserSums
	for i, day := range p.days {
		if err := fault.InTime(ctx, "add up people"); err != nil {
			return nil, err
		}
		for _, text := range read[i] {
			if err := sums.AddPage(day.Date, text, of); err != nil {
				return nil, broken(day.Date, err)
			}
		}
	}
	users := slices.DeleteFunc(sums.Usage(), func(u metrics.UserUsage) bool { return slices.Contains(p.gone, u.UserID) })
	for i := range users {
		users[i].Login = p.veil.Login(users[i].UserID, users[i].Login)
		if used := users[i].CreditsUsed; used != nil && p.credits != nil {
			users[i].CreditsShare = metrics.Share(int64(*used), int64(*p.credits))
		}
	}
	return users, nil
}

// pagesFor returns how many of all pages hold about so many people.
func pagesFor(some, pages int, people int64) int {
	if people == 0 {
		return 1
	}
	return max(int((int64(some)*int64(pages)+people/2)/people), 1)
}

// read returns the pages of each day that hold the people with a range of hashes.
func (p *pages) read(ctx context.Context, of shard.Range) ([][][]byte, error) {
	read, err := p.Store.UsersPages(ctx, p.ref, p.days, func(day ledger.Head) (first, last int) {
		first, last = pagesWith(of, day)
		if held, ok := p.held[day.Date]; ok && held.number == first {
			first++
		}
		return first, last
	})
	if err != nil {
		return nil, err
	}
	list := make([][][]byte, len(p.days))
	for i, day := range p.days {
		if day.Users == nil {
			continue
		}
		first, last := pagesWith(of, day)
		texts := read[day.Date]
		if len(texts) <= last-first {
			texts = append([][]byte{p.held[day.Date].text}, texts...)
		}
		for _, text := range texts {
			if text == nil {
				return nil, broken(day.Date, errors.New("a page is not there"))
			}
		}
		if p.held != nil {
			p.held[day.Date] = heldPage{last, texts[len(texts)-1]}
		}
		list[i] = texts
	}
	return list, nil
}

// pagesWith returns the first and the last page of a day that hold a range of hashes.
func pagesWith(of shard.Range, day ledger.Head) (first, last int) {
	return shard.Page(of.From, day.Users.Pages), shard.Page(of.To, day.Users.Pages)
}

// finestPages returns the largest number of pages of a day, and the largest number of people of a day with that many pages.
func finestPages(heads []ledger.Head) (pages int, people int64) {
	pages = 1
	for i := range heads {
		if users := heads[i].Users; users != nil && users.Pages >= pages {
			if users.Pages > pages {
				pages, people = users.Pages, 0
			}
			people = max(people, users.People)
		}
	}
	return pages, people
}
