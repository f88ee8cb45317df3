package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// monthsBilled is how many months back GitHub keeps bills, with the one that runs.
const monthsBilled = 24

// billsRead are bills that are not stored yet.
type billsRead struct {
	found billsReading
	bills []monthsBill
}

type monthsBill struct {
	month calendar.Date
	bill  cost.CreditBill
}

// readBills reads the billed AI credits, where the token may read them: of the month that runs and, newest first, of each
// month before it that GitHub can have, until its bill was read when it was final. A token that may not read them is
// no trouble, and neither is a month that fails: the other months are read, unless they would fail too, and the next poll tries
// again.
func (r *reader) readBills(ctx context.Context) (read billsRead) {
	read.found.asked = true
	conn := r.found.conn
	running := r.runningMonth()
	bill, err := r.readBill(ctx, running)
	read.found.err = err
	switch {
	case fault.Is(err, fault.ReportBroken):
		read.found.broken = err
	case err != nil:
		return read // nor would GitHub show those before
	default:
		read.bills = append(read.bills, monthsBill{running, *bill})
	}
	read.before(ctx, r, running, r.oldestBill(running, conn.BillsFinal))
	return read
}

// oldestBill is the first day of the oldest month that GitHub can have a bill of and that is not final.
func (r *reader) oldestBill(running calendar.Date, final *calendar.Date) calendar.Date {
	oldest := max(historyBegins[r.found.conn.Scope].FirstOfMonth(), calendar.DateOf(running.Start().AddDate(0, 1-monthsBilled, 0)))
	if final != nil {
		oldest = max(oldest, *final+1)
	}
	return oldest
}

// before reads the bills of the months before the one that runs, newest first.
func (read *billsRead) before(ctx context.Context, r *reader, running, oldest calendar.Date) {
	lost := 0                // months that failed one after the other by trouble that passes
	var final *calendar.Date // the newest month from which on, backwards, every bill is final
	for month := (running - 1).FirstOfMonth(); month >= oldest; month = (month - 1).FirstOfMonth() {
		bill, isFinal, err := r.settledBill(ctx, month)
		if bill != nil {
			read.bills = append(read.bills, monthsBill{month, *bill})
		}
		if read.found.broken == nil && fault.Is(err, fault.ReportBroken) {
			read.found.broken = err
		}
		if lost++; fault.ClassOf(err) != fault.Transient {
			lost = 0
		}
		switch {
		case fault.EndsAll(err) && fault.ClassOf(err) != fault.Denied, lost == lostInARow:
			return
		case !isFinal:
			final = nil
		case final == nil:
			final = &month
		}
	}
	read.found.final = final
}

// settledBill reads the bill of a month that is over, unless it is kept already, and tells whether it is final: also where
// GitHub has none, once it is settled. The bill is nil where nothing of it is to be stored.
func (r *reader) settledBill(ctx context.Context, month calendar.Date) (bill *cost.CreditBill, final bool, err error) {
	kept, err := r.Store.Bill(ctx, r.found.conn.Ref, month)
	if err != nil || kept != nil && kept.IsFinal(month) {
		return nil, err == nil, err
	}
	bill, err = r.readBill(ctx, month)
	none := &cost.CreditBill{ReadAt: r.readAt(), Absent: true}
	switch {
	case err == nil:
		return bill, bill.IsFinal(month), nil
	case !fault.Is(err, fault.NotFound, fault.Unexpected) || !none.IsFinal(month):
		return nil, false, err
	case kept != nil: // it is better than none
		return nil, true, nil
	}
	return none, true, nil
}

// readBill reads the bill of a month.
func (r *reader) readBill(ctx context.Context, month calendar.Date) (*cost.CreditBill, error) {
	bill, err := r.gitHub.Credits(ctx, r.found.conn.Account, month)
	if fault.Is(err, fault.TokenRefused) {
		r.halt(err)
	}
	if err != nil {
		return nil, err
	}
	bill.ReadAt = r.readAt()
	return bill, nil
}

// keepBills stores the bills, once it is certain whose they are.
func (r *reader) keepBills(read billsRead) billsReading {
	err := r.owner.confirmed()
	for _, of := range read.bills {
		if err == nil {
			err = r.Store.PutBill(r.tidy, r.found.conn.Ref, of.month, of.bill)
		}
	}
	if err != nil && len(read.bills) > 0 {
		read.found.err, read.found.final = err, nil
	}
	return read.found
}
