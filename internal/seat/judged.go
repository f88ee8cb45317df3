package seat

import "slices"

// Judged are seats, one for each person, with their statuses. To judge many seats takes a while, so it is done once.
type Judged struct {
	view     View
	seats    []Seat
	statuses []Status
}

// JudgeAll returns the statuses of all seats.
func (v View) JudgeAll(seats []Seat) Judged {
	j := Judged{v, seats, make([]Status, len(seats))}
	var f facts
	for i := range seats {
		f.take(v, &seats[i])
		j.statuses[i] = f.status()
	}
	return j
}

// Each calls take with each seat and its status.
func (j Judged) Each(take func(*Seat, Status)) {
	for i := range j.seats {
		take(&j.seats[i], j.statuses[i])
	}
}

// Idle returns the seats that are idle or were never used.
func (j Judged) Idle() (idle []Seat) {
	for i, status := range j.statuses {
		if status == Idle || status == NeverUsed {
			idle = append(idle, j.seats[i])
		}
	}
	return idle
}

// Any reports whether a person's seat has one of these statuses.
func (j Judged) Any(of ...Status) bool {
	for i, status := range j.statuses {
		if j.seats[i].UserID != nil && slices.Contains(of, status) {
			return true
		}
	}
	return false
}
