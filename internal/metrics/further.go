package metrics

import (
	"cmp"

	"cloudmonitor.ai/copilot-connector/internal/feature"
)

// furtherRecord holds the newer blocks of GitHub's record: agents, code review, tools and phases of adoption.
type furtherRecord struct {
	WeeklyActiveUsers  *int64 `json:"weekly_active_users"`
	MonthlyActiveUsers *int64 `json:"monthly_active_users"`
	ReviewActiveUsers  *int64 `json:"daily_active_copilot_code_review_users"`
	ReviewPassiveUsers *int64 `json:"daily_passive_copilot_code_review_users"`
	CloudActiveUsers   *int64 `json:"daily_active_copilot_cloud_agent_users"`
	AppActiveUsers     *int64 `json:"daily_active_copilot_app_users"`
	VSCodeActiveUsers  *int64 `json:"daily_active_vscode_agent_users"`

	App          *appRecord             `json:"totals_by_copilot_app"`
	VSCode       *vscodeRecord          `json:"totals_by_vscode_agent"`
	ByThirdParty rows[thirdPartyRecord] `json:"totals_by_3rd_party_agent"`
	ByPhase      rows[phaseRecord]      `json:"totals_by_ai_adoption_phase"`
	ByMCP        rows[toolRecord]       `json:"totals_by_mcp"`
	BySkill      rows[toolRecord]       `json:"totals_by_skill"`
	ByAgent      rows[toolRecord]       `json:"totals_by_custom_agent"`
	BySlash      rows[toolRecord]       `json:"totals_by_slash_cmd"`
	ByPlugin     rows[toolRecord]       `json:"totals_by_plugin"`
}

type appRecord struct {
	Sessions *int64 `json:"session_count"`
	Requests *int64 `json:"request_count"`
}

type vscodeRecord struct {
	Sessions *int64 `json:"session_count"`
	Messages *int64 `json:"total_user_messages"`
}

type thirdPartyRecord struct {
	Name         string `json:"agent_name"`
	Interactions *int64 `json:"user_initiated_interaction_count"`
	Sessions     *int64 `json:"session_count"`
}

type phaseRecord struct {
	Phase        string `json:"phase"`
	Number       *int64 `json:"phase_number"`
	EngagedUsers *int64 `json:"total_engaged_users"`
	People28Days *int64 `json:"users_in_phase_28d"`
}

// toolRecord is one of the most used tools of a kind. GitHub lists at most five. The field of its name has the name of its kind.
// GitHub names tools that customers have made "other" or "custom".
type toolRecord struct {
	MCP          string `json:"mcp"`
	Skill        string `json:"skill"`
	CustomAgent  string `json:"custom_agent"`
	SlashCommand string `json:"slash_cmd"`
	Plugin       string `json:"plugin"`
	Interactions *int64 `json:"interaction_count"`
}

func (r toolRecord) name() string {
	return cmp.Or(r.MCP, r.Skill, r.CustomAgent, r.SlashCommand, r.Plugin)
}

// toolsOfKind returns the tools of one kind.
type toolsOfKind struct {
	kind feature.ToolKind
	rows rows[toolRecord]
}

func (r *furtherRecord) tools() []toolsOfKind {
	return []toolsOfKind{{feature.MCP, r.ByMCP}, {feature.Skill, r.BySkill}, {feature.CustomAgent, r.ByAgent}, {feature.SlashCommand, r.BySlash}, {feature.Plugin, r.ByPlugin}}
}

