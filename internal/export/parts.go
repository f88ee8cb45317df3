package export

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/feature"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Completion is one row of a split of a day's completions.
type Completion struct {
	Date           calendar.Date `json:"date"`
	State          metrics.State `json:"state"`
	Basis          metrics.Basis `json:"basis"` // what the row counts, which is not always completions alone
	Name           string        `json:"name"`
	Suggested      *int64        `json:"suggested"`
	Accepted       *int64        `json:"accepted"`
	AcceptanceRate *float64      `json:"acceptanceRate"` // also nil if the row counts more than completions
}

// EditorsOf returns the rows of a day by editor. There are none if GitHub has not split the completions.
func EditorsOf(d *metrics.Day) []Completion {
	return completionsOf(d, func(c *metrics.Completions) metrics.Breakdown { return c.ByEditor })
}

// LanguagesOf returns the rows of a day by language.
func LanguagesOf(d *metrics.Day) []Completion {
	return completionsOf(d, func(c *metrics.Completions) metrics.Breakdown { return c.ByLanguage })
}

// CompletionModelsOf returns the rows of a day by model.
func CompletionModelsOf(d *metrics.Day) []Completion {
	return completionsOf(d, func(c *metrics.Completions) metrics.Breakdown { return c.ByModel })
}

func completionsOf(d *metrics.Day, by func(*metrics.Completions) metrics.Breakdown) []Completion {
	if d.Completions == nil {
		return nil
	}
	split := by(d.Completions)
	rows := make([]Completion, len(split.Rows))
	for i, row := range split.Rows {
		rows[i] = Completion{
			Date: d.Date, State: d.State, Basis: split.Basis, Name: row.Name, Suggested: row.Suggested, Accepted: row.Accepted,
			AcceptanceRate: split.AcceptanceRate(row),
		}
	}
	return rows
}

// Feature is what people did with one feature on a day.
type Feature struct {
	Date         calendar.Date `json:"date"`
	State        metrics.State `json:"state"`
	Name         string        `json:"name"` // GitHub's name
	Interactions *int64        `json:"interactions"`
	Generated    *int64        `json:"generated"`
	Accepted     *int64        `json:"accepted"`
	LinesAdded   *int64        `json:"linesAdded"`
	LinesDeleted *int64        `json:"linesDeleted"`
}

// FeaturesOf returns the rows of a day by feature. There are none if GitHub reports no features.
func FeaturesOf(d *metrics.Day) []Feature {
	rows := make([]Feature, len(d.Features))
	for i, f := range d.Features {
		rows[i] = Feature{
			Date: d.Date, State: d.State, Name: f.Name, Interactions: f.Interactions, Generated: f.Generated, Accepted: f.Accepted,
			LinesAdded: f.LinesAdded, LinesDeleted: f.LinesDeleted,
		}
	}
	return rows
}

// Tool is the use of one tool on a day.
type Tool struct {
	Date         calendar.Date    `json:"date"`
	State        metrics.State    `json:"state"`
	Kind         feature.ToolKind `json:"kind"`
	Name         string           `json:"name"`
	Interactions *int64           `json:"interactions"`
}

// ToolsOf returns the rows of a day by tool. There are none if GitHub reports no tools.
func ToolsOf(d *metrics.Day) []Tool {
	rows := make([]Tool, len(d.Tools))
	for i, t := range d.Tools {
		rows[i] = Tool{Date: d.Date, State: d.State, Kind: t.Kind, Name: t.Name, Interactions: t.Interactions}
	}
	return rows
}

// Phase is the number of people in a phase of adoption on a day.
type Phase struct {
	Date         calendar.Date `json:"date"`
	State        metrics.State `json:"state"`
	Phase        string        `json:"phase"` // GitHub's name
	Number       *int64        `json:"number"`
	EngagedUsers *int64        `json:"engagedUsers"`
	People28Days *int64        `json:"people28Days"`
}

// PhasesOf returns the rows of a day by phase of adoption. There are none if GitHub reports no phases.
func PhasesOf(d *metrics.Day) []Phase {
	rows := make([]Phase, len(d.Adoption))
	for i, p := range d.Adoption {
		rows[i] = Phase{Date: d.Date, State: d.State, Phase: p.Phase, Number: p.Number, EngagedUsers: p.EngagedUsers, People28Days: p.People28Days}
	}
	return rows
}
