package adminapi_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// routeTest is a call of the API with the query parameters that the route accepts. The path begins below the tenant; {id} stands
// for a connector's id.
type routeTest struct {
	method, path, body string
	takes              map[string]string // a valid value of each parameter
}

// anyPlace is a next parameter that no list has given out.
const anyPlace = "nowhere"

func everyRoute() []routeTest {
	seats := map[string]string{"date": "2026-11-22", "status": "idle", "team": "x", "q": "a", "sort": "login", "order": "asc"}
	return []routeTest{
		{"POST", "/verify", octoForm(), nil},
		{"POST", "/connectors", octoForm(), nil},
		{"GET", "/connectors", "", map[string]string{"next": anyPlace}},
		{"GET", "/connectors/{id}", "", nil},
		{"PATCH", "/connectors/{id}", `{"idleAfterDays":31}`, nil},
		{"PATCH", "/connectors/{id}", `{"people":"named"}`, nil},
		{"PUT", "/connectors/{id}/token", `{"token":"` + canary + `"}`, nil},
		{"PUT", "/connectors/{id}/credential", `{"token":"` + canary + `"}`, nil},
		{"GET", "/github-app", "", nil},
		{"GET", "/github-app/registration?slug=octo", "", map[string]string{"host": "github.com"}},
		{"POST", "/github-app/registration", `{"code":"0123456789"}`, nil},
		{"GET", "/connectors/{id}/audit", "", map[string]string{"next": anyPlace}},
		{"POST", "/connectors/{id}/poll", "", nil},
		{"GET", "/connectors/{id}/usage", "", map[string]string{"from": "2026-11-01", "to": "2026-11-21", "by": "week", "compare": "previous", "team": "core"}},
		{"GET", "/connectors/{id}/users", "", map[string]string{"from": "2026-11-01", "to": "2026-11-21", "team": "core", "q": "a", "sort": "creditsUsed", "order": "desc", "userId": "1", "next": anyPlace}},
		{"GET", "/connectors/{id}/seats", "", with(map[string]string{"next": anyPlace, "idleAfterDays": "7"}, seats)},
		{"GET", "/connectors/{id}/teams", "", map[string]string{"from": "2026-11-01", "to": "2026-11-21"}},
		{"GET", "/connectors/{id}/repositories", "", map[string]string{"from": "2026-11-01", "to": "2026-11-21"}},
		{"GET", "/connectors/{id}/export?kind=repositories&format=json", "", map[string]string{"from": "2026-11-01", "to": "2026-11-21"}},
		{"GET", "/connectors/{id}/seats/history", "", map[string]string{"from": "2026-11-01", "to": "2026-11-21"}},
		{"GET", "/connectors/{id}/cost", "", map[string]string{"month": "2026-11"}},
		{"GET", "/connectors/{id}/export?kind=usage&format=csv", "", map[string]string{"from": "2026-11-01", "to": "2026-11-21", "by": "model"}},
		{"GET", "/connectors/{id}/export?kind=usage&format=json", "", map[string]string{"from": "2026-11-01", "to": "2026-11-21", "by": "team"}},
		{"GET", "/connectors/{id}/export?kind=users&format=json", "", map[string]string{"from": "2026-11-01", "to": "2026-11-21"}},
		{"GET", "/connectors/{id}/export?kind=seats&format=csv", "", seats},
		{"GET", "/connectors/{id}/export?kind=cost&format=json", "", map[string]string{"month": "2026-11", "by": "team"}},
		{"GET", "/connectors/{id}/export?kind=cost&format=focus", "", map[string]string{"month": "2026-11"}},
		{"DELETE", "/connectors/{id}/people/41000001", "", nil},
		{"DELETE", "/connectors/{id}", "", nil},
	}
}

func with(more, parameters map[string]string) map[string]string {
	maps.Copy(more, parameters)
	return more
}

// in returns the route's path for a connector, with query added.
func (r routeTest) in(connector, query string) string {
	path := tenant + strings.Replace(r.path, "/connectors/{id}", strings.TrimPrefix(connector, tenant), 1)
	switch {
	case query == "":
		return path
	case strings.Contains(path, "?"):
		return path + "&" + query
	}
	return path + "?" + query
}

