//go:build !race

package adminapi_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/platform/lambda"
)

// text returns how a table writes a value of the API.
func text(v any) string {
	written, _ := json.Marshal(v)
	if string(written) == "null" {
		return ""
	}
	return strings.Trim(string(written), `"`)
}

func TestAnExportHasTheValuesThatTheAPIShows(t *testing.T) {
	t.Parallel()
	account := busy()
	account.MissingDays = []string{"2026-11-02"}
	a := start(t, account)
	a.overdraw()
	path := a.saved()
	same := func(what, got string, want any) {
		t.Helper()
		if got != text(want) {
			t.Errorf("%s is %q, the API says %q", what, got, text(want))
		}
	}

	shown := a.usage(path + "/usage?from=2026-09-20").Days // three pages
	days := a.export(path + "/export?kind=usage&from=2026-09-20")
	if len(days) != len(shown) {
		t.Fatalf("%d days are exported, %d shown", len(days), len(shown))
	}
	for i, day := range shown {
		same("date", days[i]["date"], day.Date)
		same("state", days[i]["state"], day.State)
		same("activeUsers", days[i]["activeUsers"], day.ActiveUsers)
		same("creditsUsed", days[i]["creditsUsed"], day.CreditsUsed)
		if day.Completions == nil {
			day.Completions = new(metrics.Completions)
		}
		same("suggested", days[i]["suggested"], day.Completions.Suggested)
		same("accepted", days[i]["accepted"], day.Completions.Accepted)
		same("acceptanceRate", days[i]["acceptanceRate"], day.Completions.AcceptanceRate)
		same("weeklyActiveUsers", days[i]["weeklyActiveUsers"], day.WeeklyActiveUsers)
		if day.CodeReview != nil {
			same("codeReviewPassiveUsers", days[i]["codeReviewPassiveUsers"], day.CodeReview.PassiveUsers)
		}
		if day.Agents != nil && day.Agents.VSCode != nil {
			same("vscodeAgentMessages", days[i]["vscodeAgentMessages"], day.Agents.VSCode.Messages)
		}
		if pulls := day.PullRequests; pulls != nil {
			same("pullRequestsMergedCreatedByCopilot", days[i]["pullRequestsMergedCreatedByCopilot"], pulls.MergedCreatedByCopilot)
			same("pullRequestMedianMinutesToMergeCopilotAuthored", days[i]["pullRequestMedianMinutesToMergeCopilotAuthored"], pulls.MedianMinutesToMergeCopilotAuthored)
		}
	}

	languages, row := a.export(path+"/export?kind=usage&by=language&from=2026-09-20"), 0
	for _, day := range shown {
		if day.Completions == nil {
			continue
		}
		for _, language := range day.Completions.ByLanguage.Rows {
			same("date", languages[row]["date"], day.Date)
			same("language", languages[row]["name"], language.Name)
			same("suggested", languages[row]["suggested"], language.Suggested)
			same("accepted", languages[row]["accepted"], language.Accepted)
			same("acceptanceRate", languages[row]["acceptanceRate"], day.Completions.ByLanguage.AcceptanceRate(language))
			row++
		}
	}
	if row != len(languages) || row == 0 {
		t.Errorf("%d rows of languages are exported, %d shown", len(languages), row)
	}

	for _, editor := range a.export(path + "/export?kind=usage&by=editor") {
		if editor["basis"] != "all_features" || editor["acceptanceRate"] != "" {
			t.Errorf("the rate of an editor, in all features, is %v", editor)
		}
	}

	users := a.export(path + "/export?kind=users")
	for i, user := range a.users(path + "/users").Users {
		same("userId", users[i]["userId"], user.UserID)
		same("login", users[i]["login"], user.Login)
		same("acceptanceRate", users[i]["acceptanceRate"], user.AcceptanceRate)
		same("creditsUsed", users[i]["creditsUsed"], user.CreditsUsed)
	}

	seats := a.export(path + "/export?kind=seats")
	for i, seat := range a.seats(path + "/seats").Seats {
		same("userId", seats[i]["userId"], seat.UserID)
		same("team", seats[i]["team"], seat.Team)
		same("status", seats[i]["status"], seat.Status)
		if seats[i]["monthlyCost"] != "19.00" || seats[i]["currency"] != "USD" || seats[i]["plan"] != "business" {
			t.Errorf("a seat is %v", seats[i])
		}
	}

	month := a.cost(path + "/cost")
	teams, models := a.export(path+"/export?kind=cost"), a.export(path+"/export?kind=cost&by=model")
	if diff := cmp.Diff(teams, a.export(path+"/export?kind=cost&by=team&month=2026-11")); diff != "" {
		t.Errorf("by or month has another default:\n%s", diff)
	}
	for i, team := range month.ByTeam {
		same("team", teams[i]["team"], team.Team)
		same("totalSpend", teams[i]["totalSpend"], team.TotalSpend.Amount)
	}
	for i, model := range month.ByModel.Rows {
		same("model", models[i]["model"], model.Name)
		same("billed", models[i]["billed"], model.Billed.Amount)
		same("share", models[i]["share"], model.Share)
	}
	if len(teams) != len(month.ByTeam) || len(models) != 2 {
		t.Errorf("%d teams and %d models are exported", len(teams), len(models))
	}
}

