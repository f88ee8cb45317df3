package collect

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// monthsBilled is how many months back GitHub keeps bills, with the one that runs.
const monthsBilled = 24

// readBills keeps the billed AI credits, where the token may read them: of the month that runs and, newest first, of each
// one before that GitHub can have, until it was read when it was final. It is no trouble where it may not, nor where a month
// fails: the others are read all the same, unless they would fare alike, and the next poll tries again.
func (r *run) readBills(ctx context.Context) {
	running := calendar.DateOf(r.task.ScheduledFor).FirstOfMonth()
	oldest := max(historyBegins[r.conn.Scope].FirstOfMonth(), calendar.DateOf(running.Start().AddDate(0, 1-monthsBilled, 0)))
	if known := r.conn.BillsFinal; known != nil {
		oldest = max(oldest, *known+1)
	}
	r.billAsked = true
	if _, r.billErr = r.readBill(ctx, running); r.billErr != nil && !fault.Is(r.billErr, fault.ReportBroken) {
		return // nor would it show those before
	}
	lost := 0                // months that failed in a row by trouble that passes
	var final *calendar.Date // that month, and those looked at after it, which are older
	for month := (running - 1).FirstOfMonth(); month >= oldest; month = (month - 1).FirstOfMonth() {
		done, err := r.settleBill(ctx, month)
		if lost++; !passes(err) {
			lost = 0
		}
		switch {
		case stops(err) && !refusal(err), lost == lostInARow:
			return
		case !done:
			final = nil
		case final == nil:
			final = &month
		}
	}
	r.billsFinal = final
}

// settleBill reads the bill of a month that is over, unless it is kept already, and tells whether it is final: also where
// GitHub has none, once it is settled.
func (r *run) settleBill(ctx context.Context, month calendar.Date) (final bool, err error) {
	kept, err := r.Store.Bill(ctx, r.conn.Ref, month)
	if err != nil || kept != nil && kept.IsFinal(month) {
		return err == nil, err
	}
	bill, err := r.readBill(ctx, month)
	none := cost.CreditBill{ReadAt: r.Now().UTC().Truncate(time.Second), Absent: true}
	switch {
	case err == nil:
		return bill.IsFinal(month), nil
	case !fault.Is(err, fault.NotFound, fault.Unexpected) || !none.IsFinal(month):
		return false, err
	case kept != nil: // it is better than none
		return true, nil
	}
	err = r.Store.PutBill(r.tidy, r.conn.Ref, month, none)
	return err == nil, err
}

// readBill keeps the bill of a month.
func (r *run) readBill(ctx context.Context, month calendar.Date) (*cost.CreditBill, error) {
	bill, err := r.gitHub.Credits(ctx, r.conn.Account, month)
	if fault.Is(err, fault.TokenRefused) {
		r.halt(err)
	}
	if r.billBroken == nil && fault.Is(err, fault.ReportBroken) {
		r.billBroken = err
	}
	if err != nil {
		return nil, err
	}
	bill.ReadAt = r.Now().UTC().Truncate(time.Second)
	return bill, r.Store.PutBill(r.tidy, r.conn.Ref, month, *bill)
}
