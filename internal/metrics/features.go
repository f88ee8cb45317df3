package metrics

import (
	"cmp"
	"math"
	"slices"
)

// FeatureRow is one feature by GitHub's name, such as code_completion or agent_edit. Lines are those that were written.
type FeatureRow struct {
	Name         string `json:"name"`
	Interactions *int64 `json:"interactions"`
	Generated    *int64 `json:"generated"`
	Accepted     *int64 `json:"accepted"`
	LinesAdded   *int64 `json:"linesAdded"`
	LinesDeleted *int64 `json:"linesDeleted"`
}

// CodeReview counts the people of Copilot code review on a day: active ones asked for it or applied what it said, passive ones
// had it by a rule.
type CodeReview struct {
	ActiveUsers  *int64 `json:"activeUsers"`
	PassiveUsers *int64 `json:"passiveUsers"`
}

// Agents is the use of agents. A nil one is not reported.
type Agents struct {
	VSCode     *VSCodeAgent      `json:"vscode"`
	Cloud      *CloudAgent       `json:"cloud"`
	App        *CopilotApp       `json:"app"`
	ThirdParty []ThirdPartyAgent `json:"thirdParty"`
}

// VSCodeAgent is the agent mode of VS Code. Its people are nil over a range.
type VSCodeAgent struct {
	ActiveUsers *int64 `json:"activeUsers"`
	Sessions    *int64 `json:"sessions"`
	Messages    *int64 `json:"messages"`
}

// CloudAgent is the agent that works at GitHub, which was named coding agent before. Its people are nil over a range.
type CloudAgent struct {
	ActiveUsers *int64 `json:"activeUsers"`
}

// CopilotApp is the application. Its people are nil over a range.
type CopilotApp struct {
	ActiveUsers *int64 `json:"activeUsers"`
	Sessions    *int64 `json:"sessions"`
	Requests    *int64 `json:"requests"`
}

// ThirdPartyAgent is an agent of another vendor.
type ThirdPartyAgent struct {
	Name         string `json:"name"`
	Interactions *int64 `json:"interactions"`
	Sessions     *int64 `json:"sessions"`
}

// AdoptionPhase says how many people GitHub sees in one of its phases of AI adoption.
type AdoptionPhase struct {
	Phase        string `json:"phase"`
	Number       *int64 `json:"number"`
	EngagedUsers *int64 `json:"engagedUsers"`
	People28Days *int64 `json:"people28Days"` // of the 28 days that end with the day
}

// ToolKind is a kind of tool that people use with Copilot.
type ToolKind string

// The kinds of tools.
const (
	MCP          ToolKind = "mcp"
	Skill        ToolKind = "skill"
	CustomAgent  ToolKind = "custom_agent"
	SlashCommand ToolKind = "slash_command"
	Plugin       ToolKind = "plugin"
)

// ToolRow is one of the tools used most, at most five of a kind and day. Interactions are invocations, starts of a custom agent, and
// attempts to connect to an MCP server. A plugin's are counted among the skills too, so kinds are never added up.
type ToolRow struct {
	Kind         ToolKind `json:"kind"`
	Name         string   `json:"name"`
	Interactions *int64   `json:"interactions"`
}

// CommentTypeRow counts what Copilot suggested in reviews by the type of its comments.
type CommentTypeRow struct {
	CommentType string `json:"commentType"`
	Suggestions *int64 `json:"suggestions"`
	Applied     *int64 `json:"applied"`
}

// summed gathers rows, one a key, and adds up those with the same. A nil one was not reported.
type summed[K comparable, R any] map[K]R

// reported makes no rows of rows that were reported without any.
func (s *summed[K, R]) reported(were bool) {
	if were && *s == nil {
		*s = summed[K, R]{}
	}
}

func (s *summed[K, R]) put(key K, row R, plus func(before, row R) R) {
	s.reported(true)
	if before, known := (*s)[key]; known {
		row = plus(before, row)
	}
	(*s)[key] = row
}

// list returns the rows in an order, nil where none were reported.
func (s summed[K, R]) list(compare func(a, b R) int) []R {
	if s == nil {
		return nil
	}
	list := make([]R, 0, len(s))
	for _, row := range s {
		list = append(list, row)
	}
	slices.SortFunc(list, compare)
	return list
}

type featureRows struct{ summed[string, FeatureRow] }

func (rows *featureRows) add(row FeatureRow) {
	row.Name = cmp.Or(row.Name, unnamed)
	rows.put(row.Name, row, func(a, b FeatureRow) FeatureRow {
		return FeatureRow{
			Name: a.Name, Interactions: addCount(a.Interactions, b.Interactions), Generated: addCount(a.Generated, b.Generated),
			Accepted: addCount(a.Accepted, b.Accepted), LinesAdded: addCount(a.LinesAdded, b.LinesAdded),
			LinesDeleted: addCount(a.LinesDeleted, b.LinesDeleted),
		}
	})
}

