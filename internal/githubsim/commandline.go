package githubsim

// commandLineUse is the use of the Copilot CLI on a day, by a person or by all people of an account. The breakdown by editor
// leaves it out. The totals include it, and the breakdown by feature has it as copilot_cli.
type commandLineUse struct {
	sessions, requests, prompts, promptTokens, outputTokens int
}

func (u *commandLineUse) add(other commandLineUse) {
	u.sessions += other.sessions
	u.requests += other.requests
	u.prompts += other.prompts
	u.promptTokens += other.promptTokens
	u.outputTokens += other.outputTokens
}

func (w *workday) useCommandLine() {
	if !w.usesCommandLine(w.user, w.day) {
		return
	}
	m, name := w.model()
	sessions := 1 + w.rand.IntN(4)
	prompts := sessions * (1 + w.rand.IntN(5))
	requests := prompts * (1 + w.rand.IntN(4))
	w.activity.cli = commandLineUse{
		sessions: sessions, requests: requests, prompts: prompts,
		promptTokens: requests * (1800 + w.rand.IntN(4200)), outputTokens: requests * (200 + w.rand.IntN(700)),
	}
	w.record(cell{feature: "copilot_cli", language: w.language(), model: name, tally: tally{
		Interactions: prompts,
		codeCounts:   codeCounts{Generated: prompts, Added: prompts * w.rand.IntN(15), Deleted: prompts * w.rand.IntN(5)},
	}})
	w.spend(m, prompts)
}

type totalsByCLI struct {
	Sessions   int         `json:"session_count"`
	Requests   int         `json:"request_count"`
	Prompts    int         `json:"prompt_count"`
	TokenUsage tokenUsage  `json:"token_usage"`
	LastKnown  *cliVersion `json:"last_known_cli_version,omitempty"` // user rows only
}

type tokenUsage struct {
	Output     int     `json:"output_tokens_sum"`
	Prompt     int     `json:"prompt_tokens_sum"`
	PerRequest float64 `json:"avg_tokens_per_request"`
}

type cliVersion struct {
	Version   string `json:"cli_version"`
	SampledAt string `json:"sampled_at"`
}

// totals returns nil on a day without use, because GitHub omits the block then.
func (u commandLineUse) totals() *totalsByCLI {
	if u.sessions == 0 {
		return nil
	}
	return &totalsByCLI{
		Sessions: u.sessions, Requests: u.requests, Prompts: u.prompts,
		TokenUsage: tokenUsage{
			Output: u.outputTokens, Prompt: u.promptTokens,
			PerRequest: float64(u.promptTokens+u.outputTokens) / float64(u.requests),
		},
	}
}
