package usage

import (
	"context"
	"errors"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// pages reads the pages on which everybody's numbers of some days lie.
type pages struct {
	Reader
	ref  connector.Ref
	days []ledger.Day

	// held is the last page that was read of each day. Days with fewer pages than others begin with it what is read next. nil:
	// none is held.
	held map[calendar.Date]heldPage
}

type heldPage struct {
	number int
	text   []byte
}

// some returns the people on as many pages as hold about usersAtOnce of a day, from a place on. All pages are read at once.
func (p *pages) some(ctx context.Context, next string) (Users, error) {
	place, err := parsePlace(next)
	if err != nil {
		return Users{}, err
	}
	finest, people := finestPages(p.days)
	from := pageAt(place, finest)
	to := min(from+pagesOf(usersAtOnce, finest, people), finest)
	users := totals{}
	err = p.add(ctx, between(from, to, finest), func(date calendar.Date, u *metrics.UserDay) {
		if page := metrics.PageOf(u.UserID, finest); from <= page && page < to && metrics.HashOf(u.UserID) >= place {
			users.add(date, u)
		}
	})
	if err != nil {
		return Users{}, err
	}
	answer := Users{People: short(p.days), Users: users.byLogin()}
	if to < finest {
		answer.Next = new(formatPlace(to, finest))
	}
	return answer, nil
}

// pagesOf returns how many pages hold about so many people, where all of them hold the others.
func pagesOf(some, pages int, people int64) int {
	if people == 0 {
		return 1
	}
	return max(int((int64(some)*int64(pages)+people/2)/people), 1)
}

// between tells on which of a day's pages those lie who are on some of the finest.
func between(from, to, finest int) func(ledger.Day) (first, last int) {
	return func(day ledger.Day) (first, last int) {
		return from * day.Users.Pages / finest, (to - 1) * day.Users.Pages / finest
	}
}

// add hands everybody on pages of each day to take, oldest day first.
func (p *pages) add(ctx context.Context, which func(ledger.Day) (first, last int), take func(date calendar.Date, u *metrics.UserDay)) error {
	read, err := p.Store.UsersPages(ctx, p.ref, p.days, func(day ledger.Day) (first, last int) {
		first, last = which(day)
		if held, ok := p.held[day.Date]; ok && held.number == first {
			first++
		}
		return first, last
	})
	if err != nil {
		return err
	}
	for _, day := range p.days {
		if day.Users == nil {
			continue
		}
		first, last := which(day)
		texts := read[day.Date]
		if len(texts) <= last-first {
			texts = append([][]byte{p.held[day.Date].text}, texts...)
		}
		for _, text := range texts {
			if text == nil {
				return broken(day.Date, errors.New("a page is not there"))
			}
			err := metrics.ReadPage(text, func(u *metrics.UserDay) error {
				take(day.Date, u)
				return nil
			})
			if err != nil {
				return broken(day.Date, err)
			}
		}
		if p.held != nil {
			p.held[day.Date] = heldPage{last, texts[len(texts)-1]}
		}
	}
	return nil
}

// finestPages is on how many pages the people of that day lie which has most, and the people of the fullest such day.
func finestPages(stored []ledger.Day) (pages int, people int64) {
	pages = 1
	for i := range stored {
		if users := stored[i].Users; users != nil && users.Pages >= pages {
			if users.Pages > pages {
				pages, people = users.Pages, 0
			}
			people = max(people, users.People)
		}
	}
	return pages, people
}
