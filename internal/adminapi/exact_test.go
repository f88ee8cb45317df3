//go:build !race

package adminapi_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Usage of the last 28 days is computed here a second time, from GitHub's files as generic JSON.
func TestUsageIsWhatGitHubsFilesSay(t *testing.T) {
	t.Parallel()
	a, path := busySaved.serve(t)
	got := a.usage(path + "/usage")
	if len(got.Days) != 28 || got.Days[0].Date.String() != "2026-10-25" {
		t.Fatalf("got %d days from %s", len(got.Days), got.Days[0].Date)
	}
	everybody, engaged, credits, suggested := map[string]*expected{}, map[string]bool{}, 0.0, 0.0
	for _, day := range got.Days {
		date := day.Date.String()
		record := a.report("organization", date)[0]
		rows := map[string]map[string]any{}
		for _, row := range a.report("users", date) {
			rows[person(row)] = row
		}
		dayEngaged, dayCredits := 0, 0.0
		for id, row := range rows {
			if everybody[id] == nil {
				everybody[id] = &expected{}
			}
			everybody[id].add(date, row)
			if number(row, "user_initiated_interaction_count")+number(row, "code_generation_activity_count")+number(row, "code_acceptance_activity_count") > 0 {
				engaged[id] = true
				dayEngaged++
			}
			dayCredits += number(row, "ai_credits_used")
		}
		credits += dayCredits
		suggested += sumRows(record, "code_completion", "code_generation_activity_count")
		same(t, date+" active", float64(*day.ActiveUsers), number(record, "daily_active_users"))
		same(t, date+" active by rows", float64(*day.ActiveUsers), float64(len(rows)))
		same(t, date+" engaged", float64(*day.EngagedUsers), float64(dayEngaged))
		same(t, date+" suggested", float64(*day.Completions.Suggested), sumRows(record, "code_completion", "code_generation_activity_count"))
		same(t, date+" accepted", float64(*day.Completions.Accepted), sumRows(record, "code_completion", "code_acceptance_activity_count"))
		same(t, date+" lines", float64(*day.Completions.LinesAccepted), sumRows(record, "code_completion", "loc_added_sum"))
		same(t, date+" chat", float64(*day.Chat.Interactions), sumRows(record, "chat_", "user_initiated_interaction_count"))
		same(t, date+" credits", float(day.CreditsUsed), dayCredits)
	}
	same(t, "distinct active", float64(*got.Totals.ActiveUsers), float64(len(everybody)))
	same(t, "distinct engaged", float64(*got.Totals.EngagedUsers), float64(len(engaged)))
	same(t, "credits", float(got.Totals.CreditsUsed), credits)
	same(t, "suggested", float64(*got.Totals.Completions.Suggested), suggested)
	same(t, "days with data", float64(got.Totals.DaysWithData), 28)

	users := a.users(path + "/users")
	if len(users.Users) != len(everybody) || users.Next != nil {
		t.Errorf("there are %d users, GitHub's files have %d", len(users.Users), len(everybody))
	}
	for _, user := range users.Users {
		if want := everybody[strconv.FormatInt(user.UserID, 10)]; want == nil {
			t.Errorf("user %d is not in GitHub's files", user.UserID)
		} else {
			want.check(t, user, credits)
		}
	}
	a.checkStatuses(path, users.Users)
}

// checkStatuses fails the test if a person's row has another seat status than the list of seats.
func (a *app) checkStatuses(path string, users []metrics.UserUsage) {
	a.t.Helper()
	statuses := map[int64]string{}
	for _, row := range decode[struct {
		Seats []struct {
			UserID *int64
			Status string
		}
	}](a.t, a.send(http.MethodGet, path+"/seats", "")).Seats {
		if row.UserID != nil {
			statuses[*row.UserID] = row.Status
		}
	}
	known := 0
	for _, user := range users {
		got := ""
		if user.SeatStatus != nil {
			got = *user.SeatStatus
			known++
		}
		if got != statuses[user.UserID] {
			a.t.Errorf("%s's seat is %q, and %q in the list of seats", user.Login, got, statuses[user.UserID])
		}
	}
	if known == 0 {
		a.t.Error("nobody's seat has a status")
	}
}

// Different code reads Verify's preview and the stored days. Both must give the same numbers.
func TestThePreviewIsWhatIsStoredOfTheSameDays(t *testing.T) {
	t.Parallel()
	a, path := busySaved.serve(t)
	preview := a.verify(octoForm()).Preview
	stored := a.usage(path + "/usage?from=" + preview.From.String() + "&to=" + preview.To.String())
	if diff := cmp.Diff(preview.Days, stored.Days); diff != "" {
		t.Errorf("the days differ (-preview +stored):\n%s", diff)
	}
	if diff := cmp.Diff(preview.Totals, stored.Totals); diff != "" {
		t.Errorf("the totals differ (-preview +stored):\n%s", diff)
	}
}

