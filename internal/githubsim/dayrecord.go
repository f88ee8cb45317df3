package githubsim

// dayHead holds the fields that every day has, even one on which nobody was active.
type dayHead struct {
	Day            string `json:"day"`
	OrganizationID string `json:"organization_id,omitempty"`
	EnterpriseID   string `json:"enterprise_id,omitempty"`

	DailyActive         int `json:"daily_active_users"`
	WeeklyActive        int `json:"weekly_active_users"`
	MonthlyActive       int `json:"monthly_active_users"`
	MonthlyActiveChat   int `json:"monthly_active_chat_users"`
	MonthlyActiveAgents int `json:"monthly_active_agent_users"`
}

// quietDay is GitHub's record of a day on which nobody was active.
type quietDay struct {
	dayHead
	IDE     []ideRow     `json:"totals_by_ide"`
	Feature []featureRow `json:"totals_by_feature"`
}

// busyDay is GitHub's record of all other days.
type busyDay struct {
	dayHead
	DailyActiveCLI int `json:"daily_active_cli_users,omitempty"`

	Ask     int `json:"chat_panel_ask_mode"`
	Edit    int `json:"chat_panel_edit_mode"`
	Agent   int `json:"chat_panel_agent_mode"`
	Plan    int `json:"chat_panel_plan_mode"`
	Custom  int `json:"chat_panel_custom_mode"`
	Unknown int `json:"chat_panel_unknown_mode"`

	tally
	breakdownArrays
	CLI          *totalsByCLI  `json:"totals_by_cli,omitempty"`
	PullRequests *pullRequests `json:"pull_requests,omitempty"`
	further
	pipeline
}

// record returns a quietDay or a busyDay.
func (t *dayTotals) record(p population) any {
	head := dayHead{
		Day:         t.day.String(),
		DailyActive: t.active, WeeklyActive: t.weekly, MonthlyActive: t.monthly,
		MonthlyActiveChat: t.monthlyChat, MonthlyActiveAgents: t.monthlyAgent,
	}
	if p.account.Kind == Enterprise {
		head.EnterpriseID = p.account.idString()
	} else {
		head.OrganizationID = p.account.idString()
	}
	if t.active == 0 {
		return quietDay{head, []ideRow{}, []featureRow{}}
	}
	return busyDay{
		dayHead:         head,
		DailyActiveCLI:  t.cliActive,
		Ask:             t.interactions("chat_panel_ask_mode"),
		Edit:            t.interactions("chat_panel_edit_mode"),
		Agent:           t.interactions("chat_panel_agent_mode"),
		Plan:            t.interactions("chat_panel_plan_mode"),
		Custom:          t.interactions("chat_panel_custom_mode"),
		Unknown:         t.interactions("chat_panel_unknown_mode"),
		tally:           t.tally,
		breakdownArrays: t.breakdowns.arrays(),
		CLI:             t.cli.totals(),
		PullRequests:    p.pullRequests(t.day),
		further:         t.reported(),
		pipeline:        pipelineOf(t.day),
	}
}

func (t *dayTotals) interactions(feature string) int {
	for _, row := range t.breakdowns.feature.rows {
		if row.key == feature {
			return row.Interactions
		}
	}
	return 0
}
