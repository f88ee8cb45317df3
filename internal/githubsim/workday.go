package githubsim

import "math/rand/v2"

// workday builds one activity.
type workday struct {
	population
	user     int
	day      day
	person   person
	rand     *rand.Rand
	activity activity
}

func (w *workday) record(c cell) {
	w.activity.cells = append(w.activity.cells, c)
	w.activity.tally.add(c.tally)
}

func (w *workday) spend(m model, interactions int) {
	if w.day < creditsSince || interactions == 0 {
		return
	}
	w.activity.spent = append(w.activity.spent, spending{m.invoice, m.hundredths * interactions * max(w.account.Spending, 1)})
}

// spendUnseen adds credits to a reduced record. GitHub has records that show credits and nothing else.
func (w *workday) spendUnseen() {
	if w.rand.IntN(5) < 3 {
		w.spend(drawModel(w.rand.Float64()), 1+w.rand.IntN(9))
	}
}

func (w *workday) editor() string {
	if w.person.otherEditor != "" && w.rand.IntN(3) == 0 {
		return w.person.otherEditor
	}
	return w.person.editor
}

func (w *workday) language() string {
	return w.person.languages[w.rand.IntN(len(w.person.languages))]
}

// model returns the person's favourite model most of the time. Sometimes a cell has no model.
func (w *workday) model() (model, string) {
	m := w.person.model
	if w.rand.IntN(4) == 0 {
		m = drawModel(w.rand.Float64())
	}
	if w.rand.IntN(12) == 0 {
		return m, ""
	}
	return m, m.name
}

func (w *workday) complete() {
	for _, language := range w.person.languages[:1+w.rand.IntN(len(w.person.languages))] {
		suggested := 6 + w.rand.IntN(38)
		accepted := suggested * (15 + w.rand.IntN(25)) / 100
		c := cell{feature: "code_completion", language: language, editor: w.editor(), tally: tally{codeCounts: codeCounts{
			Generated:    suggested,
			Accepted:     accepted,
			SuggestedAdd: suggested + w.rand.IntN(suggested*2),
			Added:        accepted + w.rand.IntN(accepted+1),
		}}}
		if w.account.CompletionModels {
			c.model = completionModel
		}
		w.record(c)
	}
}

func (w *workday) chat() {
	if !w.chats(w.user, w.day) {
		return
	}
	w.converse("chat_panel_ask_mode", 12)
	if w.rand.IntN(3) == 0 {
		w.converse("chat_inline", 5)
	}
	if w.rand.IntN(8) == 0 {
		w.converse(draw(w.rand.Float64(), rareModes), 4)
	}
}

// converse records between one and most questions. Some of them lead to code.
func (w *workday) converse(feature string, most int) {
	m, name := w.model()
	questions := 1 + w.rand.IntN(most)
	generated := w.rand.IntN(questions + 1)
	accepted := w.rand.IntN(generated + 1)
	language := "unknown"
	if generated > 0 {
		language = w.language()
	}
	w.record(cell{feature: feature, language: language, editor: w.editor(), model: name, tally: tally{
		Interactions: questions,
		codeCounts: codeCounts{
			Generated: generated, Accepted: accepted,
			SuggestedAdd: generated * (4 + w.rand.IntN(9)), SuggestedDelete: generated * w.rand.IntN(3),
			Added: accepted * (2 + w.rand.IntN(3)), Deleted: accepted * w.rand.IntN(2),
		},
	}})
	w.spend(m, questions)
}

// delegate records work of an agent. Its edits count as generated without acceptance, and add lines that were never suggested.
func (w *workday) delegate() {
	if !w.delegates(w.user, w.day) {
		return
	}
	m, name := w.model()
	tasks := 1 + w.rand.IntN(7)
	editor, language := w.editor(), w.language()
	w.record(cell{feature: "chat_panel_agent_mode", language: language, editor: editor, model: name, tally: tally{
		Interactions: tasks,
		codeCounts:   codeCounts{Generated: tasks, SuggestedAdd: tasks * (3 + w.rand.IntN(12))},
	}})
	edits := 1 + w.rand.IntN(tasks*2)
	w.record(cell{feature: "agent_edit", language: language, editor: editor, model: name, tally: tally{
		codeCounts: codeCounts{
			Generated: edits,
			Added:     edits * (5 + w.rand.IntN(20)), Deleted: edits * w.rand.IntN(6),
		},
	}})
	w.spend(m, tasks*2)
}
