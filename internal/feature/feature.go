// Package feature has GitHub's counts by feature, agent, tool, code review and phase of adoption, and adds them up over days. A nil
// count or list was not reported. A further block of GitHub's reports belongs here too. The package must not read reports, which
// package metrics does. Start reading with the types in this file.
package feature

import (
	"cmp"
	"math"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/count"
)

// Row is one feature by GitHub's name, such as code_completion or agent_edit. Its lines are the lines that were written.
type Row struct {
	Name         string `json:"name"`
	Interactions *int64 `json:"interactions"`
	Generated    *int64 `json:"generated"`
	Accepted     *int64 `json:"accepted"`
	LinesAdded   *int64 `json:"linesAdded"`
	LinesDeleted *int64 `json:"linesDeleted"`
}

// CodeReview counts the people of Copilot code review on a day. Active people asked for a review or applied its suggestions.
// Passive people got a review by a rule.
type CodeReview struct {
	ActiveUsers  *int64 `json:"activeUsers"`
	PassiveUsers *int64 `json:"passiveUsers"`
}

// Agents is the use of agents. A nil agent was not reported.
type Agents struct {
	VSCode     *VSCodeAgent      `json:"vscode"`
	Cloud      *CloudAgent       `json:"cloud"`
	App        *App              `json:"app"`
	ThirdParty []ThirdPartyAgent `json:"thirdParty"`
}

// VSCodeAgent is the agent mode of VS Code. Its people are nil over a range.
type VSCodeAgent struct {
	ActiveUsers *int64 `json:"activeUsers"`
	Sessions    *int64 `json:"sessions"`
	Messages    *int64 `json:"messages"`
}

// CloudAgent is the agent that works at GitHub. Its former name is coding agent. Its people are nil over a range.
type CloudAgent struct {
	ActiveUsers *int64 `json:"activeUsers"`
}

