package ledger

import "cloudmonitor.ai/copilot-connector/internal/metrics"

// headline is a number that people compare with GitHub's own pages.
type headline struct {
	what string
	of   func(*metrics.Usage) *float64
}

// headlines have the names of the Admin API.
var headlines = []headline{
	{"activeUsers", func(u *metrics.Usage) *float64 { return float(u.ActiveUsers) }},
	{"engagedUsers", func(u *metrics.Usage) *float64 { return float(u.EngagedUsers) }},
	{"creditsUsed", func(u *metrics.Usage) *float64 {
		if u.CreditsUsed == nil {
			return nil
		}
		return new(u.CreditsUsed.Float())
	}},
	{"completions.suggested", ofCompletions(func(c *metrics.Completions) *int64 { return c.Suggested })},
	{"completions.accepted", ofCompletions(func(c *metrics.Completions) *int64 { return c.Accepted })},
	{"completions.linesSuggested", ofCompletions(func(c *metrics.Completions) *int64 { return c.LinesSuggested })},
	{"completions.linesAccepted", ofCompletions(func(c *metrics.Completions) *int64 { return c.LinesAccepted })},
	{"chat.interactions", func(u *metrics.Usage) *float64 {
		if u.Chat == nil {
			return nil
		}
		return float(u.Chat.Interactions)
	}},
	{"pullRequests.created", ofPullRequests(func(p *metrics.PullRequests) *int64 { return p.Created })},
	{"pullRequests.merged", ofPullRequests(func(p *metrics.PullRequests) *int64 { return p.Merged })},
}

func ofCompletions(number func(*metrics.Completions) *int64) func(*metrics.Usage) *float64 {
	return func(u *metrics.Usage) *float64 {
		if u.Completions == nil {
			return nil
		}
		return float(number(u.Completions))
	}
}

func ofPullRequests(number func(*metrics.PullRequests) *int64) func(*metrics.Usage) *float64 {
	return func(u *metrics.Usage) *float64 {
		if u.PullRequests == nil {
			return nil
		}
		return float(number(u.PullRequests))
	}
}

func float(n *int64) *float64 {
	if n == nil {
		return nil
	}
	return new(float64(*n))
}

func moves(before, after *metrics.Usage) []Move {
	moved := []Move{}
	for _, h := range headlines {
		from, to := h.of(before), h.of(after)
		if (from == nil) != (to == nil) || from != nil && *from != *to {
			moved = append(moved, Move{What: h.what, From: from, To: to})
		}
	}
	return moved
}
