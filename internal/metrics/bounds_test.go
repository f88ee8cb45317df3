package metrics_test

import (
	"fmt"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// A value exactly at its limit is accepted.
func TestTheLargestAllowedValuesAreAccepted(t *testing.T) {
	t.Parallel()
	const most = int64(1_000_000_000_000)
	name := strings.Repeat("x", 200)
	usage := mustRead(t, readUsage, record(fmt.Sprintf(`"daily_active_users":%d,"totals_by_feature":[{"feature":"code_completion",
		"code_generation_activity_count":%[1]d}],"totals_by_ide":[{"ide":"%s","code_generation_activity_count":%[1]d}],
		"totals_by_cli":{"token_usage":{"output_tokens_sum":1000000000000000}},"pull_requests":{"median_minutes_to_merge":0}`, most, name)))
	if *usage.ActiveUsers != most || *usage.Completions.Suggested != most || usage.Completions.ByEditor.Rows[0].Name != name ||
		*usage.CLI.OutputTokens != 1_000_000_000_000_000 || *usage.PullRequests.MedianMinutesToMerge != 0 {
		t.Errorf("the day is %s, want the largest values", asJSON(t, usage))
	}
	feature := fmt.Sprintf(`{"feature":"code_completion","code_generation_activity_count":%d}`, most)
	user := everybody(t, mustRead(t, readRoster, userRow(9223372036854775807, `"ai_credits_used":1000000,"totals_by_feature":[`+feature+`]`)))[0]
	if user.UserID != 9223372036854775807 || int64(user.Suggested) != most || user.Credits.Float() != 1_000_000 {
		t.Errorf("the person is %+v, want the largest values", user)
	}
	login := strings.Repeat("l", 100)
	if got := everybody(t, mustRead(t, readRoster, []byte(`{"user_id":1,"user_login":"`+login+`"}`)))[0].Login; got != login {
		t.Errorf("the login is %q", got)
	}
}

// Names of fields are compared after their escapes are decoded, whatever their length.
func TestFieldNamesOfEveryLengthAndSpelling(t *testing.T) {
	t.Parallel()
	for length := range 80 {
		row := userRow(7, fmt.Sprintf(`"%s":1,"totals_by_feature":[{"%[1]s":1}]`, strings.Repeat("x", length)))
		if got := everybody(t, mustRead(t, readRoster, row)); len(got) != 1 || got[0].UserID != 7 {
			t.Errorf("with a field name of %d letters: %+v", length, got)
		}
	}
	for _, name := range []string{`\u0075ser_id`, `user_i\u0064`, `\u0075\u0073\u0065\u0072\u005f\u0069\u0064`} {
		if got := everybody(t, mustRead(t, readRoster, []byte(`{"`+name+`":7}`))); len(got) != 1 || got[0].UserID != 7 {
			t.Errorf("%s is not found: %+v", name, got)
		}
	}
}

func TestTheErrorNamesARepeatedField(t *testing.T) {
	t.Parallel()
	report := []byte(`{"day":"2026-11-18","daily_active_users":1,"daily_active_users":2}`)
	_, err := readUsage(report)
	mustBeBroken(t, err, "read usage report", fmt.Sprintf("record 1: it repeats a field at byte %d", strings.LastIndex(string(report), `"daily`)+1))
}

// If a split of chat by model is reported without rows, the total of a range is a split without rows too.
func TestASplitOfChatWithoutRowsStaysOneInARange(t *testing.T) {
	t.Parallel()
	chatOf := func(models string) metrics.Day {
		usage := mustRead(t, readUsage, record(`"daily_active_users":1,"totals_by_feature":[]`+models))
		return metrics.ReadDay(date, usage, nil, readAt)
	}
	for models, want := range map[string]bool{"": false, `,"totals_by_model_feature":[]`: true} {
		day := chatOf(models)
		total := metrics.Sum([]metrics.Day{day, day}, nil)
		if (day.Chat.ByModel != nil) != want || (total.Chat.ByModel != nil) != want {
			t.Errorf("with %q the day has %v, the range %v", models, day.Chat.ByModel, total.Chat.ByModel)
		}
	}
}
