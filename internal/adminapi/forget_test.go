//go:build !race

package adminapi_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// withoutUser returns the list without one person.
func withoutUser(users []metrics.UserUsage, id int64) []metrics.UserUsage {
	return slices.DeleteFunc(slices.Clone(users), func(u metrics.UserUsage) bool { return u.UserID == id })
}

func (a *app) forget(path, person string) {
	a.t.Helper()
	got := a.send(http.MethodDelete, path+"/people/"+person, "")
	if got.status != http.StatusOK || !strings.Contains(string(got.body), "notRecomputed") || strings.Contains(string(got.body), person) {
		a.t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
}

// stored returns the connector as it is stored.
func (a *app) stored(saved string) *connector.Connector {
	a.t.Helper()
	c, err := a.store.Connector(a.t.Context(), connector.Ref{Tenant: "acme", ID: path.Base(saved)})
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// storedWith returns the keys of a connector's items that contain the text, compressed or not.
func (a *app) storedWith(saved, text string) (where []string) {
	a.t.Helper()
	dictionary, err := os.ReadFile("../store/dictionary.txt")
	if err != nil {
		a.t.Fatal(err)
	}
	for item, err := range a.store.Table.Query(a.t.Context(), store.Range{Partition: "connector#acme/" + path.Base(saved)}) {
		if err != nil {
			a.t.Fatal(err)
		}
		seen := item.Body
		_, day, _ := bytes.Cut(item.Body, []byte("\n")) // behind its head
		for _, packed := range [][]byte{item.Body, day} {
			if reader, err := zlib.NewReaderDict(bytes.NewReader(packed), dictionary); err == nil {
				inflated, _ := io.ReadAll(reader) // a part of a longer value ends early
				seen = append(seen, inflated...)
			}
		}
		if bytes.Contains(seen, []byte(text)) {
			where = append(where, item.Sort)
		}
	}
	return where
}

// keptByMonth returns the sort keys of the values that spare a reader the days of months, or their seats.
func (a *app) keptByMonth(saved string) (keys []string) {
	a.t.Helper()
	for _, key := range a.storedWith(saved, "") {
		switch name, _, _ := strings.Cut(key, "#"); name {
		case "active", "lastdays", "lastyear", "teammonth", "teamsums", "tenures":
			keys = append(keys, key)
		}
	}
	return keys
}

func TestAForgottenPersonIsRemovedEverywhereAndDoesNotComeBack(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Budgets = limited(account)
	a := start(t, account)
	saved := a.saved()
	a.pollAt(saved, at(11, 23))
	november := "?from=2026-10-25&to=2026-11-22"
	users, usage, seats, cost := a.users(saved+"/users"+november), a.usage(saved+"/usage"+november), a.seats(saved+"/seats"), a.cost(saved+"/cost")
	held := slices.IndexFunc(seats.Seats, func(s seatRow) bool {
		return s.UserID != nil && slices.ContainsFunc(users.Users, func(u metrics.UserUsage) bool { return u.UserID == *s.UserID && u.ActiveDays > 5 })
	})
	id, login := *seats.Seats[held].UserID, *seats.Seats[held].Login
	person := strconv.FormatInt(id, 10)

	check := func(when string) {
		t.Helper()
		for _, reading := range readings(saved) {
			got := a.send(http.MethodGet, reading, "")
			if text := string(got.body); strings.Contains(text, login) || strings.Contains(text, person) {
				t.Errorf("%s: %s still has the person", when, reading)
			}
		}
		if diff := cmp.Diff(withoutUser(users.Users, id), a.users(saved+"/users"+november).Users); diff != "" {
			t.Errorf("%s: the others (-before +after):\n%s", when, diff)
		}
		if diff := cmp.Diff(usage.Days, a.usage(saved+"/usage"+november).Days); diff != "" {
			t.Errorf("%s: the days (-before +after):\n%s", when, diff)
		}
		if got := a.seats(saved + "/seats?date=2026-11-23"); got.Total != seats.Total || a.cents(got.MonthlyCost) != a.cents(seats.MonthlyCost) {
			t.Errorf("%s: there are %d seats for %v", when, got.Total, got.MonthlyCost)
		}
		if got := a.cost(saved + "/cost"); a.cents(got.SeatCost) < a.cents(cost.SeatCost) {
			t.Errorf("%s: the seats cost %v, before %v", when, got.SeatCost, cost.SeatCost)
		}
	}
	if where := a.storedWith(saved, login); len(where) < 10 {
		t.Errorf("the login is in %v only", where)
	}
	kept := a.keptByMonth(saved)
	if !slices.ContainsFunc(kept, func(key string) bool { return strings.HasPrefix(key, "teammonth#") }) {
		t.Fatalf("by month are kept only %v", kept)
	}
	queue := a.lifecycle.Queue
	a.lifecycle.Queue = idle{}
	a.forget(saved, person)
	check("before the task")
	a.lifecycle.Queue = queue
	a.forget(saved, person)
	a.drain()
	if c := a.stored(saved); len(c.Forgetting) > 0 || len(c.Forgotten) != 1 || strings.Contains(string(c.Forgotten[0]), person) {
		t.Errorf("the connector has %v and %v", c.Forgetting, c.Forgotten)
	}
	check("after the task")
	if diff := cmp.Diff(kept, a.keptByMonth(saved)); diff != "" {
		t.Errorf("kept by month (-before +after):\n%s", diff)
	}
	if where := a.storedWith(saved, login); len(where) > 0 {
		t.Errorf("the login is still in %v", where)
	}
	for _, day := range []int{24, 25} {
		a.pollAt(saved, at(11, day))
	}
	if last := a.usage(saved + "/usage?from=2026-11-23&to=2026-11-23"); last.Days[0].People != nil || last.Days[0].ActiveUsers == nil {
		t.Errorf("the next day lacks people: %+v", last.Days[0].People)
	}
	usage.Days = a.usage(saved + "/usage" + november).Days // GitHub restates the newest day
	for i := range usage.Days {
		if len(usage.Days) != 29 || usage.Days[i].People != nil {
			t.Errorf("%s lacks people", usage.Days[i].Date)
		}
	}
	users = a.users(saved + "/users" + november)
	users.Users = append(users.Users, metrics.UserUsage{UserID: id})
	check("after two polls")
	a.forget(saved, person)
	a.drain()
	events := slices.DeleteFunc(a.audit(saved+"/audit").Events, func(e struct{ Actor, Action, Detail string }) bool { return e.Action != "person_forgotten" })
	if len(events) != 1 || events[0].Detail != "" {
		t.Errorf("the audit trail has %+v", events)
	}
	for _, unknown := range []string{"1", "person-" + strings.Repeat("a", 26)} {
		a.forget(saved, unknown)
	}
	if got := a.send(http.MethodDelete, saved+"/people/nobody", ""); got.status != http.StatusBadRequest || !names(got, "person") || !strings.Contains(got.Detail, "pseudonym") {
		t.Errorf("got %d %s, want 400", got.status, got.body)
	}
	a.drain()
}

func TestAPersonIsForgottenByTheirPseudonym(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	saved := a.saved()
	a.showPeople(saved, "pseudonymous")
	users := a.users(saved + "/users").Users
	a.forget(saved, users[2].Login)
	a.drain()
	if diff := cmp.Diff(slices.Delete(slices.Clone(users), 2, 3), a.users(saved+"/users").Users); diff != "" {
		t.Errorf("the others (-before +after):\n%s", diff)
	}
}

func TestPeopleAreRemovedAfterTheirDaysAndTotalsStay(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	saved := a.saved()
	for _, day := range []int{23, 24, 25, 26} {
		a.pollAt(saved, at(11, day))
	}
	old := "?from=2026-11-10&to=2026-11-20"
	usage, cost, history := a.usage(saved+"/usage"+old), a.cost(saved+"/cost?month=2026-11"), a.seatHistory(saved, "?from=2026-11-20&to=2026-11-26")
	if usage.Totals.ActiveUsers == nil || len(a.users(saved+"/users"+old).Users) == 0 {
		t.Fatal("the range has no people")
	}
	kept := a.keptByMonth(saved)
	for body, status := range map[string]int{
		`{"keepPeopleDays":0}`: 400, `{"keepPeopleDays":367}`: 400, `{"keepPeopleDays":"3"}`: 400, `{"keepPeopleDays":null}`: 200, `{"keepPeopleDays":2}`: 200,
	} {
		if got := a.send(http.MethodPatch, saved, body); got.status != status {
			t.Errorf("%s got %d %s", body, got.status, got.body)
		}
	}
	if got := a.send(http.MethodPatch, saved, `{"keepPeopleDays":2}`); got.status != 200 || !strings.Contains(string(got.body), `"keepPeopleDays":2`) {
		t.Errorf("got %d %s", got.status, got.body)
	}
	for range 2 { // the second sweep finds nothing to do
		a.send(http.MethodPost, saved+"/poll", "")
		a.drain()
		a.Set(a.Now().Add(120_000_000_000))
		if diff := cmp.Diff(kept, a.keptByMonth(saved)); diff != "" {
			t.Errorf("kept by month (-before +after):\n%s", diff)
		}
		after, left := a.usage(saved+"/usage"+old), a.users(saved+"/users"+old)
		if diff := cmp.Diff(usage.Days, after.Days); diff != "" {
			t.Errorf("the days (-before +after):\n%s", diff)
		}
		if after.Totals.ActiveUsers != nil || *after.Totals.Completions.Accepted != *usage.Totals.Completions.Accepted {
			t.Errorf("the totals are %v active, %v accepted", after.Totals.ActiveUsers, after.Totals.Completions.Accepted)
		}
		if len(left.Users) != 0 || left.People == nil || left.People.Read != 0 || left.People.Expected == 0 {
			t.Errorf("%d people are left, short %+v", len(left.Users), left.People)
		}
		if got := a.seats(saved + "/seats?date=2026-11-23"); len(got.Seats) != 0 || got.Total == 0 {
			t.Errorf("%d of %d seats are listed", len(got.Seats), got.Total)
		}
		if diff := cmp.Diff(history, a.seatHistory(saved, "?from=2026-11-20&to=2026-11-26")); diff != "" {
			t.Errorf("seats over time (-before +after):\n%s", diff)
		}
		got := a.cost(saved + "/cost?month=2026-11")
		if a.cents(got.SeatCost) != a.cents(cost.SeatCost) || a.cents(got.IdleSeatCost) != a.cents(cost.IdleSeatCost) {
			t.Errorf("seats cost %v, idle ones %v; before %v and %v", got.SeatCost, got.IdleSeatCost, cost.SeatCost, cost.IdleSeatCost)
		}
		byTeam := a.teams(saved + "/teams?from=2026-11-10&to=2026-11-24")
		for _, row := range append(byTeam.Teams, byTeam.Unassigned, byTeam.Totals) {
			if row.People != nil || row.ActiveUsers != nil || row.Suggested != nil {
				t.Errorf("removed people are counted: %+v", row)
			}
		}
		if a.seats(saved+"/seats").Seats == nil {
			t.Error("the people of today were removed too")
		}
	}
	if c := a.stored(saved); c.PeopleRemoved == nil || c.PeopleRemoved.String() != "2026-11-23" {
		t.Errorf("people were removed up to %v", c.PeopleRemoved)
	}
}

// limited returns budgets for every person, more than GitHub returns in one page.
func limited(account githubsim.Account) (budgets []githubsim.Budget) {
	for user := range account.Seats {
		budgets = append(budgets, githubsim.Budget{Scope: "user", User: fmt.Sprintf("octo-dev-%03d", user+1), Amount: 30})
	}
	return budgets
}