func TestEveryRouteAcceptsItsOwnQueryParametersAndNoOthers(t *testing.T) {
	t.Parallel()
	a, connector := saved(t)
	for _, route := range everyRoute() {
		others := []string{"surplus", "From", "tenant", "userid"}
		for _, name := range []string{"from", "to", "month", "date", "by", "userId", "status", "team", "q", "sort", "order", "next", "kind", "format"} {
			if _, takes := route.takes[name]; !takes && !strings.Contains(route.path, "/export") {
				others = append(others, name)
			}
		}
		for _, name := range others {
			for _, value := range []string{"", "x"} {
				got := a.send(route.method, route.in(connector, name+"="+value), route.body)
				if got.status != http.StatusBadRequest || got.Code != "invalid_input" || !names(got, name) {
					t.Errorf("%s %s with %s=%s got %d %.300s, want 400 invalid_input", route.method, route.path, name, value, got.status, got.body)
				}
				for taken := range route.takes {
					if !strings.Contains(got.Detail, taken) {
						t.Errorf("%s %s with %s does not say that it takes %s: %s", route.method, route.path, name, taken, got.Detail)
					}
				}
			}
		}
		for name, value := range route.takes {
			if got := a.send(route.method, route.in(connector, name+"="+value), route.body); got.status >= 300 && value != anyPlace {
				t.Errorf("%s %s with %s=%s got %d %.300s", route.method, route.path, name, value, got.status, got.body)
			}
			for _, empty := range []string{name + "=", name} {
				got := a.send(route.method, route.in(connector, empty), route.body)
				if got.status != http.StatusBadRequest || !names(got, name) || strings.HasSuffix(strings.TrimRight(got.Detail, ". "), "it takes") {
					t.Errorf("%s %s with %s got %d %.300s, want 400", route.method, route.path, empty, got.status, got.body)
				}
			}
			twice := name + "=" + value + "&" + name + "=" + value
			if got := a.send(route.method, route.in(connector, twice), route.body); got.status != http.StatusBadRequest || !names(got, name) {
				t.Errorf("%s %s with %s twice got %d %.300s, want 400", route.method, route.path, name, got.status, got.body)
			}
		}
		for _, query := range []string{"a=%zz", "from=2026-11-01;to=2026-11-02", "%1b=1"} {
			if got := a.send(route.method, route.in(connector, query), route.body); got.status != http.StatusBadRequest || !names(got, "query") {
				t.Errorf("%s %s with %s got %d %.300s, want 400", route.method, route.path, query, got.status, got.body)
			}
		}
	}
	a.drain()
}

func TestEveryRouteWithABodyAcceptsOneObjectWithExactNamesOnce(t *testing.T) {
	t.Parallel()
	a, connector := saved(t)
	before := a.show(connector)
	for _, route := range everyRoute() {
		if route.body == "" {
			continue
		}
		_, rest, _ := strings.Cut(route.body, `"`)
		name, _, _ := strings.Cut(rest, `"`)
		upper := strings.Replace(route.body, name, strings.ToUpper(name), 1)
		for body, field := range map[string]string{
			"": "body", "null": "body", "[]": "body", route.body + "{}": "body", "[" + route.body + "]": "body",
			upper: strings.ToUpper(name), strings.TrimSuffix(route.body, "}") + `,"` + name + `":null}`: name,
			strings.TrimSuffix(route.body, "}") + `,"surplus":1}`: "surplus",
			`{"` + name + `":null}`:                               name,
		} {
			got := a.send(route.method, route.in(connector, ""), body)
			if got.status != http.StatusBadRequest || !names(got, field) {
				t.Errorf("%s %s with %s got %d %.300s, want 400", route.method, route.path, body, got.status, got.body)
			}
		}
	}
	if diff := cmp.Diff(before, a.show(connector)); diff != "" {
		t.Errorf("the connector has changed:\n%s", diff)
	}
}

// names reports whether a problem is about the field.
func names(got answer, field string) bool {
	return slices.ContainsFunc(got.Errors, func(e struct{ Field, Detail string }) bool { return e.Field == field })
}

