package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// keepPastMonths makes two values of months that are over, if they are missing: who held seats, and what each person did. A step of the
// backfill makes the second one for each month whose first day it has read.
//
// A poll looks at one of the twelve months before, so each month comes two or three times a month. So a value that a poll has not made,
// because it failed or had no spare time, comes at a later turn. So does one that is missing after a restatement, or after people were
// removed. The month before comes in the second week: until then its last days change, and snapshots still count for both months.
//
// In a large account a value takes a while. ctx must end so early that the judgement of the run can still be stored.
func (r *reader) keepPastMonths(ctx context.Context) {
	if r.spare.Err() != nil {
		return
	}
	conn, today := r.found.Conn, calendar.DateOf(r.found.Began)
	if r.found.Task.Reason == connector.ReasonOlder {
		for _, month := range r.monthsRead() {
			if _, whole := r.found.Days[month]; whole {
				r.noteKept(r.Store.KeepUsers(ctx, conn.Ref, month))
			}
		}
	}
	if !r.found.Agenda.SeatsAndCost {
		return
	}
	month := today.FirstOfMonth() - 1
	for range (today - today.FirstOfMonth() + 12 - 7) % 12 {
		month = month.FirstOfMonth() - 1
	}
	r.noteKept(r.Store.KeepTenures(ctx, conn.Ref, month))
	r.noteKept(r.Store.KeepUsers(ctx, conn.Ref, month))
}
