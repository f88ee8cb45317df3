package connector

import (
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
)

// People is what a connector remembers of how people are shown, and of those who were taken out. None of it is ever shown.
type People struct {
	PeopleKey  privacy.Key    `json:"peopleKey,omitempty"`  // of pseudonyms and marks; nil: none was needed yet
	Forgotten  []privacy.Mark `json:"forgotten,omitempty"`  // people whom no poll stores any more
	Forgetting []string       `json:"forgetting,omitempty"` // pseudonyms of those who are still in what is kept

	// A removal takes the first of Forgetting out of all days, from the oldest to the newest, if necessary in several runs. Those who are added
	// meanwhile wait for the next removal.
	Removing         int           `json:"removing,omitempty"`        // how many of Forgetting; 0: no removal has begun
	RemoveOn         calendar.Date `json:"removeOn,omitempty"`        // the first day that may still have them
	RemovalSteppedAt time.Time     `json:"removalSteppedAt,omitzero"` // when RemoveOn was last stored
}

// NeedKey makes the key of pseudonyms, if there is none. It never changes, so that pseudonyms stay the same.
func (p *People) NeedKey() {
	if p.PeopleKey == nil {
		p.PeopleKey = privacy.NewKey()
	}
}

// Forget notes that a person is to be taken out. It reports whether that is new.
func (p *People) Forget(userID int64) bool {
	p.NeedKey()
	mark := p.PeopleKey.Mark(userID)
	if slices.Contains(p.Forgotten, mark) {
		return false
	}
	p.Forgotten = append(p.Forgotten, mark)
	p.Forgetting = append(p.Forgetting, p.PeopleKey.Pseudonym(userID))
	return true
}

// ForgetNow returns the people who are still to be taken out.
func (p *People) ForgetNow() []int64 { return p.idsOf(p.Forgetting) }

// RemoveNow returns the people of the removal that has begun.
func (p *People) RemoveNow() []int64 {
	return p.idsOf(p.Forgetting[:min(p.Removing, len(p.Forgetting))])
}

func (p *People) idsOf(pseudonyms []string) (ids []int64) {
	for _, pseudonym := range pseudonyms {
		if id, ok := p.PeopleKey.Person(pseudonym); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// Removed ends the removal. Its people are in nothing that is kept.
func (p *People) Removed() {
	p.Forgetting = slices.Clone(p.Forgetting[min(p.Removing, len(p.Forgetting)):])
	p.Removing, p.RemoveOn, p.RemovalSteppedAt = 0, 0, time.Time{}
}

// IsForgotten returns a function that reports whether a person was taken out; nil if nobody was.
func (p *People) IsForgotten() func(userID int64) bool {
	if len(p.Forgotten) == 0 {
		return nil
	}
	marks := make(map[privacy.Mark]bool, len(p.Forgotten))
	for _, mark := range p.Forgotten {
		marks[mark] = true
	}
	markOf := p.PeopleKey.Marker()
	return func(userID int64) bool { return marks[markOf(userID)] }
}

// Veil returns how the connector's people are shown.
func (c *Connector) Veil() privacy.Veil { return privacy.NewVeil(c.ShowPeople, c.PeopleKey) }

// PeopleKeptFrom returns the oldest day whose people are kept on the given day. most is the deployment's limit in days; 0 means no
// limit. ok is false if all people are kept.
func (c *Connector) PeopleKeptFrom(today calendar.Date, most int) (from calendar.Date, ok bool) {
	days := privacy.KeptDays(c.KeepPeopleDays, most)
	return today - calendar.Date(days), days > 0
}
