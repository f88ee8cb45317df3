package collect

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// monthsBilled is the number of months for which GitHub has bills, including the current one.
const monthsBilled = 24

// billsRead holds bills that are not stored yet.
type billsRead struct {
	found poll.Bills
	bills []monthsBill
}

type monthsBill struct {
	month calendar.Date
	bill  cost.CreditBill
}

// readBills reads the billed AI credits, if the token may read them: those of the current month and, newest first, those of each
// earlier month that GitHub can have and whose final bill has not been read. A token without this right is no trouble. If a month
// fails, the others are still read, unless they would fail too, and the next poll tries again.
func (r *reader) readBills(ctx context.Context) (read billsRead) {
	read.found.Asked = true
	conn := r.found.Conn
	running := r.runningMonth()
	bill, err := r.readBill(ctx, running)
	read.found.Err = err
	switch {
	case fault.Is(err, fault.ReportBroken):
		read.found.Broken = err
	case err != nil:
		return read // GitHub would not show earlier bills either
	default:
		read.bills = append(read.bills, monthsBill{running, *bill})
	}
	read.before(ctx, r, running, r.oldestBill(running, conn.BillsFinal))
	return read
}

// oldestBill returns the first day of the oldest month that GitHub can have a bill of and whose bill is not final.
func (r *reader) oldestBill(running calendar.Date, final *calendar.Date) calendar.Date {
	oldest := max(poll.HistoryBegins[r.found.Conn.Scope].FirstOfMonth(), calendar.DateOf(running.Start().AddDate(0, 1-monthsBilled, 0)))
	if final != nil {
		oldest = max(oldest, *final+1)
	}
	return oldest
}

// before reads the bills of the months before the current one, newest first.
func (read *billsRead) before(ctx context.Context, r *reader, running, oldest calendar.Date) {
	lost := 0                // consecutive months with a transient failure
	var final *calendar.Date // the newest month such that its bill and all earlier ones are final
	for month := (running - 1).FirstOfMonth(); month >= oldest; month = (month - 1).FirstOfMonth() {
		bill, isFinal, err := r.settledBill(ctx, month)
		if bill != nil {
			read.bills = append(read.bills, monthsBill{month, *bill})
		}
		if read.found.Broken == nil && fault.Is(err, fault.ReportBroken) {
			read.found.Broken = err
		}
		if lost++; !fault.CodeOf(err).Transient() {
			lost = 0
		}
		switch {
		case fault.CodeOf(err).EndsAll() && !fault.CodeOf(err).Denied(), lost == poll.FailedInARow:
			return
		case !isFinal:
			final = nil
		case final == nil:
			final = &month
		}
	}
	read.found.Final = final
}

// settledBill reads the bill of a past month, unless the final one is stored. It reports whether the bill is final now. This is also
// true if GitHub has no bill of a month that is settled. The bill is nil if nothing must be stored.
func (r *reader) settledBill(ctx context.Context, month calendar.Date) (bill *cost.CreditBill, final bool, err error) {
	kept, err := r.Store.Bill(ctx, r.found.Conn.Ref, month)
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
	case kept != nil: // the stored bill is better than none
		return nil, true, nil
	}
	return none, true, nil
}

// readBill reads the bill of a month.
func (r *reader) readBill(ctx context.Context, month calendar.Date) (*cost.CreditBill, error) {
	bill, err := r.gitHub.Credits(ctx, r.found.Conn.Account, month)
	if fault.Is(err, fault.TokenRefused) {
		r.halt(err)
	}
	if err != nil {
		return nil, err
	}
	bill.ReadAt = r.readAt()
	return bill, nil
}

// keepBills stores the bills if it is certain that they belong to the account.
func (r *reader) keepBills(read billsRead) poll.Bills {
	err := r.owner.confirmed()
	for _, of := range read.bills {
		if err == nil {
			err = r.Store.PutBill(r.tidy, r.found.Conn.Ref, of.month, of.bill)
		}
	}
	if err != nil && len(read.bills) > 0 {
		read.found.Err, read.found.Final = err, nil
	}
	return read.found
}
