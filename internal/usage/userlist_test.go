package usage_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

// ordered follows next to the end of a list.
func (w *world) ordered(t *rapid.T, list usage.UserList) (all []metrics.UserUsage) {
	for next := ""; ; {
		answer, err := w.SortedUsers(ctx, w.c, span(), list, next)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, answer.Users...)
		if answer.Next == nil {
			if *answer.Total != len(all) {
				t.Fatalf("the total is %d people, but %d were listed", *answer.Total, len(all))
			}
			return all
		}
		if len(answer.Users) != 1000 {
			t.Fatalf("an answer has %d people although more follow", len(answer.Users))
		}
		next = *answer.Next
	}
}

// inOrder sorts people in the slow way: by a text that sorts like the figure. People without a figure come last.
func inOrder(people map[int64]metrics.UserUsage, list usage.UserList) []metrics.UserUsage {
	number := func(n *int64) (float64, bool) { return float64(orNone(n)), n != nil }
	figure := func(u *metrics.UserUsage) (float64, bool) {
		switch list.Sort {
		case "activeDays":
			return float64(u.ActiveDays), true
		case "lastActiveDay":
			return float64(u.LastActiveDay), true
		case "suggested":
			return number(u.Suggested)
		case "accepted":
			return number(u.Accepted)
		case "acceptanceRate":
			return orNone(u.AcceptanceRate), u.AcceptanceRate != nil
		case "interactions":
			return number(u.Interactions)
		case "linesAccepted":
			return number(u.LinesAccepted)
		case "creditsShare":
			return orNone(u.CreditsShare), u.CreditsShare != nil
		case "creditsUsed":
			return float64(orNone(u.CreditsUsed)), u.CreditsUsed != nil
		}
		return 0, true
	}
	var all []metrics.UserUsage
	for _, u := range people {
		if strings.Contains(strings.ToLower(u.Login), strings.ToLower(list.Login)) {
			all = append(all, u)
		}
	}
	slices.SortFunc(all, func(a, b metrics.UserUsage) int { return int(a.UserID - b.UserID) })
	byLogin := func(a, b metrics.UserUsage) int {
		return strings.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login))
	}
	slices.SortStableFunc(all, byLogin)
	if list.Sort == "" || list.Sort == "login" {
		if list.Descending {
			slices.SortStableFunc(all, func(a, b metrics.UserUsage) int { return byLogin(b, a) })
		}
		return all
	}
	slices.SortStableFunc(all, func(a, b metrics.UserUsage) int {
		x, known := figure(&a)
		y, alsoKnown := figure(&b)
		switch {
		case known != alsoKnown && known:
			return -1
		case known != alsoKnown:
			return 1
		case x == y || !known:
			return 0
		case (x < y) != list.Descending:
			return -1
		}
		return 1
	})
	return all
}

func orNone[T any](n *T) (v T) {
	if n != nil {
		v = *n
	}
	return v
}

func TestNextIsRefusedInAnotherList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var people []metrics.UserDay
	for id := int64(1); id <= 1500; id++ {
		people = append(people, someone(id, fmt.Sprint("u", id), today-1))
	}
	w.put(t, today-1, 1500, people)
	byCredits := usage.UserList{Sort: "creditsUsed", Descending: true}
	first, err := w.SortedUsers(ctx, w.c, span(), byCredits, "")
	if err != nil || first.Next == nil || first.Users[0].UserID != 1500 || *first.Total != 1500 {
		t.Fatalf("the first answer: %v, %+v", err, first)
	}
	inParts, err := w.Users(ctx, w.c, span(), "")
	if err != nil || inParts.Next == nil || *inParts.Total != 1500 {
		t.Fatalf("%v: %v of %v", err, inParts.Next, inParts.Total)
	}
	for name, other := range map[string]struct {
		list usage.UserList
		days calendar.Range
		next string
		want error
	}{
		"another order":                      {usage.UserList{Sort: "creditsUsed"}, span(), *first.Next, usage.ErrOtherList},
		"another figure":                     {usage.UserList{Sort: "suggested", Descending: true}, span(), *first.Next, usage.ErrOtherList},
		"another part":                       {usage.UserList{Login: "u1", Sort: "creditsUsed", Descending: true}, span(), *first.Next, usage.ErrOtherList},
		"another range":                      {byCredits, calendar.Range{From: today - 1, To: today - 1}, *first.Next, usage.ErrOtherList},
		"nobody's":                           {byCredits, span(), "9999-" + (*first.Next)[len(*first.Next)-8:], usage.ErrOtherList},
		"the next of a query without a list": {byCredits, span(), *inParts.Next, usage.ErrNext},
		"an invalid next":                    {byCredits, span(), "1", usage.ErrNext},
		"an id that is not an integer":       {byCredits, span(), "9999999999999999999-00000000", usage.ErrNext},
	} {
		if _, err := w.SortedUsers(ctx, w.c, other.days, other.list, other.next); !errors.Is(err, other.want) {
			t.Errorf("%s: got %v, want %v", name, err, other.want)
		}
	}
	if _, err := w.Users(ctx, w.c, span(), *first.Next); !errors.Is(err, usage.ErrNext) {
		t.Errorf("the next of a list in a query without a list: %v", err)
	}
	w.put(t, today-1, 1499, people[1:])
	if _, err := w.SortedUsers(ctx, w.c, span(), byCredits, *first.Next); !errors.Is(err, usage.ErrOtherList) {
		t.Errorf("after a restatement: %v", err)
	}
}

func TestTheTotalIsUnknownIfSomePeopleHaveNoName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(t, today-1, 2, []metrics.UserDay{someone(1, "ada", today-1), someone(2, "bob", today-1)})
	set := w.item(t, "people#"+(today-1).String()+"#")
	if err := w.store.Table.DeleteAll(ctx, []store.Key{set.Key}); err != nil {
		t.Fatal(err)
	}
	answer, err := w.Users(ctx, w.c, span(), "")
	if err != nil || answer.Total != nil || len(answer.Users) != 2 {
		t.Errorf("%v: %v of %v", err, answer.Users, answer.Total)
	}
}