// A day has a row for each feature, tool and phase. Together they must be what the API shows of the day.
func TestTheExportedPartsOfADayAddUpToTheDay(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	days := a.usage(path + "/usage?from=2026-11-15").Days
	shown := map[string][]string{}
	for _, day := range days {
		row := func(by string, values ...any) {
			cells := []string{day.Date.String(), text(day.State)}
			for _, value := range values {
				cells = append(cells, text(value))
			}
			shown[by] = append(shown[by], strings.Join(cells, " "))
		}
		for _, f := range day.Features {
			row("feature", f.Name, f.Interactions, f.Generated, f.Accepted, f.LinesAdded, f.LinesDeleted)
		}
		for _, tool := range day.Tools {
			row("tool", tool.Kind, tool.Name, tool.Interactions)
		}
		for _, p := range day.Adoption {
			row("phase", p.Phase, p.Number, p.EngagedUsers, p.People28Days)
		}
	}
	for by, columns := range map[string][]string{
		"feature": {"date", "state", "name", "interactions", "generated", "accepted", "linesAdded", "linesDeleted"},
		"tool":    {"date", "state", "kind", "name", "interactions"},
		"phase":   {"date", "state", "phase", "number", "engagedUsers", "people28Days"},
	} {
		var exported []string
		for _, row := range a.export(path + "/export?kind=usage&from=2026-11-15&by=" + by) {
			var cells []string
			for _, name := range columns {
				cells = append(cells, row[name])
			}
			exported = append(exported, strings.Join(cells, " "))
		}
		if diff := cmp.Diff(shown[by], exported); diff != "" || len(exported) == 0 {
			t.Errorf("by %s (-shown +exported):\n%.1000s", by, diff)
		}
	}
}

// The exported table of people must have the same people in the same order as the list, also across parts.
func TestTheExportOfUsersHasTheFiltersAndOrderOfTheList(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	for _, query := range []string{"sort=creditsUsed&order=desc", "order=desc", "q=DEV-0", "q=DEV-0&sort=activeDays&from=2026-11-10", "q=%00"} {
		var want []string
		for _, user := range a.users(path + "/users?" + query).Users {
			want = append(want, user.Login)
		}
		var got []string
		for _, row := range a.export(path + "/export?kind=users&" + query) {
			got = append(got, row["login"])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-listed +exported):\n%.1000s", query, diff)
		}
	}
}

