package githubsim

import "fmt"

// population is the seat holders of an account and what each of them does on each day, as far as GitHub knows today. They are
// numbered from zero.
type population struct {
	account *Account
	dice    dice
	today   day
}

func populationOf(a *Account, today day) population {
	return population{account: a, dice: diceOf(a), today: today}
}

// person holds what is the same on all days.
type person struct {
	editor      string
	otherEditor string // "" for most
	languages   []string
	model       model
}

// Ids and logins are global on GitHub, so the same number is the same person in every account.
func personID(user int) int64 {
	return 41_000_001 + int64(user)
}

func personLogin(user int) string {
	return fmt.Sprintf("octo-dev-%03d", user+1)
}

func (p population) everybody() int {
	return p.account.Seats
}

func (p population) person(user int) person {
	r := p.dice.sequence(user, lifelong, interests)
	one := person{
		editor: draw(r.Float64(), editors),
		model:  drawModel(r.Float64()),
	}
	if other := draw(r.Float64(), editors); other != one.editor && r.IntN(4) == 0 {
		one.otherEditor = other
	}
	for range 1 + r.IntN(3) {
		one.languages = append(one.languages, draw(r.Float64(), languages))
	}
	return one
}

// presence is how a person appears in a day's report.
type presence int

const (
	absent   presence = iota // no row
	unseen                   // a reduced record: only server telemetry knows of the person, the editor sent nothing
	observed                 // a full row
)

// presence, chats, delegates and usesCommandLine must be cheap, because trailing windows call them for 28 days of everybody.
func (p population) presence(user int, on day) presence {
	switch {
	case p.account.ZeroActive || p.dice.roll(user, on, attendance) >= p.likelihood(user, on) || p.late(user, on):
		return absent
	case p.telemetryOff(user) || p.dice.roll(user, on, observation) < 0.15:
		return unseen
	}
	return observed
}

// neverUsed is the share of seat holders who never use their seat.
const neverUsed = 0.06

func (p population) likelihood(user int, on day) float64 {
	switch kind := p.dice.roll(user, lifelong, habit); {
	case kind < neverUsed:
		return 0
	case kind < 0.12 && (int(on)/30+user)%4 != 0: // is active in one month of four
		return 0
	}
	if on.weekend() {
		return 0.07
	}
	return 0.55 + 0.4*p.dice.roll(user, lifelong, diligence)
}

func (p population) telemetryOff(user int) bool {
	return p.dice.roll(user, lifelong, telemetry) < 0.12
}

func (p population) chats(user int, on day) bool {
	return p.dice.roll(user, on, chatting) < 0.7
}

func (p population) delegates(user int, on day) bool {
	return p.dice.roll(user, on, delegating) < 0.45
}

func (p population) usesCommandLine(user int, on day) bool {
	return p.dice.roll(user, lifelong, commandLine) < 0.25 && p.dice.roll(user, on, commandLine) < 0.5
}
