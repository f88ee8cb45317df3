package metrics_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/feature"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Names for the numbers of the stored form.
var (
	detailBlocks = map[feature.Block]string{
		feature.OfCLI: "totals_by_cli", feature.OfApp: "totals_by_copilot_app", feature.OfVSCode: "totals_by_vscode_agent",
		feature.OfThirdParty: "totals_by_3rd_party_agent", feature.OfAdoption: "ai_adoption_phase", feature.OfUsed: "used", feature.OfUnlisted: "totals_by_feature",
	}
	detailFields = []string{
		"user_initiated_interaction_count", "code_generation_activity_count", "code_acceptance_activity_count", "loc_suggested_to_add_sum",
		"loc_suggested_to_delete_sum", "loc_added_sum", "loc_deleted_sum", "session_count", "request_count", "prompt_count", "output_tokens_sum",
		"prompt_tokens_sum", "total_user_messages", "phase_number",
	}
	detailFlags = []string{
		"used_chat", "used_agent", "used_cli", "used_copilot_app", "used_vscode_agent", "used_copilot_cloud_agent",
		"used_copilot_code_review_active", "used_copilot_code_review_passive",
	}
	listedFeatures = []string{
		"code_completion", "chat_inline", "chat_panel_ask_mode", "chat_panel_edit_mode", "chat_panel_agent_mode", "chat_panel_plan_mode",
		"chat_panel_custom_mode", "chat_panel_unknown_mode", "agent_edit", "copilot_cli", "copilot_app", "others",
	}
)

// told returns the numbers of a packed form by names such as totals_by_cli/session_count.
func told(t *testing.T, packed []byte) map[string]int64 {
	t.Helper()
	list, ok := feature.ReadDetails(packed)
	if !ok {
		t.Fatalf("%x cannot be read", packed)
	}
	numbers := map[string]int64{}
	for _, d := range list {
		block := detailBlocks[d.Block]
		if int(d.Block) < len(listedFeatures) {
			block = "totals_by_feature/" + listedFeatures[d.Block]
		}
		if d.Name != "" {
			block += "/" + d.Name
		}
		if d.Field == feature.Untold {
			for i, field := range detailFields {
				if d.N>>i&1 > 0 {
					numbers[block+"/"+field] = -1
				}
			}
			continue
		}
		if d.Block != feature.OfUsed {
			numbers[block+"/"+detailFields[d.Field]] = d.N
			continue
		}
		for i, flag := range detailFlags {
			if bits := d.N >> (2 * i) & 3; bits > 0 {
				numbers[flag] = bits >> 1
			}
		}
	}
	return numbers
}

// detailsOfRow returns the same numbers of a row, read with encoding/json.
func detailsOfRow(t *testing.T, text []byte) map[string]int64 {
	t.Helper()
	var row map[string]any
	if err := json.Unmarshal(text, &row); err != nil {
		t.Fatal(err)
	}
	numbers := map[string]int64{}
	var add func(block string, object map[string]any, zeros bool)
	add = func(block string, object map[string]any, zeros bool) {
		for _, field := range detailFields {
			if n, ok := object[field].(float64); ok && (zeros || n != 0) {
				numbers[block+"/"+field] = int64(n)
			} else if !ok && !zeros && strings.Contains(field, "loc_") {
				numbers[block+"/"+field] = -1
			}
		}
		if tokens, ok := object["token_usage"].(map[string]any); ok {
			add(block, tokens, zeros)
		}
	}
	for _, block := range detailBlocks {
		if object, ok := row[block].(map[string]any); ok {
			add(block, object, true)
		}
	}
	features, _ := row["totals_by_feature"].([]any)
	for _, one := range features {
		object := one.(map[string]any)
		delete(object, "user_initiated_interaction_count")
		add("totals_by_feature/"+object["feature"].(string), object, false)
	}
	agents, _ := row["totals_by_3rd_party_agent"].([]any)
	for _, one := range agents {
		add("totals_by_3rd_party_agent/"+one.(map[string]any)["agent_name"].(string), one.(map[string]any), true)
	}
	for _, flag := range detailFlags {
		if yes, ok := row[flag].(bool); ok {
			numbers[flag] = map[bool]int64{true: 1}[yes]
		}
	}
	return numbers
}

