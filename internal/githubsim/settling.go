package githubsim

// lateShare is the part of a day's people of whom GitHub learns only after the day's first report.
const lateShare = 0.06

// age is how many full days ago a day closed, no further than to where nothing changes by itself any more.
func (p population) age(on day) int {
	return max(0, min(int(p.today-on)-1, p.account.SettlesAfter))
}

// late people come in one after the other while a day settles.
func (p population) late(user int, on day) bool {
	missing := p.account.SettlesAfter - p.age(on)
	return missing > 0 && p.dice.roll(user, on, lateness) < lateShare*float64(missing)/float64(p.account.SettlesAfter)
}

// revision is how often GitHub has restated the day.
func (p population) revision(on day) int {
	if len(p.account.Restated) == 0 {
		return 0 // without spelling the day out for everybody
	}
	return p.account.Restated[on.String()]
}

// restate adds what each revision of the day has found out: more of what some people did anyway.
func (w *workday) restate() {
	what := restating
	for range w.revision(w.day) {
		what += 1 << 8
		if w.dice.roll(w.user, w.day, what) >= 0.5 {
			continue
		}
		w.rand = w.dice.sequence(w.user, w.day, what)
		w.complete()
		if w.chats(w.user, w.day) {
			w.converse("chat_panel_ask_mode", 12)
		}
	}
}