// App is the Copilot app. Its people are nil over a range.
type App struct {
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

// Phase is the number of people in one of GitHub's phases of AI adoption.
type Phase struct {
	Phase        string `json:"phase"`
	Number       *int64 `json:"number"`
	EngagedUsers *int64 `json:"engagedUsers"`
	People28Days *int64 `json:"people28Days"` // over the 28 days that end with the day
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

// Tool is one of the most used tools. GitHub lists at most five of a kind and day. Interactions are invocations, for a custom
// agent its starts, and for an MCP server the attempts to connect. Skills include those of plugins, so kinds are never added up.
type Tool struct {
	Kind         ToolKind `json:"kind"`
	Name         string   `json:"name"`
	Interactions *int64   `json:"interactions"`
}

// CommentType counts Copilot's suggestions in reviews by the type of the comment.
type CommentType struct {
	CommentType string `json:"commentType"`
	Suggestions *int64 `json:"suggestions"`
	Applied     *int64 `json:"applied"`
}

// unnamed is the name of a row whose name GitHub left out. GitHub itself uses this word for names that it does not know.
const unnamed = "unknown"

// summed gathers rows and adds up those with the same key. A nil summed was not reported.
type summed[K comparable, R any] map[K]R

// Reported turns a nil summed into one without rows: the list was reported, and it was empty.
func (s *summed[K, R]) Reported(were bool) {
	if were && *s == nil {
		*s = summed[K, R]{}
	}
}

func (s *summed[K, R]) put(key K, row R, plus func(before, row R) R) {
	s.Reported(true)
	if before, known := (*s)[key]; known {
		row = plus(before, row)
	}
	(*s)[key] = row
}

// list returns the rows in the given order, or nil if no list was reported.
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

// Rows gathers features by name.
type Rows struct{ summed[string, Row] }

// Add adds a row to the row of the same name.
func (rows *Rows) Add(row Row) {
	row.Name = cmp.Or(row.Name, unnamed)
	rows.put(row.Name, row, func(a, b Row) Row {
		return Row{
			Name: a.Name, Interactions: count.Add(a.Interactions, b.Interactions), Generated: count.Add(a.Generated, b.Generated),
			Accepted: count.Add(a.Accepted, b.Accepted), LinesAdded: count.Add(a.LinesAdded, b.LinesAdded),
			LinesDeleted: count.Add(a.LinesDeleted, b.LinesDeleted),
		}
	})
}

// AddAll adds the rows of a day. nil means that the day did not report them.
func (rows *Rows) AddAll(more []Row) {
	rows.Reported(more != nil)
	for _, row := range more {
		rows.Add(row)
	}
}

// List returns the rows in a fixed order, the highest counts first, or nil if no day reported them.
func (rows Rows) List() []Row {
	return rows.list(func(a, b Row) int {
		return cmp.Or(count.Descending(a.Interactions, b.Interactions), count.Descending(a.Generated, b.Generated), cmp.Compare(a.Name, b.Name))
	})
}

// ThirdParty gathers agents of other vendors by name.
type ThirdParty struct {
	summed[string, ThirdPartyAgent]
}

// Add adds a row to the row of the same name.
func (rows *ThirdParty) Add(row ThirdPartyAgent) {
	row.Name = cmp.Or(row.Name, unnamed)
	rows.put(row.Name, row, func(a, b ThirdPartyAgent) ThirdPartyAgent {
		return ThirdPartyAgent{Name: a.Name, Interactions: count.Add(a.Interactions, b.Interactions), Sessions: count.Add(a.Sessions, b.Sessions)}
	})
}

// List returns the rows in a fixed order, the highest counts first, or nil if no day reported them.
func (rows ThirdParty) List() []ThirdPartyAgent {
	return rows.list(func(a, b ThirdPartyAgent) int {
		return cmp.Or(count.Descending(a.Interactions, b.Interactions), cmp.Compare(a.Name, b.Name))
	})
}

// toolKey is the key of a tool. It has the kind, because a skill and a plugin may have the same name.
type toolKey struct {
	kind ToolKind
	name string
}

// Tools gathers tools by kind and name.
type Tools struct{ summed[toolKey, Tool] }

// Add adds a row to the row of the same name.
func (rows *Tools) Add(row Tool) {
	row.Name = cmp.Or(row.Name, unnamed)
	rows.put(toolKey{row.Kind, row.Name}, row, func(a, b Tool) Tool {
		return Tool{Kind: a.Kind, Name: a.Name, Interactions: count.Add(a.Interactions, b.Interactions)}
	})
}

// AddAll adds the rows of a day. nil means that the day did not report them.
func (rows *Tools) AddAll(more []Tool) {
	rows.Reported(more != nil)
	for _, row := range more {
		rows.Add(row)
	}
}

// List returns the rows in a fixed order, the highest counts first, or nil if no day reported them.
func (rows Tools) List() []Tool {
	return rows.list(func(a, b Tool) int {
		return cmp.Or(count.Descending(a.Interactions, b.Interactions), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
}

// CommentTypes gathers suggestions by type of comment.
type CommentTypes struct {
	summed[string, CommentType]
}

// Add adds a row to the row of the same name.
func (rows *CommentTypes) Add(row CommentType) {
	row.CommentType = cmp.Or(row.CommentType, unnamed)
	rows.put(row.CommentType, row, func(a, b CommentType) CommentType {
		return CommentType{
			CommentType: a.CommentType, Suggestions: count.Add(a.Suggestions, b.Suggestions), Applied: count.Add(a.Applied, b.Applied),
		}
	})
}

// AddAll adds the rows of a day. nil means that the day did not report them.
func (rows *CommentTypes) AddAll(more []CommentType) {
	rows.Reported(more != nil)
	for _, row := range more {
		rows.Add(row)
	}
}

// List returns the rows in a fixed order, the highest counts first, or nil if no day reported them.
func (rows CommentTypes) List() []CommentType {
	return rows.list(func(a, b CommentType) int {
		return cmp.Or(count.Descending(a.Suggestions, b.Suggestions), cmp.Compare(a.CommentType, b.CommentType))
	})
}

// SortPhases orders phases by their number. Phases without a number come last.
func SortPhases(phases []Phase) {
	number := func(p Phase) int64 {
		if p.Number == nil {
			return math.MaxInt64
		}
		return *p.Number
	}
	slices.SortStableFunc(phases, func(a, b Phase) int {
		return cmp.Or(cmp.Compare(number(a), number(b)), cmp.Compare(a.Phase, b.Phase))
	})
}