func (c *checker) further(r *furtherRecord) {
	c.count("weekly_active_users", r.WeeklyActiveUsers)
	c.count("monthly_active_users", r.MonthlyActiveUsers)
	c.count("daily_active_copilot_code_review_users", r.ReviewActiveUsers)
	c.count("daily_passive_copilot_code_review_users", r.ReviewPassiveUsers)
	c.count("daily_active_copilot_cloud_agent_users", r.CloudActiveUsers)
	c.count("daily_active_copilot_app_users", r.AppActiveUsers)
	c.count("daily_active_vscode_agent_users", r.VSCodeActiveUsers)
	if r.App != nil {
		c.count("session_count", r.App.Sessions)
		c.count("request_count", r.App.Requests)
	}
	if r.VSCode != nil {
		c.count("session_count", r.VSCode.Sessions)
		c.count("total_user_messages", r.VSCode.Messages)
	}
	for _, row := range r.ByThirdParty {
		c.name(row.Name)
		c.count("user_initiated_interaction_count", row.Interactions)
		c.count("session_count", row.Sessions)
	}
	for _, row := range r.ByPhase {
		c.name(row.Phase)
		c.count("phase_number", row.Number)
		c.count("total_engaged_users", row.EngagedUsers)
		c.count("users_in_phase_28d", row.People28Days)
	}
	for _, of := range r.tools() {
		for _, row := range of.rows {
			c.name(row.name())
			c.count("interaction_count", row.Interactions)
		}
	}
}

func codeReviewOf(record *dayRecord) *feature.CodeReview {
	if record.ReviewActiveUsers == nil && record.ReviewPassiveUsers == nil {
		return nil
	}
	return &feature.CodeReview{ActiveUsers: record.ReviewActiveUsers, PassiveUsers: record.ReviewPassiveUsers}
}

// adoptionOf returns nil if GitHub reports no phases.
func adoptionOf(records rows[phaseRecord]) []feature.Phase {
	if records == nil {
		return nil
	}
	phases := make([]feature.Phase, len(records))
	for i, row := range records {
		phases[i] = feature.Phase(row)
	}
	feature.SortPhases(phases)
	return phases
}

// featuresOf returns nil if GitHub reports no features.
func featuresOf(records rows[featureRecord]) []feature.Row {
	var features feature.Rows
	features.Reported(records != nil)
	for _, row := range records {
		features.Add(feature.Row{
			Name: row.Feature, Interactions: row.Interactions, Generated: row.Generated, Accepted: row.Accepted,
			LinesAdded: row.LinesAdded, LinesDeleted: row.LinesDeleted,
		})
	}
	return features.List()
}

// agentsOf returns nil if GitHub reports no agents.
func agentsOf(record *dayRecord) *feature.Agents {
	var agents feature.Agents
	if record.VSCode != nil || record.VSCodeActiveUsers != nil {
		agents.VSCode = &feature.VSCodeAgent{ActiveUsers: record.VSCodeActiveUsers}
		if totals := record.VSCode; totals != nil {
			agents.VSCode.Sessions, agents.VSCode.Messages = totals.Sessions, totals.Messages
		}
	}
	if record.CloudActiveUsers != nil {
		agents.Cloud = &feature.CloudAgent{ActiveUsers: record.CloudActiveUsers}
	}
	if record.App != nil || record.AppActiveUsers != nil {
		agents.App = &feature.App{ActiveUsers: record.AppActiveUsers}
		if totals := record.App; totals != nil {
			agents.App.Sessions, agents.App.Requests = totals.Sessions, totals.Requests
		}
	}
	var thirdParty feature.ThirdParty
	thirdParty.Reported(record.ByThirdParty != nil)
	for _, row := range record.ByThirdParty {
		thirdParty.Add(feature.ThirdPartyAgent(row))
	}
	agents.ThirdParty = thirdParty.List()
	if agents.VSCode == nil && agents.Cloud == nil && agents.App == nil && agents.ThirdParty == nil {
		return nil
	}
	return &agents
}

// toolsOf returns nil if GitHub reports no tools.
func toolsOf(record *dayRecord) []feature.Tool {
	var tools feature.Tools
	for _, of := range record.tools() {
		tools.Reported(of.rows != nil)
		for _, row := range of.rows {
			tools.Add(feature.Tool{Kind: of.kind, Name: row.name(), Interactions: row.Interactions})
		}
	}
	return tools.List()
}
