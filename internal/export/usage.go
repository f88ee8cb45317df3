package export

import (
	"cmp"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Day is a day of the account.
type Day struct {
	Date                            calendar.Date    `json:"date"`
	State                           metrics.State    `json:"state"`
	Revision                        int              `json:"revision"`
	FetchedAt                       *time.Time       `json:"fetchedAt"`
	ActiveUsers                     *int64           `json:"activeUsers"`
	EngagedUsers                    *int64           `json:"engagedUsers"`
	Suggested                       *int64           `json:"suggested"`
	Accepted                        *int64           `json:"accepted"`
	AcceptanceRate                  *float64         `json:"acceptanceRate"`
	LinesSuggested                  *int64           `json:"linesSuggested"`
	LinesAccepted                   *int64           `json:"linesAccepted"`
	ChatInteractions                *int64           `json:"chatInteractions"`
	CLIActiveUsers                  *int64           `json:"cliActiveUsers"`
	CLISessions                     *int64           `json:"cliSessions"`
	CLIRequests                     *int64           `json:"cliRequests"`
	CLIPromptTokens                 *int64           `json:"cliPromptTokens"`
	CLIOutputTokens                 *int64           `json:"cliOutputTokens"`
	PullRequestsCreated             *int64           `json:"pullRequestsCreated"`
	PullRequestsReviewed            *int64           `json:"pullRequestsReviewed"`
	PullRequestsMerged              *int64           `json:"pullRequestsMerged"`
	PullRequestsCreatedByCopilot    *int64           `json:"pullRequestsCreatedByCopilot"`
	PullRequestsReviewedByCopilot   *int64           `json:"pullRequestsReviewedByCopilot"`
	PullRequestSuggestionsByCopilot *int64           `json:"pullRequestSuggestionsByCopilot"`
	PullRequestSuggestionsApplied   *int64           `json:"pullRequestSuggestionsApplied"`
	PullRequestMedianMinutesToMerge *float64         `json:"pullRequestMedianMinutesToMerge"`
	CreditsUsed                     *metrics.Credits `json:"creditsUsed"`
	PeopleRead                      *int64           `json:"peopleRead"` // nil with the next: nobody is known to be missing
	PeopleExpected                  *int64           `json:"peopleExpected"`
}

// DayOf is the row of a day.
func DayOf(d *metrics.Day) Day {
	completions, chat := cmp.Or(d.Completions, &metrics.Completions{}), cmp.Or(d.Chat, &metrics.Chat{})
	cli, pulls := cmp.Or(d.CLI, &metrics.CLI{}), cmp.Or(d.PullRequests, &metrics.PullRequests{})
	row := Day{
		Date: d.Date, State: d.State, Revision: d.Revision, FetchedAt: d.FetchedAt,
		ActiveUsers: d.ActiveUsers, EngagedUsers: d.EngagedUsers,
		Suggested: completions.Suggested, Accepted: completions.Accepted, AcceptanceRate: completions.AcceptanceRate,
		LinesSuggested: completions.LinesSuggested, LinesAccepted: completions.LinesAccepted,
		ChatInteractions: chat.Interactions,
		CLIActiveUsers:   cli.ActiveUsers, CLISessions: cli.Sessions, CLIRequests: cli.Requests,
		CLIPromptTokens: cli.PromptTokens, CLIOutputTokens: cli.OutputTokens,
		PullRequestsCreated: pulls.Created, PullRequestsReviewed: pulls.Reviewed, PullRequestsMerged: pulls.Merged,
		PullRequestsCreatedByCopilot: pulls.CreatedByCopilot, PullRequestsReviewedByCopilot: pulls.ReviewedByCopilot,
		PullRequestSuggestionsByCopilot: pulls.SuggestionsByCopilot, PullRequestSuggestionsApplied: pulls.SuggestionsApplied,
		PullRequestMedianMinutesToMerge: pulls.MedianMinutesToMerge,
		CreditsUsed:                     d.CreditsUsed,
	}
	if people := d.People; people != nil {
		row.PeopleRead, row.PeopleExpected = &people.Read, &people.Expected
	}
	return row
}

// User is what a person did over a range.
type User struct {
	UserID         *int64           `json:"userId"` // nil where people are not shown by name
	Login          string           `json:"login"`
	ActiveDays     int              `json:"activeDays"`
	LastActiveDay  calendar.Date    `json:"lastActiveDay"`
	Suggested      *int64           `json:"suggested"`
	Accepted       *int64           `json:"accepted"`
	AcceptanceRate *float64         `json:"acceptanceRate"`
	Interactions   *int64           `json:"interactions"`
	LinesAccepted  *int64           `json:"linesAccepted"`
	CreditsUsed    *metrics.Credits `json:"creditsUsed"`
	ShortDays      int              `json:"shortDays"` // of the range, on which people were not read: any row may lack numbers
}

// UsersOf are the rows of people of a range.
func UsersOf(users []metrics.UserUsage, short *metrics.PeopleShort) []User {
	rows := make([]User, len(users))
	for i, u := range users {
		rows[i] = User{
			Login: u.Login, ActiveDays: u.ActiveDays, LastActiveDay: u.LastActiveDay,
			Suggested: u.Suggested, Accepted: u.Accepted, AcceptanceRate: u.AcceptanceRate,
			Interactions: u.Interactions, LinesAccepted: u.LinesAccepted, CreditsUsed: u.CreditsUsed,
		}
		if u.UserID != 0 {
			rows[i].UserID = &u.UserID
		}
		if short != nil {
			rows[i].ShortDays = short.Days
		}
	}
	return rows
}

// Completion is a part of a day's completions.
type Completion struct {
	Date           calendar.Date `json:"date"`
	State          metrics.State `json:"state"`
	Basis          metrics.Basis `json:"basis"` // what the row counts: not always completions alone
	Name           string        `json:"name"`
	Suggested      *int64        `json:"suggested"`
	Accepted       *int64        `json:"accepted"`
	AcceptanceRate *float64      `json:"acceptanceRate"` // nil also where the row counts more than completions
}

// Split says by what completions are told apart.
type Split func(c *metrics.Completions) metrics.Breakdown

// Splits are the splits by their names.
var Splits = map[string]Split{
	"editor":   func(c *metrics.Completions) metrics.Breakdown { return c.ByEditor },
	"language": func(c *metrics.Completions) metrics.Breakdown { return c.ByLanguage },
	"model":    func(c *metrics.Completions) metrics.Breakdown { return c.ByModel },
}

// CompletionsOf are the rows of a day, none where GitHub has not told its completions apart.
func CompletionsOf(d *metrics.Day, by Split) []Completion {
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