func TestTheFileOfAnExport(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	path += "/export?"
	for query, want := range map[string][2]string{
		"kind=usage&format=csv":                                         {"text/csv; charset=utf-8", "copilot-octo-usage-2026-10-25-to-2026-11-21.csv"},
		"kind=usage&format=json&by=model&from=2026-11-20":               {"application/json", "copilot-octo-usage-2026-11-20-to-2026-11-21-by-model.json"},
		"kind=users&format=csv&from=2026-11-01&to=2026-11-02":           {"text/csv; charset=utf-8", "copilot-octo-users-2026-11-01-to-2026-11-02.csv"},
		"kind=seats&format=json":                                        {"application/json", "copilot-octo-seats-2026-11-22.json"},
		"kind=cost&format=csv&month=2026-10":                            {"text/csv; charset=utf-8", "copilot-octo-cost-2026-10.csv"},
		"kind=cost&format=csv&by=model":                                 {"text/csv; charset=utf-8", "copilot-octo-cost-2026-11-by-model.csv"},
		"kind=cost&format=focus":                                        {"text/csv; charset=utf-8", "copilot-octo-cost-2026-11-focus-1.2.csv"},
		"kind=usage&format=csv&from=2026-09-01&to=2026-09-02&by=editor": {"text/csv; charset=utf-8", "copilot-octo-usage-2026-09-01-to-2026-09-02-by-editor.csv"},
		"kind=usage&format=csv&from=2026-10-20&to=2026-11-21":           {"text/csv; charset=utf-8", "copilot-octo-usage-2026-10-20-to-2026-11-21.csv"},
		"kind=seats&format=csv&part=1":                                  {"text/csv; charset=utf-8", "copilot-octo-seats-2026-11-22-part-1.csv"},
	} {
		got := a.send(http.MethodGet, path+query, "")
		if got.status != http.StatusOK || got.header.Get("Content-Type") != want[0] || got.header.Get("Content-Disposition") != `attachment; filename="`+want[1]+`"` || linkOf(got) != "" {
			t.Errorf("%s got %d %v, want 200", query, got.status, got.header)
		}
	}
	for query, fields := range map[string]string{
		"":                                             "kind format",
		"kind=everything&format=csv":                   "kind",
		"kind=usage&format=xlsx":                       "format",
		"kind=usage":                                   "format",
		"kind=usage&format=focus":                      "format",
		"kind=usage&format=csv&by=seat":                "by",
		"kind=usage&format=csv&from=x":                 "from",
		"kind=usage&format=csv&part=x":                 "part",
		"kind=usage&format=csv&part=0":                 "part",
		"kind=users&format=csv&part=-1":                "part",
		"kind=usage&format=csv&part=2":                 "part",
		"kind=usage&format=csv&part=1&next=2026-11-10": "part",
		"kind=seats&format=csv&next=1-1":               "part",
		"kind=usage&format=csv&part=2&next=x":          "next",
		"kind=usage&format=csv&part=2&from=2026-11-01&to=2026-11-21&next=2026-11-01": "next",
		"kind=usage&format=csv&part=2&from=2026-11-01&to=2026-11-21&next=2026-11-22": "next",
		"kind=users&format=csv&from=2026-11-21&to=2026-11-20":                        "from",
		"kind=users&format=csv&part=2&next=x":                                        "next",
		"kind=seats&format=csv&part=2&next=x":                                        "next",
		"kind=cost&format=csv&month=2027-01":                                         "month",
		"kind=cost&format=csv&from=2026-11-01":                                       "from",
		"kind=cost&format=csv&from=":                                                 "from",
		"kind=cost&format=csv&date=2026-11-01&userId=1":                              "userId",
		"kind=users&format=csv&by=editor":                                            "by",
		"kind=users&format=csv&month=2026-11&status=idle":                            "month status",
		"kind=users&format=csv&sort=idleDays&order=down":                             "order sort",
		"kind=users&format=csv&sort=login&part=2&next=9-00000000":                    "next",
		"kind=users&format=csv&userId=7":                                             "userId",
		"kind=usage&format=csv&month=2026-10":                                        "month",
		"kind=seats&format=csv&from=2026-11-01&to=2026-11-02":                        "from to",
		"kind=usage&format=csv&kind=users":                                           "kind",
		"kind=usage&format=csv&to=2026-11-23":                                        "to",
		"kind=seats&format=csv&date=2026-11-23":                                      "date",
		"kind=cost&format=csv&by=language":                                           "by",
		"kind=cost&format=focus&by=team":                                             "by",
		"kind=cost&format=csv;x":                                                     "query",
	} {
		got := a.send(http.MethodGet, path+query, "")
		var named []string
		for _, e := range got.Errors {
			named = append(named, e.Field)
		}
		if got.status != http.StatusBadRequest || strings.Join(named, " ") != fields {
			t.Errorf("%s got %d %s, want 400", query, got.status, got.body)
		}
	}
}

