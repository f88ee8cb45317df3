package usage_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/listing"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

const days = 3

func span() calendar.Range { return calendar.Range{From: today - days, To: today - 1} }

// crowd draws the people who used Copilot on a day: a run of ids from a random first one.
func crowd(t *rapid.T, date calendar.Date) (people []metrics.UserDay) {
	many := rapid.SampledFrom([]int64{0, 1, 20, 200, 600, 1300}).Draw(t, "people")
	first := rapid.Int64Range(1, 3000).Draw(t, "first")
	for id := first; id < first+many; id++ {
		people = append(people, someone(id, fmt.Sprintf("%c-%d", rune('a'+id%5-32*(id%2)), id+int64(date)), date))
	}
	return people
}

// sums adds up each person's numbers in the slow way. Every person has used credits.
func sums(of map[calendar.Date][]metrics.UserDay) map[int64]metrics.UserUsage {
	sums := map[int64]*metrics.UserSum{}
	for _, date := range span().Days() {
		for _, u := range of[date] {
			if sums[u.UserID] == nil {
				sums[u.UserID] = new(metrics.UserSum)
			}
			sums[u.UserID].Add(date, &u)
		}
	}
	users, credits := map[int64]metrics.UserUsage{}, metrics.Credits(0)
	for id, sum := range sums {
		users[id] = sum.Usage()
		credits += *users[id].CreditsUsed
	}
	for id, u := range users {
		u.CreditsShare = metrics.Share(int64(*u.CreditsUsed), int64(credits))
		u.Teams = []string{} // nobody is in a team
		users[id] = u
	}
	return users
}

// everybody follows next to the end, and calls meanwhile between two answers.
func (w *world) everybody(t *rapid.T, meanwhile func()) (all []metrics.UserUsage) {
	total := 0
	for next, answers := "", 0; ; answers++ {
		answer, err := w.Users(ctx, w.c, span(), next)
		if err != nil {
			t.Fatal(err)
		}
		if answer.Users == nil || answer.From != span().From || answer.To != span().To || len(answer.Users) > 3000 || answers > 20 {
			t.Fatalf("answer %d has %d users from %s to %s", answers, len(answer.Users), answer.From, answer.To)
		}
		if !slices.IsSortedFunc(answer.Users, func(a, b metrics.UserUsage) int {
			return cmp.Or(strings.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login)), cmp.Compare(a.UserID, b.UserID))
		}) {
			t.Fatal("an answer is not in the order of logins")
		}
		all = append(all, answer.Users...)
		if answers == 0 {
			total = *answer.Total
		}
		if *answer.Total != total {
			t.Fatalf("answer %d counts %d people, the first %d", answers, *answer.Total, total)
		}
		if answer.Next == nil {
			return all
		}
		if len(answer.Users) < 700 {
			t.Fatalf("an answer has %d users although more follow", len(answer.Users))
		}
		next = *answer.Next
		meanwhile()
	}
}

func byID(t *rapid.T, list []metrics.UserUsage) map[int64]metrics.UserUsage {
	users := map[int64]metrics.UserUsage{}
	for _, u := range list {
		if _, twice := users[u.UserID]; twice {
			t.Fatalf("%d is listed twice", u.UserID)
		}
		users[u.UserID] = u
	}
	return users
}

func TestAnInventedNextIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, next := range []string{
		"0", "8", "zzzzzzzzzzzzzzzz", "-000000000000001", "+000000000000001", "00000000000000001", "0x00000000000000", "8000_0000_0000_0", " ",
		"0000000000000000-", "0000000000000000--1", "0000000000000000-1234567890", "0000000000000000-1-1", "-1", "0000000000000000 -1", "000000000000000G-1",
	} {
		if _, err := w.Users(ctx, w.c, span(), next); !errors.Is(err, listing.ErrNext) {
			t.Errorf("next %q returned %v, want ErrNext", next, err)
		}
	}
	w.put(t, today-1, 1, []metrics.UserDay{someone(1, "ada", today-1)})
	for _, next := range []string{"", "0000000000000000", "0000000000000000-7", "ffffffffffffffff", "8000000000000000", "7fffffffffffffff"} {
		if answer, err := w.Users(ctx, w.c, span(), next); err != nil || answer.Next != nil {
			t.Errorf("next %q returned %v, %v", next, answer, err)
		}
	}
}

func TestADamagedPageIsAnErrorOfTheStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(t, today-2, 2, []metrics.UserDay{someone(1, "ada", today-2), someone(2, "bob", today-2)})
	page := w.item(t, "users#")
	spoil := func(change func() error) {
		t.Helper()
		if err := change(); err != nil {
			t.Fatal(err)
		}
		all, err := w.Users(ctx, w.c, span(), "")
		if !fault.Is(err, fault.Store) || len(all.Users) > 0 {
			t.Errorf("%v: %v are shown", err, all.Users)
		}
		one, err := w.User(ctx, w.c, span(), "1")
		if !fault.Is(err, fault.Store) || len(one.Users) > 0 {
			t.Errorf("%v: %v is shown", err, one.Users)
		}
	}
	page.Body = page.Body[:len(page.Body)-1]
	spoil(func() error { return w.store.Table.PutAll(ctx, []store.Item{page}) })
	spoil(func() error { return w.store.Table.DeleteAll(ctx, []store.Key{page.Key}) })
}