// expected is what GitHub's files say about a person in the range.
type expected struct {
	days                                             int
	last, login                                      string
	suggested, accepted, interactions, lines, credit float64
	features                                         map[string]float64
}

func (e *expected) add(date string, row map[string]any) {
	e.days++
	e.last, e.login = date, row["user_login"].(string)
	e.suggested += sumRows(row, "code_completion", "code_generation_activity_count")
	e.accepted += sumRows(row, "code_completion", "code_acceptance_activity_count")
	e.lines += sumRows(row, "code_completion", "loc_added_sum")
	e.interactions += sumRows(row, "chat_", "user_initiated_interaction_count")
	e.credit += number(row, "ai_credits_used")
	rows, _ := row["totals_by_feature"].([]any)
	for _, r := range rows {
		if e.features == nil {
			e.features = map[string]float64{}
		}
		e.features[r.(map[string]any)["feature"].(string)] += number(r.(map[string]any), "user_initiated_interaction_count")
	}
}

func (e *expected) check(t *testing.T, got metrics.UserUsage, credits float64) {
	t.Helper()
	used := map[string]float64(nil)
	for _, f := range got.Features {
		if used == nil {
			used = map[string]float64{}
		}
		used[f.Name] = float64(*f.Interactions)
	}
	if diff := cmp.Diff(e.features, used); diff != "" {
		t.Errorf("%s's features (-GitHub's files +got):\n%s", got.Login, diff)
	}
	same(t, got.Login+" share", float64(int(float(got.CreditsShare)*1e4+0.5)), float64(int(e.credit/credits*1e4+0.5)))
	if got.Login != e.login || got.LastActiveDay.String() != e.last {
		t.Errorf("user %d is %s, last active %s; GitHub's files say %s, %s", got.UserID, got.Login, got.LastActiveDay, e.login, e.last)
	}
	same(t, got.Login+" active days", float64(got.ActiveDays), float64(e.days))
	same(t, got.Login+" suggested", float(got.Suggested), e.suggested)
	same(t, got.Login+" accepted", float(got.Accepted), e.accepted)
	same(t, got.Login+" lines", float(got.LinesAccepted), e.lines)
	same(t, got.Login+" interactions", float(got.Interactions), e.interactions)
	same(t, got.Login+" credits", float(got.CreditsUsed), e.credit)
	if e.suggested > 0 {
		same(t, got.Login+" rate", float64(int(*got.AcceptanceRate*1e4+0.5)), float64(int(e.accepted/e.suggested*1e4+0.5)))
	} else if got.AcceptanceRate != nil {
		t.Errorf("%s has a rate without suggestions", got.Login)
	}
}

// float returns the number of an answer. An unknown number is 0, because GitHub's files leave it out.
func float(v any) float64 {
	text, _ := json.Marshal(v)
	var n float64
	_ = json.Unmarshal(text, &n)
	return n
}

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if diff := got - want; diff > 1e-6 || diff < -1e-6 {
		t.Errorf("%s: got %v, GitHub's files say %v", what, got, want)
	}
}

// person returns the row's user_id, which GitHub writes as a number or as a string.
func person(row map[string]any) string {
	if n, ok := row["user_id"].(float64); ok {
		return strconv.FormatInt(int64(n), 10)
	}
	return row["user_id"].(string)
}

func number(row map[string]any, field string) float64 {
	n, _ := row[field].(float64)
	return n
}

// sumRows adds up a field of the rows whose feature has the given prefix.
func sumRows(record map[string]any, feature, field string) (sum float64) {
	rows, _ := record["totals_by_feature"].([]any)
	for _, r := range rows {
		if row := r.(map[string]any); strings.HasPrefix(row["feature"].(string), feature) {
			sum += number(row, field)
		}
	}
	return sum
}

// report reads all files of a day's report without any code of the connector.
func (a *app) report(kind, day string) (rows []map[string]any) {
	a.t.Helper()
	var envelope struct {
		Links []string `json:"download_links"`
	}
	if err := json.Unmarshal(a.fetch(a.URL+"/orgs/octo/copilot/metrics/reports/"+kind+"-1-day?day="+day, canary), &envelope); err != nil {
		a.t.Fatal(err)
	}
	for _, link := range envelope.Links {
		lines := bufio.NewScanner(bytes.NewReader(a.fetch(link, "")))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var row map[string]any
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				a.t.Fatal(err)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func (a *app) fetch(url, token string) []byte {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		a.t.Fatalf("%s answers %d, %v", r.URL.Path, response.StatusCode, err)
	}
	return body
}
