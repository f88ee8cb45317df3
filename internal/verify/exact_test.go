//go:build !race

package verify_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// The preview's numbers are computed here a second time, from GitHub's files as generic JSON.
func TestThePreviewIsWhatGitHubsFilesSay(t *testing.T) {
	t.Parallel()
	account := octo()
	account.CompletionModels = true
	account.Shards = 3
	w := newWorld(t, account)
	result := w.verify(copilot.Organization, "octo", classic)
	if !result.OK || len(result.Preview.Days) != 14 {
		t.Fatalf("the result is %+v, want ok and 14 days", result)
	}
	active, engaged, credits := map[string]bool{}, map[string]bool{}, 0.0
	for i, day := range result.Preview.Days {
		date := day.Date.String()
		if want := calendar.DateOf(morning) - 14 + calendar.Date(i); day.Date != want {
			t.Fatalf("day %d is %s, want %s", i, day.Date, want)
		}
		record := w.report("organization", date)[0]
		people := map[string]map[string]any{}
		for _, row := range w.report("users", date) {
			people[person(row)] = row
		}
		dayEngaged, dayCredits := 0.0, 0.0
		for id, row := range people {
			active[id] = true
			if number(row, "user_initiated_interaction_count")+number(row, "code_generation_activity_count")+number(row, "code_acceptance_activity_count") > 0 {
				engaged[id] = true
				dayEngaged++
			}
			dayCredits += number(row, "ai_credits_used")
		}
		credits += dayCredits

		suggested, accepted, lines := sumRows(record, "code_completion", "code_generation_activity_count"),
			sumRows(record, "code_completion", "code_acceptance_activity_count"),
			sumRows(record, "code_completion", "loc_added_sum")
		same(t, date+" active", float64(*day.ActiveUsers), number(record, "daily_active_users"))
		same(t, date+" active by rows", float64(*day.ActiveUsers), float64(len(people)))
		same(t, date+" engaged", float64(*day.EngagedUsers), dayEngaged)
		same(t, date+" suggested", float64(*day.Completions.Suggested), suggested)
		same(t, date+" accepted", float64(*day.Completions.Accepted), accepted)
		same(t, date+" lines", float64(*day.Completions.LinesAccepted), lines)
		same(t, date+" chat", float64(*day.Chat.Interactions), sumRows(record, "chat_", "user_initiated_interaction_count"))
		byLanguage := 0.0
		for _, row := range day.Completions.ByLanguage.Rows {
			byLanguage += float64(*row.Suggested)
		}
		same(t, date+" by language", byLanguage, suggested)
		if day.CreditsUsed != nil {
			same(t, date+" credits", day.CreditsUsed.Float(), dayCredits)
		}
	}
	totals := result.Preview.Totals
	same(t, "distinct active", float64(*totals.ActiveUsers), float64(len(active)))
	same(t, "distinct engaged", float64(*totals.EngagedUsers), float64(len(engaged)))
	same(t, "credits", totals.CreditsUsed.Float(), credits)
	if totals.DaysWithData != 14 || totals.PullRequests.MedianMinutesToMerge != nil {
		t.Errorf("the totals are %+v, want 14 days and no median", totals)
	}
}

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if diff := got - want; diff > 1e-6 || diff < -1e-6 {
		t.Errorf("%s: got %v, GitHub's file says %v", what, got, want)
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
func (w *world) report(kind, day string) (rows []map[string]any) {
	w.t.Helper()
	var envelope struct {
		Links []string `json:"download_links"`
	}
	if err := json.Unmarshal(w.fetch(w.url+"/orgs/octo/copilot/metrics/reports/"+kind+"-1-day?day="+day, classic), &envelope); err != nil {
		w.t.Fatal(err)
	}
	for _, link := range envelope.Links {
		lines := bufio.NewScanner(bytes.NewReader(w.fetch(link, "")))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var row map[string]any
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				w.t.Fatal(err)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func (w *world) fetch(url, token string) []byte {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		w.t.Fatalf("%s answers %d, %v", r.URL.Path, response.StatusCode, err)
	}
	return body
}
