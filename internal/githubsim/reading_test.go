package githubsim_test

import "time"

// tally has the counters as a reader of the reports sees them.
type tally struct {
	Interactions    int `json:"user_initiated_interaction_count"`
	Generated       int `json:"code_generation_activity_count"`
	Accepted        int `json:"code_acceptance_activity_count"`
	SuggestedAdd    int `json:"loc_suggested_to_add_sum"`
	SuggestedDelete int `json:"loc_suggested_to_delete_sum"`
	Added           int `json:"loc_added_sum"`
	Deleted         int `json:"loc_deleted_sum"`
}

func (t tally) plus(o tally) tally {
	return tally{
		t.Interactions + o.Interactions, t.Generated + o.Generated, t.Accepted + o.Accepted,
		t.SuggestedAdd + o.SuggestedAdd, t.SuggestedDelete + o.SuggestedDelete, t.Added + o.Added, t.Deleted + o.Deleted,
	}
}

// code returns the tally without interactions, which breakdowns by language do not have.
func (t tally) code() tally {
	t.Interactions = 0
	return t
}

func (t tally) within(o tally) bool {
	return t.Interactions <= o.Interactions && t.Generated <= o.Generated && t.Accepted <= o.Accepted &&
		t.SuggestedAdd <= o.SuggestedAdd && t.SuggestedDelete <= o.SuggestedDelete && t.Added <= o.Added && t.Deleted <= o.Deleted
}

type part struct {
	IDE, Feature, Language, Model string
	tally
}

func sum(parts []part) tally {
	var total tally
	for _, p := range parts {
		total = total.plus(p.tally)
	}
	return total
}

type breakdowns struct {
	tally
	IDE             []part `json:"totals_by_ide"`
	Feature         []part `json:"totals_by_feature"`
	LanguageFeature []part `json:"totals_by_language_feature"`
	LanguageModel   []part `json:"totals_by_language_model"`
	ModelFeature    []part `json:"totals_by_model_feature"`
	CLI             *struct {
		Sessions int `json:"session_count"`
		Requests int `json:"request_count"`
		Tokens   struct {
			Output     int     `json:"output_tokens_sum"`
			Prompt     int     `json:"prompt_tokens_sum"`
			PerRequest float64 `json:"avg_tokens_per_request"`
		} `json:"token_usage"`
	} `json:"totals_by_cli"`
}

type aggregate struct {
	Day          string
	DailyActive  int `json:"daily_active_users"`
	Weekly       int `json:"weekly_active_users"`
	Monthly      int `json:"monthly_active_users"`
	MonthlyChat  int `json:"monthly_active_chat_users"`
	CLIActive    int `json:"daily_active_cli_users"`
	PullRequests *struct {
		Merged int      `json:"total_merged"`
		Median *float64 `json:"median_minutes_to_merge"`
	} `json:"pull_requests"`
	breakdowns
}

type userRow struct {
	ID       any    `json:"user_id"`
	Login    string `json:"user_login"`
	Day      string
	StartDay string   `json:"report_start_day"`
	EndDay   string   `json:"report_end_day"`
	Credits  *float64 `json:"ai_credits_used"`
	UsedChat *bool    `json:"used_chat"`
	breakdowns
}

// days returns the 28 days before noon.
func days() []string {
	var days []string
	for back := 28; back > 0; back-- {
		days = append(days, noon.AddDate(0, 0, -back).Format(time.DateOnly))
	}
	return days
}
