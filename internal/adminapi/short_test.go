//go:build !race

package adminapi_test

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// gitHubCounts changes a stored day: GitHub now counts another number of active people than its per-user report lists.
func (a *app) gitHubCounts(connectorPath string, date calendar.Date, listed func(int64) int64) metrics.PeopleRead {
	a.t.Helper()
	ref := connector.Ref{Tenant: "acme", ID: path.Base(connectorPath)}
	day, err := a.store.Day(a.t.Context(), ref, date)
	if err != nil {
		a.t.Fatal(err)
	}
	day.ActiveUsers = new(listed(day.Users.People))
	if err := a.store.Commit(a.t.Context(), ref, *day, nil); err != nil {
		a.t.Fatal(err)
	}
	return metrics.PeopleRead{Read: day.Users.People, Expected: *day.ActiveUsers}
}

func TestEveryAnswerMarksADayThatLacksPeople(t *testing.T) {
	t.Parallel()
	account := octo()
	account.UsersDelay = 1 // the per-user report of yesterday is late
	a := start(t, account)
	saved := a.saved()
	last := calendar.LastDays(1, noon).To
	short := a.gitHubCounts(saved, last-3, func(listed int64) int64 { return listed + 8 })
	a.gitHubCounts(saved, last-2, func(listed int64) int64 { return listed })
	a.gitHubCounts(saved, last-1, func(listed int64) int64 { return listed - 1 }) // nobody is missing

	shown := a.usage(saved + "/usage?from=" + (last - 4).String())
	unread := metrics.PeopleRead{Expected: *shown.Days[4].ActiveUsers}
	var got []*metrics.PeopleRead
	for _, day := range shown.Days {
		got = append(got, day.People)
	}
	if diff := cmp.Diff([]*metrics.PeopleRead{nil, &short, nil, nil, &unread}, got); diff != "" {
		t.Errorf("the days say (-want +got):\n%s", diff)
	}
	want := &metrics.PeopleShort{Days: 2, PeopleRead: metrics.PeopleRead{Read: short.Read, Expected: short.Expected + unread.Expected}}
	query := "from=" + (last - 4).String()
	users := a.users(saved + "/users?" + query)
	one := a.users(saved + "/users?userId=" + strconv.FormatInt(users.Users[0].UserID, 10) + "&" + query)
	for name, got := range map[string]*metrics.PeopleShort{"the totals": shown.Totals.People, "the users": users.People, "a user": one.People} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s say (-want +got):\n%s", name, diff)
		}
	}
	for i, row := range a.export(saved + "/export?kind=usage&" + query) {
		read, expected := "", ""
		if people := shown.Days[i].People; people != nil {
			read, expected = strconv.FormatInt(people.Read, 10), strconv.FormatInt(people.Expected, 10)
		}
		if row["peopleRead"] != read || row["peopleExpected"] != expected {
			t.Errorf("%s is exported with %q of %q people", row["date"], row["peopleRead"], row["peopleExpected"])
		}
	}
	for _, row := range a.export(saved + "/export?kind=users&" + query) {
		if row["shortDays"] != "2" {
			t.Errorf("%s is exported with %q short days", row["login"], row["shortDays"])
		}
	}
}

// On a short day the people read are the least that there are, and the answer has a mark. Of a day without any people nothing is
// known.
func TestARangeWithAShortDayHasAtLeastThePeopleThatWereRead(t *testing.T) {
	t.Parallel()
	a, saved := saved(t)
	last := calendar.LastDays(1, noon).To
	whole := a.usage(saved + "/usage").Totals
	a.gitHubCounts(saved, last, func(listed int64) int64 { return listed + 8 })
	short := a.usage(saved + "/usage").Totals
	if whole.People != nil || short.People == nil {
		t.Errorf("the whole range says %+v, the short one %+v", whole.People, short.People)
	}
	if diff := cmp.Diff(whole.Usage, short.Usage); diff != "" {
		t.Errorf("the numbers of the range have changed:\n%s", diff)
	}
}

func TestACostSaysThatPeopleAreMissing(t *testing.T) {
	t.Parallel()
	a, saved := saved(t)
	const october = "/cost?month=2026-10"
	if whole := a.cost(saved + october); whole.Credits.Used == nil || whole.Reasons["credits.used"] != "" {
		t.Fatalf("nobody is missing, and the reason is %q", whole.Reasons["credits.used"])
	}
	short := a.gitHubCounts(saved, calendar.LastDays(1, noon).To-24, func(listed int64) int64 { return listed + 8 })
	got := a.cost(saved + october)
	want := fmt.Sprintf("(days: 1): together %d of %d", short.Read, short.Expected)
	for _, figure := range []string{"credits.used", "credits.grossValue", "activeDevelopers", "costPerActiveDeveloper"} {
		if !strings.Contains(got.Reasons[figure], want) {
			t.Errorf("%s does not say %q: %q", figure, want, got.Reasons[figure])
		}
	}
}
