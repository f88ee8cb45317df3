//go:build !race

package adminapi_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// showPeople sets how a connector shows people.
func (a *app) showPeople(path, mode string) {
	a.t.Helper()
	if got := a.send(http.MethodPatch, path, `{"people":"`+mode+`"}`); got.status != http.StatusOK {
		a.t.Fatalf("got %d %s, want 200", got.status, got.body)
	}
}

// everybody returns the logins and GitHub ids that an account's answers show while people are named.
func (a *app) everybody(path string) (names []string) {
	a.t.Helper()
	for _, u := range a.users(path + "/users").Users {
		names = append(names, u.Login, strconv.FormatInt(u.UserID, 10))
	}
	for _, s := range a.seats(path + "/seats").Seats {
		if s.Login != nil {
			names = append(names, *s.Login, strconv.FormatInt(*s.UserID, 10))
		}
	}
	return append(names, "octo-owner")
}

// readings returns the paths of everything that can be read of a connector.
func readings(path string) []string {
	paths := []string{path, tenant + "/connectors"}
	for _, route := range everyRoute() {
		if route.method != http.MethodGet || !strings.Contains(route.path, "{id}") {
			continue
		}
		paths = append(paths, route.in(path, ""))
		if strings.Contains(route.path, "/export") {
			paths = append(paths, route.in(path, "part=1"))
		}
	}
	return append(paths, path+"/users?sort=login&order=desc", path+"/seats?sort=login&order=desc", path+"/usage?by=month",
		path+"/export?kind=cost&format=csv&by=model", path+"/export?kind=usage&format=csv&by=model", path+"/export?kind=users&format=csv&sort=creditsUsed")
}

func TestNoAnswerExportOrMailNamesAnybodyUnlessPeopleAreNamed(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Budgets = limited(account)
	a := start(t, account)
	saved := a.saved()
	known := a.everybody(saved)
	if len(known) < 50 {
		t.Fatalf("only %d names are known", len(known))
	}
	var said strings.Builder
	for _, mode := range []string{"pseudonymous", "hidden"} {
		a.showPeople(saved, mode)
		for _, reading := range readings(saved) {
			got := a.send(http.MethodGet, reading, "")
			said.Write(got.body)
			for _, name := range known {
				if strings.Contains(string(got.body)+fmt.Sprint(got.header), name) {
					t.Errorf("%s: %s names %s", mode, reading, name)
				}
			}
			people := strings.Contains(reading, "/users") || strings.Contains(reading, "/seats") && !strings.Contains(reading, "/history") ||
				strings.Contains(reading, "kind=users") || strings.Contains(reading, "kind=seats")
			if refused := got.status == http.StatusForbidden && got.Code == "people_hidden"; refused != (people && mode == "hidden") || !refused && got.status != http.StatusOK {
				t.Errorf("%s: %s got %d %.200s, want 200", mode, reading, got.status, got.body)
			}
		}
	}
	a.checkKey(saved, said.String()+a.Log.String())
	if got := a.send(http.MethodPatch, saved, `{"people":"masked"}`); got.status != http.StatusBadRequest || !names(got, "people") {
		t.Errorf("got %d %s, want 400", got.status, got.body)
	}
}

