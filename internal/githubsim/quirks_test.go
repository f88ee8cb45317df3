package githubsim_test

import (
	"encoding/json"
	"slices"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

func TestRowsHaveTheQuirksOfRealReports(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.Seats = 300 }))
	var rows, reduced, creditsOnly, textIDs, fallsShort, bytes int
	names := make(map[string]bool)
	for _, line := range gh.lines(orgReports + "users-28-day/latest") {
		row := decode[userRow](t, []byte(line))
		rows++
		if _, ok := row.ID.(string); ok {
			textIDs++
		}
		if row.UsedChat == nil {
			reduced++
			if row.tally != (tally{}) || row.Feature != nil || row.IDE != nil {
				t.Errorf("a reduced record with content: %s", line)
			}
			if row.Credits != nil {
				creditsOnly++
			}
			continue
		}
		bytes += len(line)
		if row.Interactions+row.Generated+row.Accepted == 0 || row.Credits == nil {
			t.Errorf("a full row without activity or credits: %s", line)
		}
		if sum(row.IDE) != row.tally || sum(row.ModelFeature).Interactions < row.Interactions {
			fallsShort++
		}
		for _, p := range slices.Concat(row.IDE, row.LanguageFeature, row.ModelFeature) {
			names[p.IDE], names[p.Language], names[p.Model] = true, true, true
			if p.Model != "" && p.Feature == "code_completion" {
				t.Errorf("a model for completions: %s", line)
			}
		}
	}
	if share := float64(reduced) / float64(rows); share < 0.2 || share > 0.3 {
		t.Errorf("%.0f %% of %d rows are reduced, want about a quarter", share*100, rows)
	}
	if creditsOnly == 0 || creditsOnly == reduced || textIDs == 0 || textIDs == rows || fallsShort == 0 {
		t.Errorf("of %d rows: %d reduced, %d of them with credits, %d ids as text, %d fall short", rows, reduced, creditsOnly, textIDs, fallsShort)
	}
	if average := bytes / (rows - reduced); average < 2000 || average > 6000 {
		t.Errorf("full rows have %d bytes on average", average)
	}
	for _, name := range []string{"unknown", "others", "auto", "ts", "typescript", "vscode", "intellij", "neovim"} {
		if !names[name] {
			t.Errorf("no row has %q", name)
		}
	}
}

func TestWeekendsAreQuieter(t *testing.T) {
	gh := start(t, organization(nil))
	friday := decode[aggregate](t, []byte(gh.lines(orgReports + "organization-1-day?day=2026-11-20")[0]))
	saturday := decode[aggregate](t, []byte(gh.lines(orgReports + "organization-1-day?day=2026-11-21")[0]))
	if saturday.DailyActive*3 > friday.DailyActive {
		t.Errorf("%d people on Saturday, %d on Friday", saturday.DailyActive, friday.DailyActive)
	}
}

func TestADayWithoutActivePeopleIsARecordWithZeros(t *testing.T) {
	gh := start(t, organization(func(a *githubsim.Account) { a.ZeroActive = true }))
	record := decode[map[string]json.RawMessage](t, []byte(gh.lines(orgReports + "organization-1-day?day=2026-11-20")[0]))
	if string(record["daily_active_users"]) != "0" || string(record["totals_by_ide"]) != "[]" {
		t.Errorf("record: %s", record)
	}
	for _, absent := range []string{"user_initiated_interaction_count", "totals_by_language_feature", "pull_requests", "totals_by_cli"} {
		if _, ok := record[absent]; ok {
			t.Errorf("a quiet day has %s", absent)
		}
	}
	if lines := gh.lines(orgReports + "users-1-day?day=2026-11-20"); len(lines) != 0 {
		t.Errorf("%d user rows", len(lines))
	}
}
