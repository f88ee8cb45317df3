package metrics_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

const benchmarked = 4 << 20

// manyPeople is a per-user report with rows of the usual 2 to 6 KB, and every fourth reduced.
func manyPeople() []byte {
	var report []byte
	for id := int64(1); len(report) < benchmarked; id++ {
		if id%4 == 0 {
			report = append(report, userRow(id, `"ai_credits_used":1.25,"user_initiated_interaction_count":0,"used_chat":null`)...)
			continue
		}
		report = append(report, userRow(id, `"organization_id":"70031","enterprise_id":"88","ai_credits_used":`+fmt.Sprint(float64(id%900)/8)+
			`,"used_chat":true,"used_agent":false,"used_copilot_code_review_passive":null,`+activity(id)+`,`+breakdowns(int(4+id%8)))...)
	}
	return report
}

// manyLanguages is the aggregate report of an account with very many languages and models.
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

func BenchmarkPeopleReport(b *testing.B) {
	benchmark(b, manyPeople(), func(report []byte) error {
		return metrics.NewPeopleReader(date).ReadPart(bytes.NewReader(report))
	})
}

func BenchmarkAggregateReport(b *testing.B) {
	benchmark(b, manyLanguages(), func(report []byte) error {
		return metrics.NewAggregateReader(date).ReadPart(bytes.NewReader(report))
	})
}

// benchmark reports the speed, and how many times longer it takes than json.Valid over the same lines.
func benchmark(b *testing.B, report []byte, read func([]byte) error) {
	b.SetBytes(int64(len(report)))
	b.ReportAllocs()
	for b.Loop() {
		if err := read(report); err != nil {
			b.Fatal(err)
		}
	}
	mean := b.Elapsed() / time.Duration(b.N)
	start := time.Now()
	for range 3 {
		for line := range bytes.Lines(report) {
			if !json.Valid(line) {
				b.Fatal("the report is not valid")
			}
		}
	}
	b.ReportMetric(float64(mean)/float64(time.Since(start)/3), "x-json.Valid")
}