func TestPseudonymsAreStableAndDifferBetweenConnectors(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	saved := a.saved()
	named, seats := a.users(saved+"/users?sort=creditsUsed"), a.seats(saved+"/seats")
	usage, cost := a.send(http.MethodGet, saved+"/usage", ""), a.send(http.MethodGet, saved+"/cost", "")
	a.showPeople(saved, "pseudonymous")
	veiled := a.users(saved + "/users?sort=creditsUsed")
	pseudonyms := map[string]string{} // by login
	for i, u := range veiled.Users {
		if u.UserID != 0 || !strings.HasPrefix(u.Login, "person-") {
			t.Errorf("somebody is shown as %d %s", u.UserID, u.Login)
		}
		pseudonyms[u.Login] = u.Login
		if u.CreditsUsed != nil && *u.CreditsUsed != *named.Users[i].CreditsUsed {
			t.Errorf("the credits of %d are %v", i, *u.CreditsUsed)
		}
	}
	if len(pseudonyms) != len(named.Users) {
		t.Errorf("%d people have %d pseudonyms", len(named.Users), len(pseudonyms))
	}
	held := a.seats(saved + "/seats")
	both := 0
	for _, s := range held.Seats {
		if s.UserID != nil {
			t.Errorf("a seat shows the id %d", *s.UserID)
		}
		if s.Login != nil && pseudonyms[*s.Login] != "" {
			both++
		}
	}
	held.Seats, seats.Seats = nil, nil
	if diff := cmp.Diff(seats, held); diff != "" || both < len(pseudonyms)/2 {
		t.Errorf("%d people have the same pseudonym in both; the summary (-named +veiled):\n%s", both, diff)
	}
	for reading, want := range map[string]answer{"/usage": usage, "/cost": cost} {
		if got := a.send(http.MethodGet, saved+reading, ""); string(got.body) != string(want.body) {
			t.Errorf("%s is not the same", reading)
		}
	}

	one, login := veiled.Users[3].Login, named.Users[3].Login
	for query, want := range map[string]int{
		"userId=" + one: 1, "q=" + one[:20]: 1, "q=" + login: 0, "q=" + url.QueryEscape(login[:4]): 0, "userId=" + strconv.FormatInt(named.Users[3].UserID, 10): 0,
	} {
		if got := a.users(saved + "/users?" + query); len(got.Users) != want || want == 1 && got.Users[0].Login != one {
			t.Errorf("%s finds %d people", query, len(got.Users))
		}
	}
	if got := a.seats(saved + "/seats?q=" + login); len(got.Seats) != 0 {
		t.Errorf("a login finds %d seats", len(got.Seats))
	}
	a.showPeople(saved, "hidden")
	a.showPeople(saved, "named")
	if diff := cmp.Diff(named, a.users(saved+"/users?sort=creditsUsed")); diff != "" {
		t.Errorf("named again (-before +after):\n%s", diff)
	}
	if got := a.users(saved + "/users?userId=" + one); len(got.Users) != 0 {
		t.Error("a pseudonym finds somebody where people are named")
	}
	a.showPeople(saved, "pseudonymous")
	if diff := cmp.Diff(veiled, a.users(saved+"/users?sort=creditsUsed")); diff != "" {
		t.Errorf("pseudonyms changed (-before +after):\n%s", diff)
	}
	other := a.send(http.MethodPost, "/v1/tenants/other/connectors", octoForm()).header.Get("Location")
	a.drain()
	a.showPeople(other, "pseudonymous")
	for _, u := range a.users(other + "/users").Users {
		if pseudonyms[u.Login] != "" {
			t.Errorf("two connectors call somebody %s", u.Login)
		}
	}
}

// checkKey fails the test if the text contains the key of a connector's pseudonyms.
func (a *app) checkKey(saved, text string) {
	a.t.Helper()
	c, err := a.store.Connector(a.t.Context(), connector.Ref{Tenant: "acme", ID: path.Base(saved)})
	if err != nil {
		a.t.Fatal(err)
	}
	key := []byte(c.PeopleKey)
	text += fmt.Sprintf("%v %s %x %q %d %+v", c.PeopleKey, c.PeopleKey, c.PeopleKey, c.PeopleKey, c.PeopleKey, c)
	for _, form := range []string{
		string(key), hex.EncodeToString(key), base64.StdEncoding.EncodeToString(key)[:40], base64.RawURLEncoding.EncodeToString(key)[:40], fmt.Sprintf("%d", key),
	} {
		if len(key) != 32 || strings.Contains(text, form) {
			a.t.Errorf("the key, as %q, is shown", form)
		}
	}
}