func TestNoRouteAcceptsAFutureDayOrMonth(t *testing.T) {
	t.Parallel()
	a, connector := saved(t)
	for _, route := range everyRoute() {
		for name := range route.takes {
			for _, future := range map[string][]string{
				"from": {"2026-11-23", "9999-12-31"}, "to": {"2026-11-23", "2027-11-22"}, "date": {"2026-11-23", "2027-01-01"}, "month": {"2026-12", "9999-12"},
			}[name] {
				got := a.send(route.method, route.in(connector, name+"="+future), route.body)
				if got.status != http.StatusBadRequest || !names(got, name) || !strings.Contains(got.Detail, "future") {
					t.Errorf("%s %s with %s=%s got %d %.300s, want 400", route.method, route.path, name, future, got.status, got.body)
				}
			}
		}
	}
}

func TestEveryLongAnswerIsCompressedForClientsThatAcceptIt(t *testing.T) {
	t.Parallel()
	a, connector := saved(t)
	compressed := 0
	for _, route := range everyRoute() {
		if route.method == "POST" && route.path == "/connectors" || route.method == "DELETE" {
			continue // their answers are short, and they change the data that the other routes show
		}
		plain := a.raw(route, connector, "identity")
		packed := a.raw(route, connector, "br;q=1.0, gzip;q=0.8, *;q=0.1")
		long := len(plain.body) >= 1<<10
		if plain.header.Get("Content-Encoding") != "" || (packed.header.Get("Content-Encoding") == "gzip") != long {
			t.Errorf("%s %s of %d bytes is sent as %q and %q", route.method, route.path, len(plain.body), plain.header.Get("Content-Encoding"), packed.header.Get("Content-Encoding"))
		}
		for _, got := range []answer{plain, packed} {
			if got.header.Get("Vary") != "Accept-Encoding" || got.header.Get("Content-Length") != strconv.Itoa(len(got.body)) {
				t.Errorf("%s %s: headers are %v for %d bytes", route.method, route.path, got.header, len(got.body))
			}
		}
		if !long {
			continue
		}
		compressed++
		reader, err := gzip.NewReader(bytes.NewReader(packed.body))
		if err != nil {
			t.Fatal(err)
		}
		if unpacked, err := io.ReadAll(reader); err != nil || route.method == "GET" && !bytes.Equal(unpacked, plain.body) {
			t.Errorf("%s %s differs when it is compressed: %v", route.method, route.path, err)
		}
	}
	if compressed < 8 {
		t.Errorf("only %d answers were long enough", compressed)
	}
	a.drain()
}

// raw calls the route as a client that does not decompress by itself.
func (a *app) raw(route routeTest, connector, accept string) answer {
	a.t.Helper()
	request, err := http.NewRequestWithContext(a.t.Context(), route.method, a.url+route.in(connector, ""), strings.NewReader(route.body))
	if err != nil {
		a.t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", accept)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: body}
}

func TestTheRefusalOfALongAnswerNamesAShorterOne(t *testing.T) {
	t.Parallel()
	a := prepare(t, octo())
	a.api.MaxAnswer = 60_000
	a.serve()
	path := a.saved() + "/usage?from=2026-10-10&to=2026-11-21"
	refused := a.raw(routeTest{method: "GET", path: strings.TrimPrefix(path, tenant)}, "", "identity")
	var problem struct{ Code, Detail string }
	if err := json.Unmarshal(refused.body, &problem); err != nil || refused.status != http.StatusBadRequest || problem.Code != "too_long" {
		t.Fatalf("got %d %.300s, want 400 too_long", refused.status, refused.body)
	}
	_, advised, ok := strings.Cut(problem.Detail, "from=")
	advised, _, _ = strings.Cut(advised, ". ")
	path, _, _ = strings.Cut(path, "?")
	if got := a.raw(routeTest{method: "GET", path: strings.TrimPrefix(path, tenant) + "?from=" + advised}, "", "identity"); !ok || got.status != http.StatusOK {
		t.Errorf("the call that %q advises got %d %.300s, want 200", problem.Detail, got.status, got.body)
	}
	if got := a.send(http.MethodGet, path+"?from=2026-10-10&to=2026-11-21", ""); got.status != http.StatusOK {
		t.Errorf("compressed got %d %.300s, want 200", got.status, got.body)
	}
}
