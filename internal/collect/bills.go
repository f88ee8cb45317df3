package collect

import (
	"context"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

// monthsBilled is how many months back GitHub keeps bills, with the one that runs.
const monthsBilled = 24

// readBills keeps the billed AI credits, where the token may read them: of the month that runs and, newest first, of each
// one before that GitHub can have, until it was read when it was final. It is no trouble where it may not, nor where a month
// fails: the next poll goes on with it.
func (r *run) readBills(ctx context.Context) {
	running := firstOfMonth(connector.DateOf(r.task.ScheduledFor))
	oldest := max(firstOfMonth(historyBegins[r.conn.Scope]), connector.DateOf(running.Start().AddDate(0, 1-monthsBilled, 0)))
	if known := r.conn.BillsFinal; known != nil {
		oldest = max(oldest, *known+1)
	}
	r.billAsked = true
	if _, r.billErr = r.readBill(ctx, running); r.billErr != nil {
		return // nor would it show those before
	}
	var final *connector.Date // that month, and those looked at after it, which are older
	for month := firstOfMonth(running - 1); month >= oldest; month = firstOfMonth(month - 1) {
		bill, err := r.Store.Bill(ctx, r.conn.Ref, month)
		if err == nil && (bill == nil || !bill.IsFinal(month)) {
			bill, err = r.readBill(ctx, month)
		}
		switch {
		case err != nil:
			return
		case !bill.IsFinal(month):
			final = nil
		case final == nil:
			final = &month
		}
	}
	r.billsFinal = final
}

func firstOfMonth(d connector.Date) connector.Date { return d - connector.Date(d.Start().Day()) + 1 }

// readBill keeps the bill of a month.
func (r *run) readBill(ctx context.Context, month connector.Date) (*cost.CreditBill, error) {
	bill, err := r.gitHub.Credits(ctx, r.conn.Account, month)
	if connector.Is(err, connector.CodeTokenRefused) {
		r.halt(err)
	}
	if err != nil {
		return nil, err
	}
	bill.ReadAt = r.Now().UTC().Truncate(time.Second)
	return bill, r.Store.PutBill(r.tidy, r.conn.Ref, month, *bill)
}
