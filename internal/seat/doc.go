// Package seat has who holds a seat of Copilot: the grants as GitHub lists them, one seat for each person, whether it is
// used and what it costs a month. It knows nothing of days held, bills and months, which are package cost's, nor of where
// seats are read and stored. Start with Seat, then Judge, whose table decides the status.
package seat