func (rows *featureRows) addAll(more []FeatureRow) {
	rows.reported(more != nil)
	for _, row := range more {
		rows.add(row)
	}
}

func (rows featureRows) list() []FeatureRow {
	return rows.summed.list(func(a, b FeatureRow) int {
		return cmp.Or(byCount(a.Interactions, b.Interactions), byCount(a.Generated, b.Generated), cmp.Compare(a.Name, b.Name))
	})
}

type thirdPartyRows struct {
	summed[string, ThirdPartyAgent]
}

func (rows *thirdPartyRows) add(row ThirdPartyAgent) {
	row.Name = cmp.Or(row.Name, unnamed)
	rows.put(row.Name, row, func(a, b ThirdPartyAgent) ThirdPartyAgent {
		return ThirdPartyAgent{Name: a.Name, Interactions: addCount(a.Interactions, b.Interactions), Sessions: addCount(a.Sessions, b.Sessions)}
	})
}

func (rows thirdPartyRows) list() []ThirdPartyAgent {
	return rows.summed.list(func(a, b ThirdPartyAgent) int {
		return cmp.Or(byCount(a.Interactions, b.Interactions), cmp.Compare(a.Name, b.Name))
	})
}

// tool is the key of a tool: a skill and a plugin may have one name.
type tool struct {
	kind ToolKind
	name string
}

type toolRows struct{ summed[tool, ToolRow] }

func (rows *toolRows) add(row ToolRow) {
	row.Name = cmp.Or(row.Name, unnamed)
	rows.put(tool{row.Kind, row.Name}, row, func(a, b ToolRow) ToolRow {
		return ToolRow{Kind: a.Kind, Name: a.Name, Interactions: addCount(a.Interactions, b.Interactions)}
	})
}

func (rows *toolRows) addAll(more []ToolRow) {
	rows.reported(more != nil)
	for _, row := range more {
		rows.add(row)
	}
}

func (rows toolRows) list() []ToolRow {
	return rows.summed.list(func(a, b ToolRow) int {
		return cmp.Or(byCount(a.Interactions, b.Interactions), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
}

type commentTypeRows struct {
	summed[string, CommentTypeRow]
}

func (rows *commentTypeRows) add(row CommentTypeRow) {
	row.CommentType = cmp.Or(row.CommentType, unnamed)
	rows.put(row.CommentType, row, func(a, b CommentTypeRow) CommentTypeRow {
		return CommentTypeRow{
			CommentType: a.CommentType, Suggestions: addCount(a.Suggestions, b.Suggestions), Applied: addCount(a.Applied, b.Applied),
		}
	})
}

func (rows *commentTypeRows) addAll(more []CommentTypeRow) {
	rows.reported(more != nil)
	for _, row := range more {
		rows.add(row)
	}
}

func (rows commentTypeRows) list() []CommentTypeRow {
	return rows.summed.list(func(a, b CommentTypeRow) int {
		return cmp.Or(byCount(a.Suggestions, b.Suggestions), cmp.Compare(a.CommentType, b.CommentType))
	})
}

// sortPhases orders phases by their number; one without a number comes last.
func sortPhases(phases []AdoptionPhase) {
	number := func(p AdoptionPhase) int64 {
		if p.Number == nil {
			return math.MaxInt64
		}
		return *p.Number
	}
	slices.SortStableFunc(phases, func(a, b AdoptionPhase) int {
		return cmp.Or(cmp.Compare(number(a), number(b)), cmp.Compare(a.Phase, b.Phase))
	})
}

// addAgents adds up what agents did. People are not added up: who works on two days would count twice.
func (s *summer) addAgents(day *Agents) {
	if day == nil {
		return
	}
	if s.agents == nil {
		s.agents = &Agents{}
	}
	if a := day.VSCode; a != nil {
		if s.agents.VSCode == nil {
			s.agents.VSCode = &VSCodeAgent{Sessions: new(int64), Messages: new(int64)}
		}
		sum := s.agents.VSCode
		sum.Sessions, sum.Messages = addCount(sum.Sessions, a.Sessions), addCount(sum.Messages, a.Messages)
	}
	if day.Cloud != nil {
		s.agents.Cloud = &CloudAgent{}
	}
	if a := day.App; a != nil {
		if s.agents.App == nil {
			s.agents.App = &CopilotApp{Sessions: new(int64), Requests: new(int64)}
		}
		sum := s.agents.App
		sum.Sessions, sum.Requests = addCount(sum.Sessions, a.Sessions), addCount(sum.Requests, a.Requests)
	}
	s.thirdParty.reported(day.ThirdParty != nil)
	for _, row := range day.ThirdParty {
		s.thirdParty.add(row)
	}
}

func (s *summer) agentTotals() *Agents {
	if s.agents != nil {
		s.agents.ThirdParty = s.thirdParty.list()
	}
	return s.agents
}
