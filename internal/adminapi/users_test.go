//go:build !race

package adminapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

func TestUsersAreSortedAndFoundAsTheQueryAsks(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	path += "/users"
	all := a.users(path)
	if all.Total == nil || *all.Total != len(all.Users) || len(all.Users) < 5 {
		t.Fatalf("%d people of %v", len(all.Users), all.Total)
	}
	credits := a.users(path + "?sort=creditsUsed&order=desc")
	if *credits.Total != *all.Total || !slices.IsSortedFunc(credits.Users, func(x, y metrics.UserUsage) int { return int(*y.CreditsUsed - *x.CreditsUsed) }) {
		t.Errorf("sorted by credits: %+v", credits.Users)
	}
	part := strings.ToUpper(all.Users[0].Login[1:])
	found := a.users(path + "?q=" + part)
	for _, user := range found.Users {
		if !strings.Contains(strings.ToUpper(user.Login), part) {
			t.Errorf("%s is found by %s", user.Login, part)
		}
	}
	if len(found.Users) == 0 || *found.Total != len(found.Users) {
		t.Errorf("%s finds %d people of %d", part, len(found.Users), *found.Total)
	}
	if nobody := a.users(path + "?q=%00&sort=login"); *nobody.Total != 0 || nobody.Users == nil {
		t.Errorf("a search without a match got %+v", nobody)
	}
}

func TestAnInvalidListOfUsersIsRefusedByField(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	path += "/users"
	for query, want := range map[string][]string{
		"sort=name":                {"sort"},
		"sort=CreditsUsed":         {"sort"},
		"order=up":                 {"order"},
		"sort=x&order=y":           {"order", "sort"},
		"userId=7&sort=login":      {"sort"},
		"userId=7&q=a&order=asc":   {"q", "order"},
		"sort=login&next=1":        {"next"},
		"next=1-00000000":          {"next"},
		"q=a&next=999999-00000000": {"next"},
	} {
		a.refused(path+"?"+query, want)
	}
}

func TestARangeIsShownByMonthAndWeek(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	path += "/usage"
	for query, want := range map[string]struct {
		list, from, to string
		many           int
	}{
		"by=month":                               {"months", "2025-12-01", "2026-11-21", 12},
		"by=month&from=2024-12-01":               {"months", "2024-12-01", "2026-11-21", 24},
		"by=month&from=2026-10-31&to=2026-11-01": {"months", "2026-10-31", "2026-11-01", 2},
		"by=month&to=2026-02-28":                 {"months", "2025-03-01", "2026-02-28", 12},
		"by=week":                                {"weeks", "2026-08-31", "2026-11-21", 12},
		"by=week&from=2026-05-25":                {"weeks", "2026-05-25", "2026-11-21", 26},
		"by=week&from=2026-11-22&to=2026-11-22":  {"weeks", "2026-11-22", "2026-11-22", 1},
	} {
		got := a.send(http.MethodGet, path+"?"+query, "")
		if got.status != http.StatusOK {
			t.Fatalf("%s got %d %s, want 200", query, got.status, got.body)
		}
		periods := decode[map[string][]usage.Period](t, got)[want.list]
		if len(periods) != want.many || periods[0].From.String() != want.from || periods[want.many-1].To.String() != want.to {
			t.Errorf("%s: %d from %s", query, len(periods), got.body)
		}
	}
	month := decode[map[string][]usage.Period](t, a.send(http.MethodGet, path+"?by=month&from=2026-11-01", ""))["months"][0]
	days := a.usage(path + "?from=2026-11-01&compare=previous")
	if *month.Totals.ActiveUsers != *days.Totals.ActiveUsers || month.ActiveShareOfSeats == nil {
		t.Errorf("%v people are active in the month, %v in its days; share of the seats %v", month.Totals.ActiveUsers, days.Totals.ActiveUsers, month.ActiveShareOfSeats)
	}
	if days.Previous == nil || days.Previous.From.String() != "2026-10-11" || days.Previous.To.String() != "2026-10-31" {
		t.Errorf("the range before is %+v", days.Previous)
	}
}

func TestInvalidPeriodsAreRefusedByField(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	path += "/usage"
	for query, want := range map[string][]string{
		"by=day":                                 {"by"},
		"by=Month":                               {"by"},
		"by=month&compare=":                      {"compare"},
		"by=month&from=2024-11-30":               {"from"},
		"by=week&from=2026-05-24":                {"from"},
		"by=week&from=2026-11-23":                {"from"},
		"by=month&from=2026-11-02&to=2026-11-01": {"from"},
		"compare=next":                           {"compare"},
		"compare=previous&from=x":                {"from"},
	} {
		a.refused(path+"?"+query, want)
	}
}
