package metrics

// Sum rolls days up into a range. People are not summed: people are those of the whole range, or nil when
// they are not known for each day that has data, and then nobody can be counted and no credits added up.
func Sum(days []Day, people *People) Totals {
	var (
		totals Totals
		sum    = summer{credits: Untold}
	)
	for i := range days {
		if days[i].State == Final || days[i].State == Provisional {
			totals.DaysWithData++
			sum.add(&days[i].Usage)
		}
	}
	totals.Completions = sum.completionTotals()
	totals.Chat = sum.chatTotals()
	totals.CLI = sum.cli
	totals.PullRequests = sum.pullRequests
	if people != nil && totals.DaysWithData > 0 {
		active, engaged := people.Active(), people.Engaged()
		totals.ActiveUsers, totals.EngagedUsers = &active, &engaged
		totals.CreditsUsed = sum.credits.Ptr()
	}
	return totals
}

// summer adds days up block by block. A block that no day has stays nil.
type summer struct {
	completions                *activity
	editors, languages, models completionRows

	chat              *Chat
	modes, chatModels chatRows

	cli          *CLI
	pullRequests *PullRequests
	credits      Credits
}

func (s *summer) add(day *Usage) {
	if c := day.Completions; c != nil {
		if s.completions == nil {
			s.completions = &activity{}
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
			s.chat = &Chat{}
		}
		s.chat.Interactions = addCount(s.chat.Interactions, c.Interactions)
		s.modes.addAll(c.ByMode)
		s.chatModels.addAll(c.ByModel)
	}
	if c := day.CLI; c != nil {
		if s.cli == nil {
			s.cli = &CLI{} // its people stay unknown: nobody may count twice
		}
		s.cli.Sessions = addCount(s.cli.Sessions, c.Sessions)
		s.cli.Requests = addCount(s.cli.Requests, c.Requests)
		s.cli.PromptTokens = addCount(s.cli.PromptTokens, c.PromptTokens)
		s.cli.OutputTokens = addCount(s.cli.OutputTokens, c.OutputTokens)
	}
	if p := day.PullRequests; p != nil {
		if s.pullRequests == nil {
			s.pullRequests = &PullRequests{} // its median stays unknown: medians cannot be joined
		}
		s.pullRequests.add(p)
	}
	if c := day.CreditsUsed; c != nil {
		s.credits = s.credits.plus(*c)
	}
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

func (p *PullRequests) add(q *PullRequests) {
	p.Created = addCount(p.Created, q.Created)
	p.Reviewed = addCount(p.Reviewed, q.Reviewed)
	p.Merged = addCount(p.Merged, q.Merged)
	p.CreatedByCopilot = addCount(p.CreatedByCopilot, q.CreatedByCopilot)
	p.ReviewedByCopilot = addCount(p.ReviewedByCopilot, q.ReviewedByCopilot)
	p.SuggestionsByCopilot = addCount(p.SuggestionsByCopilot, q.SuggestionsByCopilot)
	p.SuggestionsApplied = addCount(p.SuggestionsApplied, q.SuggestionsApplied)
}
