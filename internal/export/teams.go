package export

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// TeamDay is what a team did on a day.
type TeamDay struct {
	Date           calendar.Date    `json:"date"`
	State          metrics.State    `json:"state"`
	Basis          team.Basis       `json:"basis"` // the source of the teams
	Team           *string          `json:"team"`  // nil: the people in no team
	ActiveUsers    *int64           `json:"activeUsers"`
	EngagedUsers   *int64           `json:"engagedUsers"`
	Suggested      *int64           `json:"suggested"`
	Accepted       *int64           `json:"accepted"`
	AcceptanceRate *float64         `json:"acceptanceRate"`
	Interactions   *int64           `json:"interactions"`
	LinesAccepted  *int64           `json:"linesAccepted"`
	CreditsUsed    *metrics.Credits `json:"creditsUsed"` // the team's part
}

// TeamDayOf returns the row of a team on a day. An empty usage is unknown.
func TeamDayOf(date calendar.Date, state metrics.State, basis team.Basis, name *string, u *metrics.Usage) TeamDay {
	row := TeamDay{
		Date: date, State: state, Basis: basis, Team: name, ActiveUsers: u.ActiveUsers, EngagedUsers: u.EngagedUsers, CreditsUsed: u.CreditsUsed,
	}
	if c := u.Completions; c != nil {
		row.Suggested, row.Accepted, row.AcceptanceRate, row.LinesAccepted = c.Suggested, c.Accepted, c.AcceptanceRate, c.LinesAccepted
	}
	if u.Chat != nil {
		row.Interactions = u.Chat.Interactions
	}
	return row
}
