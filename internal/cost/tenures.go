package cost

import (
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
	"cloudmonitor.ai/copilot-connector/internal/team"
)

// Tenures are the seats of a month that is over, with the days on which they were held and billed. They give the same seat-days as the
// month's snapshots, in a fraction of the room, but not by organization.
type Tenures struct {
	People *team.Month // who held a seat; a name in it is a kind of seats
	Others []OtherSeats
}

// OtherSeats are equal seats without a person: a bit for each day on which so many were held.
type OtherSeats struct {
	Plan  copilot.Plan `json:"plan"`
	Team  string       `json:"team"`
	Seats int64        `json:"seats"`
	Days  uint32       `json:"days"`
}

// kindOfSeat returns the name of the seats of a plan that a team has assigned.
func kindOfSeat(held *seat.Seat) string { return string(held.Plan) + "\n" + held.Team }

// ofKind returns a seat of a kind.
func ofKind(name string) seat.Seat {
	plan, team, _ := strings.Cut(name, "\n")
	return seat.Seat{Plan: copilot.Plan(plan), Team: team}
}

// TenuresOf returns the tenures of a month from its snapshots, oldest first. The month must be over.
func TenuresOf(p Period, snapshots []DayChanges) (*Tenures, error) {
	t := new(Tenures)
	var held []team.Held
	s := NewSeatDays(p)
	s.held.byTeam = nil
	s.held.note = func(of *seat.Seat, n int64, days uint32) {
		if of.UserID == nil {
			t.Others = append(t.Others, OtherSeats{of.Plan, of.Team, n, days})
		} else {
			held = append(held, team.Held{UserID: *of.UserID, Team: kindOfSeat(of), Days: days})
		}
	}
	for _, day := range snapshots {
		if err := s.Add(day); err != nil {
			return nil, err
		}
	}
	s.through(p.To)
	t.People = team.HeldIn(p.From, held)
	return t, nil
}

// AddTenures adds a month's seats, in the place of its snapshots.
func (s *SeatDays) AddTenures(t *Tenures) {
	s.held.known = true
	counted := s.held.mask(s.held.counted.From, s.held.counted.To)
	kinds := make([]seat.Seat, len(t.People.Teams()))
	for i, name := range t.People.Teams() {
		kinds[i] = ofKind(name)
	}
	s.held.expect(len(kinds))
	t.People.Everybody(func(id int64, stays []team.Stay) {
		var highest highestPlan
		for _, stay := range stays {
			kind := kinds[stay.Team]
			kind.UserID = &id
			s.held.take(&kind, 1, stay.Days&counted, &highest)
		}
		if highest.known {
			s.held.people[highest.plan]++
		}
	})
	for _, of := range t.Others {
		s.held.take(&seat.Seat{Plan: of.Plan, Team: of.Team}, of.Seats, of.Days&counted, nil)
	}
}