const detailedRow = `"used_agent":true,"used_copilot_coding_agent":true,"used_copilot_app":null,"used_copilot_code_review_passive":false,
	"totals_by_cli":{"session_count":3,"request_count":40,"prompt_count":12,"token_usage":{"output_tokens_sum":9000,"prompt_tokens_sum":123456789,"avg_tokens_per_request":12.5},"last_known_cli_version":{"cli_version":"1.0"}},
	"totals_by_copilot_app":{"session_count":0},"totals_by_vscode_agent":{"session_count":2,"total_user_messages":17},
	"totals_by_3rd_party_agent":[{"agent_name":"claude","agent_id":"x","user_initiated_interaction_count":5,"session_count":1}],
	"ai_adoption_phase":{"phase":"Phase 2","phase_number":2,"version":"v1"},
	"totals_by_feature":[{"feature":"agent_of_tomorrow","user_initiated_interaction_count":1,"code_generation_activity_count":2,"code_acceptance_activity_count":0,
	"loc_suggested_to_add_sum":3,"loc_suggested_to_delete_sum":4,"loc_added_sum":5,"loc_deleted_sum":6}]`

func TestStoredDetailsAgreeWithTheRows(t *testing.T) {
	t.Parallel()
	rows := bytes.Split(bytes.TrimSpace(testdata(t, "busy.users.1.ndjson")), []byte("\n"))
	detailed := userRow(1, detailedRow)
	var roster metrics.Roster
	want := map[int64]map[string]int64{}
	for i, row := range append(rows, detailed) {
		err := metrics.NewUsersReader(date, metrics.Owner{}, func(u *metrics.UserDay) error {
			want[u.UserID] = detailsOfRow(t, row)
			if i == len(rows) {
				want[u.UserID]["used_copilot_cloud_agent"] = 1 // this field has two names in GitHub's reports
			}
			return roster.Add(u)
		}).ReadPart(bytes.NewReader(row))
		if err != nil {
			t.Fatal(err)
		}
	}
	_, pages := roster.Pages()
	got := map[int64]map[string]int64{}
	for _, page := range pages {
		if err := metrics.ReadDetails(page, func(userID int64, packed []byte) error { got[userID] = told(t, packed); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	for id, numbers := range want {
		if len(numbers) == 0 {
			delete(want, id)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-rows +stored):\n%s", diff)
	}
}

// A report is accepted even if details that nobody is shown are invalid.
func TestInvalidDetailsAreLeftOut(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"null", "7", `"x"`, "[]", "{}", "[[]]", "[{}]", `{"session_count":-1}`, `{"session_count":1.5,"request_count":"x"}`, `{"token_usage":[]}`, `{"token_usage":{"x":{}}}`, `[{"agent_name":7}]`, `{"session_count":1,"session_count":2}`} {
		for _, field := range []string{"totals_by_cli", "totals_by_copilot_app", "totals_by_vscode_agent", "totals_by_3rd_party_agent", "ai_adoption_phase", "used_chat", "used_copilot_coding_agent"} {
			read := 0
			err := metrics.NewUsersReader(date, metrics.Owner{}, func(u *metrics.UserDay) error {
				read++
				_ = told(t, u.Details)
				return nil
			}).ReadPart(bytes.NewReader(userRow(7, strconv.Quote(field)+":"+value)))
			if err != nil || read != 1 {
				t.Errorf("%s: %s: %d rows, %v", field, value, read, err)
			}
		}
	}
}

// A new field in GitHub's reports is no error. The reader counts it by its name and never reports its value.
func TestNewFieldsAreCounted(t *testing.T) {
	t.Parallel()
	var report []byte
	for id := range int64(3) {
		report = append(report, userRow(id+1, `"totals_by_telepathy":{"secret":1},"totals_by_feature":[{"feature":"x","dreams":2},{"dreams":3}],"b\u0061d":1,"not a name":2`)...)
	}
	for i := range 100 {
		report = append(report, userRow(9, fmt.Sprintf(`"new_%d":1`, i))...)
	}
	reader := metrics.NewUsersReader(date, metrics.Owner{}, new(metrics.Roster).Add)
	if err := reader.ReadPart(bytes.NewReader(report)); err != nil {
		t.Fatal(err)
	}
	got, others := reader.Unknown(), 0
	if len(got) > 51 || got["totals_by_telepathy"] != 3 || got["dreams"] != 6 {
		t.Errorf("unknown fields are %v", got)
	}
	for name, n := range got {
		if name == "(other)" {
			others = n
		}
	}
	aggregate := metrics.NewAggregateReader(date, metrics.Owner{})
	err := aggregate.ReadPart(bytes.NewReader(record(`"daily_active_users":1,"totals_by_telepathy":{"secret":1},"etl_id":"green","totals_by_language_model":[]`)))
	if diff := cmp.Diff(map[string]int{"totals_by_telepathy": 1}, aggregate.Unknown()); diff != "" || err != nil {
		t.Errorf("unknown fields of the aggregate: %v (-want +got):\n%s", err, diff)
	}
	if others < 50 {
		t.Errorf("%d fields are counted as (other), want at least 50: %v", others, got)
	}
}
