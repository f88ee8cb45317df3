package usage_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/listing"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
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
		"another order":                      {usage.UserList{Sort: "creditsUsed"}, span(), *first.Next, listing.ErrOtherList},
		"another figure":                     {usage.UserList{Sort: "suggested", Descending: true}, span(), *first.Next, listing.ErrOtherList},
		"another part":                       {usage.UserList{Login: "u1", Sort: "creditsUsed", Descending: true}, span(), *first.Next, listing.ErrOtherList},
		"another range":                      {byCredits, calendar.Range{From: today - 1, To: today - 1}, *first.Next, listing.ErrOtherList},
		"a longer list":                      {byCredits, span(), "1501" + strings.TrimPrefix(*first.Next, "1000"), listing.ErrOtherList},
		"the next of a query without a list": {byCredits, span(), *inParts.Next, listing.ErrNext},
		"an invalid next":                    {byCredits, span(), "1", listing.ErrNext},
		"a place that is no number":          {byCredits, span(), "9999999999999999999-0000000000000000", listing.ErrNext},
	} {
		if _, err := w.SortedUsers(ctx, w.c, other.days, other.list, other.next); !errors.Is(err, other.want) {
			t.Errorf("%s: got %v, want %v", name, err, other.want)
		}
	}
	if _, err := w.Users(ctx, w.c, span(), *first.Next); !errors.Is(err, listing.ErrNext) {
		t.Errorf("the next of a list in a query without a list: %v", err)
	}
}

// A list changes after its first answer. It must go on if everybody is still listed once, and be refused otherwise.
func TestASortedListGoesOnOnlyIfNobodyIsLostOrShownTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	crowd := func(change func(*metrics.UserDay)) (people []metrics.UserDay) {
		for id := int64(1); id <= 1100; id++ {
			one := someone(id, fmt.Sprintf("u%04d", id), today-1)
			change(&one)
			people = append(people, one)
		}
		return people
	}
	restated := func(change func(*metrics.UserDay)) func() {
		return func() { w.put(t, today-1, 1100, crowd(change)) }
	}
	creditsOf := func(id int64, credits metrics.Credits) func() {
		return restated(func(u *metrics.UserDay) {
			if u.UserID == id {
				u.Credits = credits
			}
		})
	}
	for name, test := range map[string]struct {
		list   usage.UserList
		change func()
		rest   int // the people who come after the change; 0: the list is refused
	}{
		"nothing changed":                       {usage.UserList{Sort: "creditsUsed"}, func() {}, 100},
		"somebody shown stays before the place": {usage.UserList{Sort: "creditsUsed"}, creditsOf(5, 7000), 100},
		"somebody shown would come again":       {usage.UserList{Sort: "creditsUsed"}, creditsOf(5, 1_050_500), 0},
		"somebody who follows would be lost":    {usage.UserList{Sort: "creditsUsed"}, creditsOf(1050, 5500), 0},
		"somebody who follows stays after it":   {usage.UserList{Sort: "creditsUsed"}, creditsOf(1050, 2_000_000), 100},
		"figures that do not order the list":    {usage.UserList{}, creditsOf(1050, 5500), 100},
		"a new person comes first":              {usage.UserList{}, func() { w.put(t, today-1, 1101, append(crowd(func(*metrics.UserDay) {}), someone(2000, "a", today-1))) }, 0},
		"a new person comes last":               {usage.UserList{}, func() { w.put(t, today-1, 1101, append(crowd(func(*metrics.UserDay) {}), someone(2000, "z", today-1))) }, 101},
		"somebody shown is forgotten":           {usage.UserList{}, func() { w.c.Forget(5) }, 0},
		"somebody who follows is forgotten":     {usage.UserList{}, func() { w.c.Forget(1050) }, 99},
		"pseudonyms in place of names":          {usage.UserList{Sort: "creditsUsed"}, func() { w.c.NeedKey(); w.c.ShowPeople = privacy.Pseudonymous }, 0},
	} {
		w.anew()
		restated(func(*metrics.UserDay) {})()
		first, err := w.SortedUsers(ctx, w.c, span(), test.list, "")
		if err != nil {
			t.Fatal(err)
		}
		test.change()
		second, err := w.SortedUsers(ctx, w.c, span(), test.list, *first.Next)
		if refused := errors.Is(err, listing.ErrOtherList); refused != (test.rest == 0) || !refused && err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		shown := map[int64]bool{}
		for _, u := range first.Users {
			shown[u.UserID] = true
		}
		for _, u := range second.Users {
			if shown[u.UserID] {
				t.Errorf("%s: %s comes twice", name, u.Login)
			}
		}
		if len(second.Users) != test.rest || second.Next != nil {
			t.Errorf("%s: %d people follow, want %d", name, len(second.Users), test.rest)
		}
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
