package metrics_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

const benchmarked = 4 << 20

// manyPeople returns a per-user report as the simulated GitHub writes it.
func manyPeople(b *testing.B, seats int) []byte {
	var report bytes.Buffer
	if err := githubsim.WriteUsers(&report, githubsim.Account{Kind: githubsim.Enterprise, Slug: "octo-big", Seats: seats}, date.String(), 0); err != nil {
		b.Fatal(err)
	}
	return report.Bytes()
}

// manyLanguages returns the aggregate report of an account with very many languages and models.
func manyLanguages() []byte {
	return record(`"daily_active_users":90000,"organization_id":"70031",` + activity(7) + `,` + breakdowns(benchmarked/900))
}

func activity(n int64) string {
	return fmt.Sprintf(`"user_initiated_interaction_count":%d,"code_generation_activity_count":%d,"code_acceptance_activity_count":%d,`+
		`"loc_suggested_to_add_sum":%d,"loc_suggested_to_delete_sum":%d,"loc_added_sum":%d,"loc_deleted_sum":%d`, n%40, n%200, n%70, n%900, n%30, n%400, n%90)
}

func breakdowns(n int) string {
	features := []string{"code_completion", "chat_panel_agent_mode", "agent_edit", "chat_inline"}
	list := func(name string, row func(i int) string) string {
		rows := make([]string, n)
		for i := range rows {
			rows[i] = "{" + row(i) + "," + activity(int64(i*31)) + "}"
		}
		return `"` + name + `":[` + strings.Join(rows, ",") + "]"
	}
	return strings.Join([]string{
		list("totals_by_feature", func(i int) string { return `"feature":"` + features[i%4] + `"` }),
		list("totals_by_language_feature", func(i int) string { return fmt.Sprintf(`"language":"language-%d","feature":"%s"`, i, features[i%4]) }),
		list("totals_by_model_feature", func(i int) string { return fmt.Sprintf(`"model":"model-%d","feature":"%s"`, i, features[i%4]) }),
	}, ",")
}

// BenchmarkUsersReport reads a report as GitHub writes it, and one with a blank after each comma and colon, as other writers of JSON do.
func BenchmarkUsersReport(b *testing.B) {
	report := manyPeople(b, 10_000)
	spaced := bytes.ReplaceAll(bytes.ReplaceAll(report, []byte(`":`), []byte(`": `)), []byte(`,"`), []byte(`, "`))
	for name, report := range map[string][]byte{"compact": report, "spaced": spaced} {
		b.Run(name, func(b *testing.B) {
			benchmark(b, report, func(report []byte) error {
				return metrics.NewUsersReader(date, metrics.Owner{}, new(metrics.Roster).Add).ReadPart(bytes.NewReader(report))
			})
		})
	}
}

func BenchmarkAggregateReport(b *testing.B) {
	benchmark(b, manyLanguages(), func(report []byte) error {
		return metrics.NewAggregateReader(date, metrics.Owner{}).ReadPart(bytes.NewReader(report))
	})
}

// benchmark reports the processor time of read, and compares it with that of json.Valid over the same lines.
func benchmark(b *testing.B, report []byte, read func([]byte) error) {
	b.ReportAllocs()
	testworld.Beside(b, "json.Valid", func() {
		for line := range bytes.Lines(report) {
			if !json.Valid(line) {
				b.Fatal("the report is not valid")
			}
		}
	}, func() {
		if err := read(report); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkRoster fills a roster, and for comparison a map of all user ids. It reports the bytes that one person's day takes in
// the store.
func BenchmarkRoster(b *testing.B) {
	for _, seats := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(seats, "-seats"), func(b *testing.B) {
			roster := mustRead(b, readRoster, manyPeople(b, seats))
			people := everybody(b, roster)
			testworld.Beside(b, "map", func() {
				known := make(map[int64]*metrics.UserDay)
				for i := range people {
					known[people[i].UserID] = &people[i]
				}
			}, func() { rosterOf(b, people) })
			pages, details := roster.Pages()
			b.ReportMetric(float64(len(bytes.Join(pages, nil)))/float64(len(people)), "page-B/person")
			b.ReportMetric(float64(len(bytes.Join(details, nil)))/float64(len(people)), "details-B/person")
			b.ReportMetric(float64(len(roster.People(date).Bytes()))/float64(len(people)), "people-B/person")
		})
	}
}
