package usage

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

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
	gone    []int64              // people who must be forgotten and are still in the store
	days    int                  // the number of stored days
	spans   []span               // the days with people, oldest first, or months in place of them
	begun   bool                 // what is stored was read once, so all months among spans are stored
	short   *metrics.PeopleShort // the days on which people are missing
	credits *metrics.Credits     // the credits of everybody; nil: unknown

	// held is the last page that was read of each span, or nil. If a span has fewer pages than others, the next reading needs this
	// page again.
	held map[spanName]heldPage
}

func (r Reader) pagesOf(c *connector.Connector, days calendar.Range, heads []ledger.Head) *pages {
	list := make([]metrics.Day, len(heads))
	for i := range heads {
		list[i] = metrics.Day{State: metrics.Final, People: heads[i].PeopleRead()} // any state with numbers would do
		list[i].ActiveUsers, list[i].CreditsUsed = heads[i].ActiveUsers, heads[i].CreditsUsed
	}
	credits, _ := metrics.CreditsUsed(list)
	return &pages{
		Reader: r, ref: c.Ref, veil: c.Veil(), gone: c.ForgetNow(), days: len(heads), spans: spansOf(days, heads, calendar.DateOf(r.Now())),
		short: metrics.PeopleShortOf(list), credits: credits,
	}
}

// holding makes p keep the last page of each span.
func (p *pages) holding() *pages {
	p.held = map[spanName]heldPage{}
	return p
}

type heldPage struct {
	number int
	text   []byte
}

// some returns about usersAtOnce people, beginning at a hash, and the hash at which to continue. It reads all their pages at once.
func (p *pages) some(ctx context.Context, hash uint64) (answer Users, goesOn *uint64, err error) {
	finest, people := p.finest()
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
	for i, span := range p.spans {
		if err := fault.InTime(ctx, "add up people"); err != nil {
			return nil, err
		}
		add := sums.AddPage
		if span.isMonth() {
			add = sums.AddMonthPage
		}
		for _, text := range read[i] {
			if err := add(span.Date, text, of); err != nil {
				return nil, broken(span.Date, err)
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

// read returns the pages of each span that hold the people with some ranges of hashes, ascending. A month that is not stored becomes its
// days, which takes one more round.
func (p *pages) read(ctx context.Context, of ...shard.Range) ([][][]byte, error) {
	texts := map[spanName][][]byte{}
	for left := p.spans; len(left) > 0; {
		if err := p.readSome(ctx, left, of, texts); err != nil {
			return nil, err
		}
		left = nil
		for _, span := range p.spans {
			if texts[span.name()] == nil {
				left = append(left, span.days...)
			}
		}
		p.spans = withDays(p.spans, func(month span) bool { return texts[month.name()] == nil })
	}
	p.begun = true
	list := make([][][]byte, len(p.spans))
	for i, span := range p.spans {
		list[i] = texts[span.name()]
		if p.held != nil {
			numbers := span.pagesWith(of)
			p.held[span.name()] = heldPage{numbers[len(numbers)-1], list[i][len(list[i])-1]}
		}
	}
	return list, nil
}

var errNoPage = errors.New("a page is not there")

// readSome reads the pages of some spans, in one round. It leaves out months that are not stored.
func (p *pages) readSome(ctx context.Context, spans []span, of []shard.Range, texts map[spanName][][]byte) error {
	which := func(month bool) func(ledger.Head) []int {
		return func(head ledger.Head) []int {
			numbers := pagesWith(of, head)
			if held, ok := p.held[spanName{head.Date, month}]; ok && held.number == numbers[0] {
				numbers = numbers[1:]
			}
			return numbers
		}
	}
	days, months := apart(spans)
	var ofDays, ofMonths map[calendar.Date][][]byte
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() (err error) { ofDays, err = p.Store.UsersPages(reading, p.ref, days, which(false)); return err })
	group.Go(func() (err error) {
		ofMonths, err = p.Store.UserMonthPages(reading, p.ref, months, which(true))
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	for _, span := range spans {
		name, read := span.name(), ofDays
		if span.isMonth() {
			read = ofMonths
		}
		found := read[span.Date]
		if len(found) < len(span.pagesWith(of)) {
			found = append([][]byte{p.held[name].text}, found...)
		}
		if !slices.ContainsFunc(found, func(text []byte) bool { return text == nil }) {
			texts[name] = found
		} else if !span.isMonth() {
			return broken(span.Date, errNoPage)
		}
	}
	return nil
}