func TestFOCUSChargesAddUpToTheMonth(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Kind, account.Plan, account.Seats = githubsim.Enterprise, githubsim.PlanEnterprise, 40
	account.Tokens[0].Scopes = []string{"read:enterprise", "manage_billing:enterprise"}
	a := start(t, account)
	a.overdraw()
	path := a.savedAs("enterprise", "octo")
	for _, prices := range []string{`{}`, `{"business":"17.55","enterprise":"33.33","credit":"0.0081","currency":"EUR"}`} {
		a.send(http.MethodPatch, path, `{"prices":`+prices+`}`)
		month := a.cost(path + "/cost")
		var billed, effective int64
		skus := map[string]int{}
		for _, row := range parseTable(t, a.send(http.MethodGet, path+"/export?kind=cost&format=focus", "")) {
			billed += a.cents(&money{Amount: row["BilledCost"]})
			effective += a.cents(&money{Amount: row["EffectiveCost"]})
			skus[row["SkuId"]]++
			if row["BillingPeriodEnd"] != "2026-12-01T00:00:00Z" || row["ChargePeriodEnd"] != "2026-11-23T00:00:00Z" || row["BillingCurrency"] != month.TotalSpend.Currency {
				t.Errorf("a charge is %v", row)
			}
		}
		if total := a.cents(month.TotalSpend); billed != total || effective != total {
			t.Errorf("billed adds up to %d cents, effective to %d, the month to %d", billed, effective, total)
		}
		if skus["Copilot Business"] == 0 || skus["Copilot Enterprise"] == 0 || skus["Copilot AI Credits"] != 2*len(month.ByTeam) { // two models, shared by the teams
			t.Errorf("the charges are of %v", skus)
		}
	}

	got := a.send(http.MethodGet, path+"/export?kind=cost&format=focus&month=2026-03", "")
	if got.status != http.StatusNotFound || got.Code != "cost_not_known" || !strings.Contains(got.Detail, "No list of the seats") {
		t.Errorf("a month before the first reading got %d %s, want 404 cost_not_known", got.status, got.body)
	}
}

// onLambda calls the API as the gateway does, and fails the test if the answer is longer than a Lambda may return.
func (a *app) onLambda(path string, headers map[string]string) answer {
	a.t.Helper()
	address, err := url.Parse(path)
	if err != nil {
		a.t.Fatal(err)
	}
	event := events.APIGatewayV2HTTPRequest{RawPath: address.Path, RawQueryString: address.RawQuery, Headers: headers}
	event.RequestContext.HTTP.Method = http.MethodGet
	response, err := lambda.HTTPHandler(a.api.Handler())(a.t.Context(), event)
	if err != nil {
		a.t.Fatal(err)
	}
	var whole bytes.Buffer
	written := json.NewEncoder(&whole)
	written.SetEscapeHTML(false)
	if err := written.Encode(response); err != nil || whole.Len() > 6<<20 || a.api.MaxAnswer > 0 && whole.Len() > a.api.MaxAnswer+4<<10 {
		a.t.Errorf("the answer has %d bytes of JSON (%v)", whole.Len(), err)
	}
	got := answer{status: response.StatusCode, header: http.Header{}, body: []byte(response.Body)}
	for name, value := range response.Headers {
		got.header.Set(name, value)
	}
	if packed := got.header.Get("Content-Encoding") == "gzip"; packed != response.IsBase64Encoded {
		a.t.Errorf("base64: %v, gzip: %v", response.IsBase64Encoded, packed)
	} else if packed {
		unpacker, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(response.Body)))
		if err == nil {
			got.body, err = io.ReadAll(unpacker)
		}
		if err != nil {
			a.t.Fatal(err)
		}
	}
	return got
}

// peopleIn returns the ids in a table of the format that the query asks for.
func peopleIn(t *testing.T, query string, got answer) (ids []string) {
	t.Helper()
	if strings.Contains(query, "csv") {
		for _, row := range parseTable(t, got) {
			ids = append(ids, row["userId"])
		}
		return ids
	}
	for _, row := range decode[[]struct{ UserID int64 }](t, got) {
		ids = append(ids, fmt.Sprint(row.UserID))
	}
	return ids
}

