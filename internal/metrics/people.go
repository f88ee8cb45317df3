package metrics

import "cloudmonitor.ai/copilot-connector/internal/connector"

// People is who used Copilot on a day or over a range, by GitHub's user id: logins change.
//
// Everybody GitHub lists counts as active. GitHub also lists people whom only its servers saw, with all counts
// at zero, and counts them in daily_active_users (GitHub changelog, 2026-06-15).
type People struct{ byID map[int64]person }

type person struct {
	engaged    bool
	lastActive connector.Date
	credits    Credits // creditsUntold while no row told
}

const creditsUntold = -1

// Active is the number of distinct people.
func (p *People) Active() int64 { return int64(len(p.byID)) }

// Engaged is the number of distinct people with an interaction, a generation or an acceptance.
func (p *People) Engaged() int64 {
	var n int64
	for _, who := range p.byID {
		if who.engaged {
			n++
		}
	}
	return n
}

// Credits is the sum of everybody's AI credits, nil when GitHub told none.
func (p *People) Credits() *Credits {
	sum := Credits(creditsUntold)
	for _, who := range p.byID {
		sum = joinCredits(sum, who.credits)
	}
	if sum == creditsUntold {
		return nil
	}
	return &sum
}

// LastActive returns the last of the days on which the person used Copilot.
func (p *People) LastActive(userID int64) (day connector.Date, ok bool) {
	who, ok := p.byID[userID]
	return who.lastActive, ok
}

// Merge adds the people of other days: each counts once, however many days they come from.
func (p *People) Merge(other *People) {
	if p.byID == nil {
		p.byID = make(map[int64]person, len(other.byID))
	}
	for id, theirs := range other.byID {
		if ours, known := p.byID[id]; known {
			theirs.engaged = theirs.engaged || ours.engaged
			theirs.lastActive = max(theirs.lastActive, ours.lastActive)
			theirs.credits = joinCredits(theirs.credits, ours.credits)
		}
		p.byID[id] = theirs
	}
}

func joinCredits(a, b Credits) Credits {
	switch {
	case a == creditsUntold:
		return b
	case b == creditsUntold:
		return a
	}
	return a + b
}
