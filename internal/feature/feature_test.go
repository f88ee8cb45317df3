package feature_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/feature"
)

func n(of int64) *int64 { return &of }

func TestFeaturesWithOneNameAreMerged(t *testing.T) {
	t.Parallel()
	var rows feature.Rows
	rows.AddAll([]feature.Row{
		{Name: "agent_edit", Generated: n(9), LinesDeleted: n(1)},
		{Name: "chat", Interactions: n(2), Generated: n(3), Accepted: n(4), LinesAdded: n(5), LinesDeleted: n(6)},
		{Interactions: n(1)},
		{Name: "code_completion", Interactions: n(0), Generated: n(7)},
		{Name: "copilot_cli", Interactions: n(0), Generated: n(8)},
		{Name: "b", Interactions: n(0), Generated: n(7)},
	})
	rows.AddAll([]feature.Row{
		{Name: "chat", Interactions: n(20), Generated: n(30), Accepted: n(40), LinesAdded: n(50), LinesDeleted: n(60)},
		{Name: "unknown", Interactions: n(1), Accepted: n(1)},
	})
	want := []feature.Row{
		{Name: "chat", Interactions: n(22), Generated: n(33), Accepted: n(44), LinesAdded: n(55), LinesDeleted: n(66)},
		{Name: "unknown", Interactions: n(2)},
		{Name: "copilot_cli", Interactions: n(0), Generated: n(8)},
		{Name: "b", Interactions: n(0), Generated: n(7)},
		{Name: "code_completion", Interactions: n(0), Generated: n(7)},
		{Name: "agent_edit", Generated: n(9), LinesDeleted: n(1)},
	}
	if diff := cmp.Diff(want, rows.List()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestToolsWithOneKindAndNameAreMerged(t *testing.T) {
	t.Parallel()
	var tools feature.Tools
	tools.AddAll([]feature.Tool{
		{Kind: feature.Skill, Name: "review", Interactions: n(3)},
		{Kind: feature.Plugin, Name: "review", Interactions: n(3)},
		{Kind: feature.MCP, Interactions: n(1)},
	})
	tools.AddAll([]feature.Tool{
		{Kind: feature.Skill, Name: "plan", Interactions: n(4)},
		{Kind: feature.Skill, Name: "review", Interactions: n(1)},
		{Kind: feature.MCP, Name: "unknown", Interactions: n(2)},
	})
	want := []feature.Tool{
		{Kind: feature.Skill, Name: "plan", Interactions: n(4)},
		{Kind: feature.Skill, Name: "review", Interactions: n(4)},
		{Kind: feature.MCP, Name: "unknown", Interactions: n(3)},
		{Kind: feature.Plugin, Name: "review", Interactions: n(3)},
	}
	if diff := cmp.Diff(want, tools.List()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSuggestionsWithOneCommentTypeAreMerged(t *testing.T) {
	t.Parallel()
	var types feature.CommentTypes
	types.Add(feature.CommentType{CommentType: "bug", Suggestions: n(2), Applied: n(1)})
	types.AddAll([]feature.CommentType{{Suggestions: n(4), Applied: n(1)}, {CommentType: "a"}, {CommentType: "style", Suggestions: n(6)}, {CommentType: "b"}})
	types.AddAll([]feature.CommentType{{CommentType: "bug", Suggestions: n(3), Applied: n(2)}, {CommentType: "unknown", Suggestions: n(1)}})
	want := []feature.CommentType{
		{CommentType: "style", Suggestions: n(6)},
		{CommentType: "bug", Suggestions: n(5), Applied: n(3)},
		{CommentType: "unknown", Suggestions: n(5)},
		{CommentType: "a"},
		{CommentType: "b"},
	}
	if diff := cmp.Diff(want, types.List()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAReportWithoutRowsGivesAnEmptyList(t *testing.T) {
	t.Parallel()
	for _, reported := range []bool{false, true} {
		var rows feature.Rows
		var tools feature.Tools
		var types feature.CommentTypes
		var agents feature.AgentSum
		if reported {
			rows.AddAll([]feature.Row{})
			tools.AddAll([]feature.Tool{})
			types.AddAll([]feature.CommentType{})
			agents.Add(&feature.Agents{ThirdParty: []feature.ThirdPartyAgent{}})
		}
		rows.AddAll(nil)
		tools.AddAll(nil)
		types.AddAll(nil)
		agents.Add(&feature.Agents{})
		for name, listed := range map[string]bool{
			"features": rows.List() != nil, "tools": tools.List() != nil, "types of comments": types.List() != nil,
			"third-party agents": agents.Total().ThirdParty != nil,
		} {
			if listed != reported {
				t.Errorf("%s are listed: %v, reported: %v", name, listed, reported)
			}
		}
	}
}

func TestNumbersOfAgentsAddUpAndPeopleDoNot(t *testing.T) {
	t.Parallel()
	first := &feature.Agents{
		VSCode: &feature.VSCodeAgent{ActiveUsers: n(3), Sessions: n(4), Messages: n(5)},
		Cloud:  &feature.CloudAgent{ActiveUsers: n(2)},
		App:    &feature.App{ActiveUsers: n(1), Sessions: n(6), Requests: n(7)},
		ThirdParty: []feature.ThirdPartyAgent{
			{Name: "claude", Interactions: n(1), Sessions: n(1)}, {Interactions: n(9)}, {Name: "b", Interactions: n(3)}, {Name: "a", Interactions: n(3)},
		},
	}
	second := &feature.Agents{
		VSCode:     &feature.VSCodeAgent{Sessions: n(40)},
		App:        &feature.App{Sessions: n(60), Requests: n(70)},
		ThirdParty: []feature.ThirdPartyAgent{{Name: "claude", Interactions: n(10), Sessions: n(20)}, {Name: "unknown", Interactions: n(3), Sessions: n(1)}},
	}
	for _, test := range []struct {
		name string
		days []*feature.Agents
		want *feature.Agents
	}{
		{"days without agents", []*feature.Agents{nil, nil}, nil},
		{"one agent without numbers", []*feature.Agents{nil, {}}, &feature.Agents{}},
		{"one agent of each kind", []*feature.Agents{first, nil, {}, second}, &feature.Agents{
			VSCode: &feature.VSCodeAgent{Sessions: n(44)},
			Cloud:  &feature.CloudAgent{},
			App:    &feature.App{Sessions: n(66), Requests: n(77)},
			ThirdParty: []feature.ThirdPartyAgent{
				{Name: "unknown", Interactions: n(12)},
				{Name: "claude", Interactions: n(11), Sessions: n(21)},
				{Name: "a", Interactions: n(3)},
				{Name: "b", Interactions: n(3)},
			},
		}},
	} {
		var sum feature.AgentSum
		for _, day := range test.days {
			sum.Add(day)
		}
		if diff := cmp.Diff(test.want, sum.Total()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestPhasesAreSortedByNumber(t *testing.T) {
	t.Parallel()
	phases := []feature.Phase{{Phase: "No Cohort"}, {Phase: "c", Number: n(2)}, {Phase: "b", Number: n(2)}, {Phase: "A"}, {Phase: "z", Number: n(0)}}
	feature.SortPhases(phases)
	want := []feature.Phase{{Phase: "z", Number: n(0)}, {Phase: "b", Number: n(2)}, {Phase: "c", Number: n(2)}, {Phase: "A"}, {Phase: "No Cohort"}}
	if diff := cmp.Diff(want, phases); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
