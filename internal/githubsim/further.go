package githubsim

// further holds what an aggregate reports about agents, code review, tools and phases of adoption. GitHub omits what nobody
// used.
type further struct {
	ReviewActive  int `json:"daily_active_copilot_code_review_users,omitempty"`
	ReviewPassive int `json:"daily_passive_copilot_code_review_users,omitempty"`
	CloudAgent    int `json:"daily_active_copilot_cloud_agent_users,omitempty"`
	VSCodeAgent   int `json:"daily_active_vscode_agent_users,omitempty"`

	VSCode     *vscodeAgent    `json:"totals_by_vscode_agent,omitempty"`
	ThirdParty []thirdPartyRow `json:"totals_by_3rd_party_agent,omitempty"`
	Phases     []phaseRow      `json:"totals_by_ai_adoption_phase,omitempty"`
	MCP        []mcpRow        `json:"totals_by_mcp,omitempty"`
	Slash      []slashRow      `json:"totals_by_slash_cmd,omitempty"`
}

type vscodeAgent struct {
	Sessions int `json:"session_count"`
	Messages int `json:"total_user_messages"`
}

type thirdPartyRow struct {
	Name         string `json:"agent_name"`
	ID           string `json:"agent_id"`
	Interactions int    `json:"user_initiated_interaction_count"`
	Sessions     int    `json:"session_count"`
}

type phaseRow struct {
	Phase   string `json:"phase"`
	Number  int    `json:"phase_number"`
	Engaged int    `json:"total_engaged_users"`
	People  int    `json:"users_in_phase_28d"`
}

type mcpRow struct {
	MCP          string `json:"mcp"`
	Interactions int    `json:"interaction_count"`
}

type slashRow struct {
	Command      string `json:"slash_cmd"`
	Interactions int    `json:"interaction_count"`
}

// addFurther counts a person's day. It draws no random numbers, so that the rest of the simulation stays the same.
func (p population) addFurther(sum *dayTotals, user int, done activity) {
	if done.presence != observed {
		return
	}
	sum.engaged++
	if user%3 == 0 { // as the rows of people have it
		if sum.day%2 == 0 {
			sum.further.ReviewActive++
		} else {
			sum.further.ReviewPassive++
		}
	}
	if !p.delegates(user, sum.day) {
		return
	}
	sum.agentUsers++
	if user%5 == 0 {
		sum.further.CloudAgent++
		return
	}
	sum.further.VSCodeAgent++
	if sum.further.VSCode == nil {
		sum.further.VSCode = &vscodeAgent{}
	}
	sum.further.VSCode.Sessions += 1 + user%3
	sum.further.VSCode.Messages += 2 + user%7
}

// reported returns the block as GitHub reports it, with the parts that depend on the whole day.
func (t *dayTotals) reported() further {
	f := t.further
	if t.agentUsers > 0 {
		f.ThirdParty = []thirdPartyRow{{Name: "claude", ID: "1", Interactions: t.agentUsers, Sessions: (t.agentUsers + 1) / 2}}
	}
	if t.engaged > 0 {
		f.Phases = []phaseRow{
			{Phase: "Phase 1", Number: 1, Engaged: t.engaged - t.agentUsers, People: max(t.monthly-t.monthlyAgent, 0)},
			{Phase: "Phase 2", Number: 2, Engaged: t.agentUsers, People: t.monthlyAgent},
		}
	}
	if t.cli.sessions > 0 {
		f.MCP = []mcpRow{{"github-mcp-server", t.cli.sessions}, {"other", (t.cli.sessions + 2) / 3}}
		f.Slash = []slashRow{{"/plan", (t.cli.prompts + 3) / 4}}
	}
	return f
}
