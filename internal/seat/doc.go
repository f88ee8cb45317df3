// Package seat has the holders of Copilot seats: GitHub's list of grants, one seat for each person, whether the seat is used,
// and what it costs for a month. It must not know bills or how many days a seat was held, which belong to package cost, nor
// where seats are read and stored. Start reading at Seat, then Judge, whose table decides the status.
package seat