func TestAPartEndsBeforeTheGatewaysTimeLimit(t *testing.T) {
	t.Parallel()
	const all = 500
	a, path := octoSaved.prepare(t)
	a.api.Connectors.Usage = slowUsage{crowdedUsage{crowd: all}, a.Clock}
	a.serve()
	path += "/export?kind=users&format=csv"
	people := 0
	for next, parts := path+"&part=1", 0; next != ""; parts++ {
		began := a.Now()
		part := a.onLambda(next, nil)
		people += len(peopleIn(t, "csv", part))
		if next = linkOf(part); a.Now().Sub(began) > 25*time.Second || parts == 5 {
			t.Fatalf("part %d takes %s", parts+1, a.Now().Sub(began))
		}
	}
	if people != all {
		t.Errorf("the parts have %d people of %d", people, all)
	}
	began := a.Now()
	whole := a.onLambda(path, nil)
	if whole.status != http.StatusBadRequest || !strings.Contains(string(whole.body), `"too_long"`) || !strings.Contains(string(whole.body), "part=1") {
		t.Errorf("a whole table that takes 40 seconds got %d %.300s, want 400", whole.status, whole.body)
	}
	if took := a.Now().Sub(began); took > 25*time.Second {
		t.Errorf("the answer took %s", took)
	}
}

// longTables has tables of 500 people, each with a limit that four pages meet and five exceed.
var longTables = map[string]int{
	"kind=seats&format=csv": 70_000, "kind=seats&format=json": 200_000, "kind=users&format=csv": 60_000, "kind=users&format=json": 145_000,
}

func TestATableTooLongForALambdaIsNeverCutSilently(t *testing.T) {
	t.Parallel()
	for query, limit := range longTables {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			a, path := crowdedAPI(t, 500, limit)
			got := a.onLambda(path+query, nil)
			var refused struct{ Code, Detail string }
			if err := json.Unmarshal(got.body, &refused); err != nil || got.status != http.StatusBadRequest || refused.Code != "too_long" ||
				!strings.Contains(refused.Detail, "part=1") || got.header.Get("Content-Disposition") != "" || got.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("got %d %v %.300s, want 400 too_long", got.status, got.header, got.body)
			}

			packed := a.onLambda(path+query, map[string]string{"accept-encoding": "gzip"})
			if all := peopleIn(t, query, packed); packed.status != http.StatusOK || len(all) != 500 || linkOf(packed) != "" ||
				packed.header.Get("Content-Encoding") != "gzip" || packed.header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("compressed, %d people came, %d %v, want 200", len(all), packed.status, packed.header)
			}

			people, parts := map[string]bool{}, 0
			for next := path + query + "&part=1"; next != ""; {
				part := a.onLambda(next, nil)
				parts++
				if name := part.header.Get("Content-Disposition"); !strings.Contains(name, fmt.Sprintf("-part-%d.", parts)) {
					t.Errorf("part %d is %s", parts, name)
				}
				for _, id := range peopleIn(t, query, part) {
					if people[id] {
						t.Fatalf("%s comes twice", id)
					}
					people[id] = true
				}
				next = linkOf(part)
			}
			if len(people) != 500 || parts < 2 {
				t.Errorf("%d people came in %d parts", len(people), parts)
			}
		})
	}
}

func TestWithoutALambdaATableMayBeLonger(t *testing.T) {
	t.Parallel()
	for query, limit := range longTables {
		a, path := crowdedAPI(t, 500, limit)
		plain, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+path+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		plain.Header.Set("Accept-Encoding", "identity")
		refused, err := http.DefaultClient.Do(plain)
		if err != nil {
			t.Fatal(err)
		}
		if _ = refused.Body.Close(); refused.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: got %d", query, refused.StatusCode)
		}
		got := a.send(http.MethodGet, path+query, "")
		if all := peopleIn(t, query, got); got.status != http.StatusOK || len(all) != 500 || linkOf(got) != "" {
			t.Errorf("%s: %d people came, %d %v, want 200", query, len(all), got.status, got.header)
		}
	}
}

