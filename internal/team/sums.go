package team

import (
	"encoding/binary"
	"math/big"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// Sum is what the people of a team did. People and counts are whole. Credits are the part that belongs to the team.
type Sum struct {
	Active, Engaged int64 // people of a day, or person-days of several days
	Told            int64 // people for whom GitHub reports at least one count
	Suggested       metrics.Count
	Accepted        metrics.Count
	LinesAccepted   metrics.Count
	Interactions    metrics.Count
	Credits         Parts
}

// add adds a day of a person who is in n teams. A day without any counts, as for people without telemetry, adds nothing. A count that one
// day has and another lacks is unknown.
func (s *Sum) add(u *metrics.UserDay, n uint32) {
	s.Active++
	if u.Engaged {
		s.Engaged++
	}
	one := Sum{Suggested: u.Suggested, Accepted: u.Accepted, LinesAccepted: u.LinesAccepted, Interactions: u.Interactions}
	if max(u.Suggested, u.Accepted, u.LinesAccepted, u.Interactions) != metrics.Untold {
		one.Told = 1
	}
	s.addCounts(&one)
	if u.Credits != metrics.Untold {
		s.Credits.Add(Part{n, u.Credits})
	}
}

func (s *Sum) addCounts(more *Sum) {
	switch {
	case more.Told == 0:
		return
	case s.Told == 0:
		s.Suggested, s.Accepted, s.LinesAccepted, s.Interactions = more.Suggested, more.Accepted, more.LinesAccepted, more.Interactions
	default:
		s.Suggested, s.Accepted = s.Suggested.Plus(more.Suggested), s.Accepted.Plus(more.Accepted)
		s.LinesAccepted, s.Interactions = s.LinesAccepted.Plus(more.LinesAccepted), s.Interactions.Plus(more.Interactions)
	}
	s.Told += more.Told
}

// Add adds the sum of another day.
func (s *Sum) Add(more *Sum) {
	s.Active, s.Engaged = s.Active+more.Active, s.Engaged+more.Engaged
	s.addCounts(more)
	for _, part := range more.Credits {
		s.Credits.Add(part)
	}
}

// Count returns a count of the sum. It is 0 if nobody was active, and nil if somebody was active and the count is unknown.
func (s *Sum) Count(of metrics.Count) *int64 {
	switch {
	case s.Active == 0:
		return new(int64)
	case s.Told == 0:
		return nil
	}
	return of.Ptr()
}

// Exact returns the credits that belong to the team, in millionths.
func (s *Sum) Exact() *big.Rat { return s.Credits.Exact() }

// Sums has the sums of one or several days, by team.
type Sums struct {
	Teams      map[string]*Sum
	Unassigned Sum  // people in no team
	Whole      Sum  // everybody, each once
	Blurred    bool // people and counts of Unassigned are unknown: see Hide
}

// Adder adds up what people did on a day.
type Adder struct {
	of         *Membership
	sums       []Sum // by the number of the team
	unassigned Sum
	whole      Sum
}

// NewAdder returns an Adder for a day with a membership.
func NewAdder(of *Membership) *Adder { return &Adder{of: of, sums: make([]Sum, len(of.teams))} }

// Add adds what a person did. Each person must come once.
func (a *Adder) Add(u *metrics.UserDay) {
	a.whole.add(u, 1)
	teams := a.of.Of(u.UserID)
	for _, team := range teams {
		a.sums[team].add(u, uint32(len(teams))) //nolint:gosec // bounded
	}
	if len(teams) == 0 {
		a.unassigned.add(u, 1)
	}
}

// Sums returns the result.
func (a *Adder) Sums() *Sums {
	s := &Sums{Teams: make(map[string]*Sum, len(a.sums)), Unassigned: a.unassigned, Whole: a.whole}
	for i := range a.sums {
		s.Teams[a.of.teams[i]] = &a.sums[i]
	}
	return s
}

// Add adds another day.
func (s *Sums) Add(day *Sums) {
	for name, more := range day.Teams {
		if s.Teams[name] == nil {
			s.Teams[name] = new(Sum)
		}
		s.Teams[name].Add(more)
	}
	s.Unassigned.Add(&day.Unassigned)
	s.Whole.Add(&day.Whole)
}

// Hide moves the credits of some teams to those of no team. People and counts of no team are unknown after that: somebody may be in
// several of these teams, or also in one that is shown, and must not count twice. Blurred says so.
func (s *Sums) Hide(hidden map[string]bool) {
	for name, sum := range s.Teams {
		if !hidden[name] {
			continue
		}
		if sum.Active > 0 {
			s.Blurred = true
		}
		s.Unassigned.Add(sum)
		delete(s.Teams, name)
	}
	if s.Blurred {
		s.Unassigned.Told = 0
	}
}

// Bytes returns the stored form.
func (s *Sums) Bytes() []byte {
	names := sortedNames(s.Teams)
	text := appendNames(nil, names)
	for _, name := range names {
		text = s.Teams[name].append(text)
	}
	return s.Whole.append(s.Unassigned.append(text))
}

func (s *Sum) append(text []byte) []byte {
	for _, n := range [...]int64{s.Active, s.Engaged, s.Told, int64(s.Suggested), int64(s.Accepted), int64(s.LinesAccepted), int64(s.Interactions)} {
		text = binary.AppendUvarint(text, uint64(n+1)) //nolint:gosec // -1 at least
	}
	text = binary.AppendUvarint(text, uint64(len(s.Credits)))
	for _, part := range s.Credits {
		text = binary.AppendUvarint(text, uint64(part.Teams))
		text = binary.AppendUvarint(text, uint64(part.Credits)) //nolint:gosec // not negative
	}
	return text
}

// ReadSums reads the stored form. A year of an account with thousands of teams has a million sums, so those of a day share their memory.
func ReadSums(text []byte) (*Sums, error) {
	r := reader{text: text}
	names := r.names()
	sums, parts := make([]Sum, len(names)), make([]Part, 0, len(names))
	s := &Sums{Teams: make(map[string]*Sum, len(names))}
	for i, name := range names {
		sums[i] = r.sum(&parts)
		s.Teams[name] = &sums[i]
	}
	s.Unassigned, s.Whole = r.sum(&parts), r.sum(&parts)
	if r.damaged || len(r.text) > 0 {
		return nil, errDamaged
	}
	return s, nil
}

// maxSum is more than the people of any account can do on a day.
const maxSum = 1 << 62

// sum reads a sum. Its credits are the last of parts.
func (r *reader) sum(parts *[]Part) (s Sum) {
	var numbers [7]int64
	for i := range numbers {
		numbers[i] = int64(r.number(maxSum)) - 1 //nolint:gosec // bounded
	}
	s = Sum{
		Active: numbers[0], Engaged: numbers[1], Told: numbers[2], Suggested: metrics.Count(numbers[3]), Accepted: metrics.Count(numbers[4]),
		LinesAccepted: metrics.Count(numbers[5]), Interactions: metrics.Count(numbers[6]),
	}
	begin := len(*parts)
	for range r.count(maxTeams) {
		part := Part{Teams: uint32(r.number(maxTeams)), Credits: metrics.Credits(r.number(maxSum))} //nolint:gosec // bounded
		if part.Teams == 0 {
			r.fail()
		}
		*parts = append(*parts, part)
	}
	if end := len(*parts); end > begin {
		s.Credits = (*parts)[begin:end:end] // what is added later takes memory of its own
	}
	return s
}
