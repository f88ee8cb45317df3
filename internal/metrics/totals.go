package metrics

// Sum rolls days up into a range. People are not summed: people are those of the whole range, or nil when
// they are not known for each day that has data, and then nobody can be counted and no credits added up. Where a day's
// people are known in part, the range has at least those, and says so.
func Sum(days []Day, people *People) Totals {
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
	totals.Features = sum.features.list()
	totals.Agents = sum.agentTotals()
	totals.Tools = sum.tools.list()
	if people != nil && totals.DaysWithData > 0 {
		active, engaged := people.Active(), people.Engaged()
		totals.ActiveUsers, totals.EngagedUsers = &active, &engaged
		if sum.credited { // where nobody was active they are as they are of such a day
			totals.CreditsUsed = credits
		}
	}
	return totals
}

func (d *Day) hasData() bool { return d.State == Final || d.State == Provisional }

// CreditsUsed adds up the credits of the days with data, nil when there are none or one does not tell.
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
		case day.ActiveUsers == nil || *day.ActiveUsers > 0: // where nobody was active GitHub has no per-user report
			known = false
		}
	}
	if !known || daysWithData == 0 {
		return nil, daysWithData
	}
	return &sum, daysWithData
}

// summer adds days up block by block. A block that a day lacks adds nothing, and one that no day has stays nil; a count that a
// block lacks makes the sum unknown.
type summer struct {
	completions                *activity
	editors, languages, models completionRows

	chat              *Chat
	modes, chatModels chatRows

	cli          *CLI
	pullRequests *PullRequests
	commentTypes commentTypeRows
	credited     bool // a day tells credits

	features   featureRows
	agents     *Agents
	thirdParty thirdPartyRows
	tools      toolRows
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
		s.chat.Interactions = addCount(s.chat.Interactions, c.Interactions)
		s.modes.addAll(c.ByMode)
		s.chatModels.addAll(c.ByModel)
	}
	if c := day.CLI; c != nil {
		if s.cli == nil {
			s.cli = &CLI{Sessions: new(int64), Requests: new(int64), PromptTokens: new(int64), OutputTokens: new(int64)} // its people stay unknown: nobody may count twice
		}
		s.cli.Sessions = addCount(s.cli.Sessions, c.Sessions)
		s.cli.Requests = addCount(s.cli.Requests, c.Requests)
		s.cli.PromptTokens = addCount(s.cli.PromptTokens, c.PromptTokens)
		s.cli.OutputTokens = addCount(s.cli.OutputTokens, c.OutputTokens)
	}
	if p := day.PullRequests; p != nil {
		if s.pullRequests == nil {
			s.pullRequests = new(*p)
			s.pullRequests.MedianMinutesToMerge = nil // medians cannot be joined
			s.pullRequests.MedianMinutesToMergeCopilotAuthored, s.pullRequests.MedianMinutesToMergeCopilotReviewed = nil, nil
		} else {
			s.pullRequests.add(p)
		}
		s.commentTypes.addAll(p.SuggestionsByCommentType)
	}
	s.features.addAll(day.Features)
	s.addAgents(day.Agents)
	s.tools.addAll(day.Tools)
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
		s.pullRequests.SuggestionsByCommentType = s.commentTypes.list()
	}
	return s.pullRequests
}

func (p *PullRequests) add(q *PullRequests) {
	p.Created = addCount(p.Created, q.Created)
	p.Reviewed = addCount(p.Reviewed, q.Reviewed)
	p.Merged = addCount(p.Merged, q.Merged)
	p.CreatedByCopilot = addCount(p.CreatedByCopilot, q.CreatedByCopilot)
	p.ReviewedByCopilot = addCount(p.ReviewedByCopilot, q.ReviewedByCopilot)
	p.SuggestionsByCopilot = addCount(p.SuggestionsByCopilot, q.SuggestionsByCopilot)
	p.SuggestionsApplied = addCount(p.SuggestionsApplied, q.SuggestionsApplied)
	p.MergedCreatedByCopilot = addCount(p.MergedCreatedByCopilot, q.MergedCreatedByCopilot)
	p.MergedReviewedByCopilot = addCount(p.MergedReviewedByCopilot, q.MergedReviewedByCopilot)
	p.Suggestions = addCount(p.Suggestions, q.Suggestions)
	p.AppliedSuggestions = addCount(p.AppliedSuggestions, q.AppliedSuggestions)
}
