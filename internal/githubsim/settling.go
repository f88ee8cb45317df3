package githubsim

// lateShare is the share of a day's people who are missing from the day's first report.
const lateShare = 0.06

// age returns how many full days ago a day ended, but at most the number after which nothing changes by itself.
func (p population) age(on day) int {
	return max(0, min(int(p.today-on)-1, p.account.SettlesAfter))
}

// late reports whether a person is still missing. Late people appear one after the other while a day settles.
func (p population) late(user int, on day) bool {
	missing := p.account.SettlesAfter - p.age(on)
	return missing > 0 && p.dice.roll(user, on, lateness) < lateShare*float64(missing)/float64(p.account.SettlesAfter)
}

// revision returns how often GitHub has restated the day.
func (p population) revision(on day) int {
	if len(p.account.Restated) == 0 {
		return 0 // saves formatting the day for every person
	}
	return p.account.Restated[on.String()]
}

// restate adds what each revision of the day has added: more of the same activity for some people.
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
