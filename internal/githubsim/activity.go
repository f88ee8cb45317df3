package githubsim

// codeCounts are the six counters that every breakdown has.
type codeCounts struct {
	Generated       int `json:"code_generation_activity_count"`
	Accepted        int `json:"code_acceptance_activity_count"`
	SuggestedAdd    int `json:"loc_suggested_to_add_sum"`
	SuggestedDelete int `json:"loc_suggested_to_delete_sum"`
	Added           int `json:"loc_added_sum"`
	Deleted         int `json:"loc_deleted_sum"`
}

// tally is the counters of a record's top level, and of the breakdowns that also count interactions.
type tally struct {
	Interactions int `json:"user_initiated_interaction_count"`
	codeCounts
}

func (t *tally) add(other tally) {
	t.Interactions += other.Interactions
	t.Generated += other.Generated
	t.Accepted += other.Accepted
	t.SuggestedAdd += other.SuggestedAdd
	t.SuggestedDelete += other.SuggestedDelete
	t.Added += other.Added
	t.Deleted += other.Deleted
}

// cell is the smallest unit of activity. Every total and breakdown of a person or an account is a sum of cells, so they agree.
// A cell without editor or model is missing from those breakdowns: GitHub's breakdowns also add up to less than its totals.
type cell struct {
	feature, language string
	editor, model     string // may be ""
	tally
}

// spending is AI credits. It counts hundredths, so that sums are exact.
type spending struct {
	model      string // as the invoice names it
	hundredths int
}

// activity is one person's day.
type activity struct {
	presence presence
	tally    tally
	cells    []cell
	cli      commandLineUse
	spent    []spending
}

func (a activity) hundredths() int {
	var sum int
	for _, s := range a.spent {
		sum += s.hundredths
	}
	return sum
}

// Before creditsSince rows carry no ai_credits_used.
var creditsSince = mustDay("2026-06-19")

func (p population) activity(user int, on day) activity {
	w := workday{
		population: p, user: user, day: on,
		activity: activity{presence: p.presence(user, on)},
	}
	switch w.activity.presence {
	case absent:
	case unseen:
		w.rand = p.dice.sequence(user, on, work)
		w.spendUnseen()
	case observed:
		w.rand = p.dice.sequence(user, on, work)
		w.person = p.person(user)
		w.complete()
		w.chat()
		w.delegate()
		w.useCommandLine()
		w.restate()
	}
	return w.activity
}
