package metrics

import (
	"cloudmonitor.ai/copilot-connector/internal/count"
	"cloudmonitor.ai/copilot-connector/internal/feature"
)

// Sum adds days up to the totals of a range. People cannot be added up: people is the headcount of the whole range. It must be nil
// unless the people of every day with data are known. Then people and credits of the range are unknown. If some people of a day are
// missing, the range counts the known ones and says so.
func Sum(days []Day, people *Headcount) Totals {
	var (
		totals Totals
		sum    summer
	)
	for i := range days {
		if days[i].hasData() {
			sum.add(&days[i].Usage)
		}
	}
	credits, withData := CreditsUsed(days)
	totals.DaysWithData = withData
	totals.People = PeopleShortOf(days)
	totals.Completions = sum.completionTotals()
	totals.Chat = sum.chatTotals()
	totals.CLI = sum.cli
	totals.PullRequests = sum.pullRequestTotals()
	totals.Features = sum.features.List()
	totals.Agents = sum.agents.Total()
	totals.Tools = sum.tools.List()
	if people != nil && totals.DaysWithData > 0 {
		active, engaged := people.Active, people.Engaged
		totals.ActiveUsers, totals.EngagedUsers = &active, &engaged
		if sum.credited { // if nobody was active, a range has the same value as such a day
			totals.CreditsUsed = credits
		}
	}
	return totals
}

func (d *Day) hasData() bool { return d.State == Final || d.State == Provisional }

// CreditsUsed returns the credits of the days with data. It returns nil if there are no such days, or if one of them lacks credits.
func CreditsUsed(days []Day) (used *Credits, daysWithData int) {
	var sum Credits
	known := true
	for i := range days {
		day := &days[i]
		if !day.hasData() {
			continue
		}
		daysWithData++
		switch {
		case day.CreditsUsed != nil:
			sum += *day.CreditsUsed
		case day.ActiveUsers == nil || *day.ActiveUsers > 0: // GitHub has no per-user report if nobody was active
			known = false
		}
	}
	if !known || daysWithData == 0 {
		return nil, daysWithData
	}
	return &sum, daysWithData
}

// summer adds up days block by block. A block that a day lacks adds nothing. A block that no day has stays nil. A count that is missing
// in a block makes the sum of that count unknown.
type summer struct {
	completions                *activity
	editors, languages, models completionRows

	chat              *Chat
	modes, chatModels chatRows

	cli          *CLI
	pullRequests *PullRequests
	commentTypes feature.CommentTypes
	credited     bool // at least one day has credits

	features feature.Rows
	agents   feature.AgentSum
	tools    feature.Tools
}

func (s *summer) add(day *Usage) {
	if c := day.Completions; c != nil {
		if s.completions == nil {
			s.completions = new(noActivity())
		}
		s.completions.add(activity{
			Generated: c.Suggested, Accepted: c.Accepted, LinesOffered: c.LinesSuggested, LinesAdded: c.LinesAccepted,
		})
		s.editors.addAll(c.ByEditor)
		s.languages.addAll(c.ByLanguage)
		s.models.addAll(c.ByModel)
	}
	if c := day.Chat; c != nil {
		if s.chat == nil {
			s.chat = &Chat{Interactions: new(int64)}
		}
		s.chat.Interactions = count.Add(s.chat.Interactions, c.Interactions)
		s.modes.addAll(c.ByMode)
		s.chatModels.addAll(c.ByModel)
	}
	if c := day.CLI; c != nil {
		if s.cli == nil {
			s.cli = &CLI{Sessions: new(int64), Requests: new(int64), PromptTokens: new(int64), OutputTokens: new(int64)} // its people stay unknown: nobody may count twice
		}
		s.cli.Sessions = count.Add(s.cli.Sessions, c.Sessions)
		s.cli.Requests = count.Add(s.cli.Requests, c.Requests)
		s.cli.PromptTokens = count.Add(s.cli.PromptTokens, c.PromptTokens)
		s.cli.OutputTokens = count.Add(s.cli.OutputTokens, c.OutputTokens)
	}
	if p := day.PullRequests; p != nil {
		if s.pullRequests == nil {
			s.pullRequests = new(*p)
			s.pullRequests.MedianMinutesToMerge = nil // medians cannot be combined
			s.pullRequests.MedianMinutesToMergeCopilotAuthored, s.pullRequests.MedianMinutesToMergeCopilotReviewed = nil, nil
		} else {
			s.pullRequests.add(p)
		}
		s.commentTypes.AddAll(p.SuggestionsByCommentType)
	}
	s.features.AddAll(day.Features)
	s.agents.Add(day.Agents)
	s.tools.AddAll(day.Tools)
	s.credited = s.credited || day.CreditsUsed != nil
}

func (s *summer) completionTotals() *Completions {
	if s.completions == nil {
		return nil
	}
	return newCompletions(s.completions, s.editors, s.languages, s.models)
}

func (s *summer) chatTotals() *Chat {
	if s.chat == nil {
		return nil
	}
	s.chat.ByMode = s.modes.list()
	if s.chatModels != nil {
		s.chat.ByModel = s.chatModels.list()
	}
	return s.chat
}

func (s *summer) pullRequestTotals() *PullRequests {
	if s.pullRequests != nil {
		s.pullRequests.SuggestionsByCommentType = s.commentTypes.List()
	}
	return s.pullRequests
}

func (p *PullRequests) add(q *PullRequests) {
	p.Created = count.Add(p.Created, q.Created)
	p.Reviewed = count.Add(p.Reviewed, q.Reviewed)
	p.Merged = count.Add(p.Merged, q.Merged)
	p.CreatedByCopilot = count.Add(p.CreatedByCopilot, q.CreatedByCopilot)
	p.ReviewedByCopilot = count.Add(p.ReviewedByCopilot, q.ReviewedByCopilot)
	p.SuggestionsByCopilot = count.Add(p.SuggestionsByCopilot, q.SuggestionsByCopilot)
	p.SuggestionsApplied = count.Add(p.SuggestionsApplied, q.SuggestionsApplied)
	p.MergedCreatedByCopilot = count.Add(p.MergedCreatedByCopilot, q.MergedCreatedByCopilot)
	p.MergedReviewedByCopilot = count.Add(p.MergedReviewedByCopilot, q.MergedReviewedByCopilot)
	p.Suggestions = count.Add(p.Suggestions, q.Suggestions)
	p.AppliedSuggestions = count.Add(p.AppliedSuggestions, q.AppliedSuggestions)
}