func TestACompressedPartFitsIntoALambdasAnswer(t *testing.T) {
	t.Parallel()
	a, path := crowdedAPI(t, 5000, 15_000) // fewer people are compressed in one write
	parts, people := 0, 0
	for next := path + "kind=users&format=csv&part=1"; next != ""; parts++ {
		part := a.onLambda(next, map[string]string{"accept-encoding": "br, gzip"})
		people += len(peopleIn(t, "csv", part))
		next = linkOf(part)
	}
	if people != 5000 || parts < 2 {
		t.Errorf("%d people came in %d parts", people, parts)
	}
}

func TestAllPartsHaveTheDaysOfTheFirst(t *testing.T) {
	t.Parallel()
	a, path := crowdedAPI(t, 500, 60_000)
	first := a.onLambda(path+"kind=users&format=csv&part=1", nil)
	a.Advance(24 * time.Hour)
	second := a.onLambda(linkOf(first), nil)
	for part, got := range []answer{first, second} {
		if name := got.header.Get("Content-Disposition"); !strings.Contains(name, fmt.Sprintf("users-2026-10-25-to-2026-11-21-part-%d.csv", part+1)) {
			t.Errorf("part %d is %s: %d %.300s", part+1, name, got.status, got.body)
		}
	}
}

// A month of so many teams is longer than a part, whose limit a few days meet.
func TestAPartOfTeamsEndsAfterAnyDay(t *testing.T) {
	t.Parallel()
	const teams = 50
	a, path := crowdedAPI(t, teams, 20_000)
	days, parts := map[string]int{}, 0
	for next := path + "kind=usage&by=team&format=csv&from=2026-10-10&to=2026-11-20&part=1"; next != ""; parts++ {
		part := a.onLambda(next, nil)
		lines := strings.Split(strings.TrimSpace(string(part.body)), "\n")
		if part.status != http.StatusOK || len(part.body) > 20_000 {
			t.Fatalf("part %d got %d %.300s", parts+1, part.status, part.body)
		}
		for _, line := range lines[1:] {
			days[strings.Split(line, ",")[0]]++
		}
		next = linkOf(part)
	}
	for date := calendar.DateOf(noon) - 43; date <= calendar.DateOf(noon)-2; date++ {
		if days[date.String()] != teams+1 {
			t.Errorf("%s has %d rows, want %d", date, days[date.String()], teams+1)
		}
	}
	if len(days) != 42 || parts < 5 {
		t.Errorf("%d days came in %d parts", len(days), parts)
	}
}

func TestOnlyAClientThatAcceptsGzipGetsIt(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	path += "/export?kind=users&format=json"
	all := peopleIn(t, path, a.send(http.MethodGet, path, ""))
	for accept, want := range map[string]string{
		"": "", "gzip": "gzip", "GZIP": "gzip", "br, gzip;q=0.5": "gzip", "gzip; q=1.0": "gzip", "*": "gzip", "br": "", "identity": "",
		"gzip;q=0": "", "gzip; q=0.000": "", "gzip;q=x": "", "x-gzip": "gzip", "*;q=0": "", "gzip;q=0, *": "", "identity, gzip;q=0.5": "",
		"identity;q=0.5, gzip;q=1": "gzip", "deflate;q=0.5,gzip ; q=0.001": "gzip", "gzip;q=2": "", "gzip;q=0.5;a=b": "",
	} {
		got := a.onLambda(path, map[string]string{"accept-encoding": accept})
		if got.header.Get("Content-Encoding") != want || !slices.Equal(peopleIn(t, path, got), all) {
			t.Errorf("%q got %d %v", accept, got.status, got.header)
		}
	}
}

func TestAnExportThatFailsHalfwayIsAProblemNotAFile(t *testing.T) {
	t.Parallel()
	a, path := octoSaved.prepare(t)
	a.api.Connectors.Usage = crowdedUsage{crowd: 500, failsAt: "3"}
	a.serve()
	for _, format := range []string{"csv", "json"} {
		got := a.send(http.MethodGet, path+"/export?kind=users&format="+format, "")
		a.checkInside(got)
		if got.header.Get("Content-Disposition") != "" {
			t.Errorf("the problem has the headers of a file: %v", got.header)
		}
	}
}
