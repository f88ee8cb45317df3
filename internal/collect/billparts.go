package collect

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

// mostPartCalls bounds the bills of organizations and cost centers that one poll reads: all of the current month, and those of earlier
// months as far as the bound allows. Later polls continue with older months.
const mostPartCalls = 2*cost.MostParts + 100

// division reads the bills of an enterprise's organizations and cost centers.
type division struct {
	*reader
	organizations, centers []cost.PartBill // nil: unknown
	left                   int             // calls that are left
}

// readParts reads the budgets and the bills of an enterprise's parts. It comes last, because it may need the most calls. The division
// of a month is taken whole or not at all. A refusal changes nothing of what is stored.
func (r *reader) readParts(ctx context.Context, seats seatsRead) (read poll.Parts) {
	if r.halted() || r.owner.confirmed() != nil {
		return read
	}
	conn := r.found.Conn
	read.Asked = true
	var budgets *cost.Budgets
	list, err := r.gitHub.Budgets(ctx, conn.Account)
	if read.Budgets = err; err == nil {
		budgets = r.withIDs(&cost.Budgets{ReadAt: r.readAt(), List: list}, seats.snapshot.Seats)
	}
	d := division{reader: r, left: mostPartCalls}
	if read.Divided = conn.Scope == copilot.Enterprise && r.found.Bills.Err == nil; read.Divided {
		d.organizations = organizationsOf(seats.snapshot.Seats)
		d.centers, read.CostCenters = r.gitHub.CostCenters(ctx, conn.Account)
	}
	running := r.runningMonth()
	read.Err = r.changeParts(ctx, running, func(parts *cost.Parts) (err error) {
		parts.Budgets = cmp.Or(budgets, parts.Budgets)
		if read.Divided {
			err = d.divide(ctx, running, parts)
		}
		return err
	})
	if read.Divided && read.Err == nil {
		read.Final, read.Err = d.before(ctx, running)
	}
	for _, err := range []error{read.Budgets, read.CostCenters, read.Err} {
		if fault.Is(err, fault.TokenRefused) {
			r.halt(err)
		}
	}
	return read
}

// withIDs adds the ids of people to their budgets. It drops the name of a person without a seat, and of a forgotten person: without an
// id, the name could not be removed later.
func (r *reader) withIDs(budgets *cost.Budgets, grants []seat.Seat) *cost.Budgets {
	forgotten, ids := r.found.Conn.IsForgotten(), map[string]int64{}
	for i := range grants {
		if id := grants[i].UserID; id != nil && (forgotten == nil || !forgotten(*id)) {
			ids[strings.ToLower(grants[i].Login)] = *id
		}
	}
	for i := range budgets.List {
		if budget := &budgets.List[i]; budget.Person {
			budget.UserID = ids[strings.ToLower(budget.Name)]
		}
	}
	budgets, _ = budgets.Renamed(func(of cost.Budget) string {
		if of.UserID == 0 {
			return ""
		}
		return of.Name
	})
	return budgets
}

func (r *reader) runningMonth() calendar.Date {
	return poll.DayOf(r.found.Task, calendar.DateOf(r.found.Began)).FirstOfMonth()
}

func (r *reader) readAt() time.Time { return r.Now().UTC().Truncate(time.Second) }

// changeParts stores the parts of a month after change, even if change fails half-way.
func (r *reader) changeParts(ctx context.Context, month calendar.Date, change func(*cost.Parts) error) error {
	kept, err := r.Store.BillParts(ctx, r.found.Conn.Ref, month)
	if err != nil {
		return err
	}
	parts := kept
	failed := change(&parts)
	if parts != kept {
		err = r.Store.PutBillParts(r.tidy, r.found.Conn.Ref, month, parts)
	}
	return cmp.Or(failed, err)
}

var errNoRoom = errors.New("no call is left")

// before divides the bills of the months before the current one, newest first, until their divisions are final. If a month fails, the
// others are still read, unless they would fail too. It returns the newest month such that its division and all earlier ones are
// final, and the first failure.
func (d *division) before(ctx context.Context, running calendar.Date) (final *calendar.Date, failed error) {
	lost := 0 // consecutive months with a transient failure
	for month := (running - 1).FirstOfMonth(); month >= d.oldestBill(running, d.found.Conn.PartsFinal); month = (month - 1).FirstOfMonth() {
		done, err := d.settle(ctx, month)
		if errors.Is(err, errNoRoom) {
			return nil, failed
		}
		failed = cmp.Or(failed, err)
		if lost++; !fault.CodeOf(err).Transient() {
			lost = 0
		}
		switch {
		case fault.CodeOf(err).EndsAll() && !fault.CodeOf(err).Denied(), lost == poll.FailedInARow:
			return nil, failed
		case !done:
			final = nil
		case final == nil:
			final = &month
		}
	}
	return final, failed
}

// settle divides the bill of a past month, unless its division is final. It reports whether it is final now.
func (d *division) settle(ctx context.Context, month calendar.Date) (final bool, err error) {
	bill, err := d.Store.Bill(ctx, d.found.Conn.Ref, month)
	if err != nil || bill == nil || bill.Absent {
		return bill != nil, err
	}
	err = d.changeParts(ctx, month, func(parts *cost.Parts) error {
		err := d.divide(ctx, month, parts)
		final = parts.Organizations.IsFinal(month) && parts.CostCenters.IsFinal(month)
		return err
	})
	return final, err
}

// divide reads the bills of a month's known parts, unless they are final. If the seats do not name the organizations, it uses those
// that were known before.
func (d *division) divide(ctx context.Context, month calendar.Date, parts *cost.Parts) error {
	known := d.organizations
	if known == nil && parts.Organizations != nil {
		known = []cost.PartBill{}
	}
	organizations, err := d.split(ctx, month, known, parts.Organizations)
	if err != nil {
		return err
	}
	centers, err := d.split(ctx, month, d.centers, parts.CostCenters)
	if err != nil {
		return err
	}
	parts.Organizations, parts.CostCenters = organizations, centers
	return nil
}

// split reads the bills of all parts. After an error it returns the stored ones.
func (d *division) split(ctx context.Context, month calendar.Date, list []cost.PartBill, kept *cost.Split) (*cost.Split, error) {
	if list == nil || kept.IsFinal(month) {
		return kept, nil
	}
	split := kept.Renewed(list)
	if d.left -= len(split.Bills); d.left < 0 {
		return kept, errNoRoom
	}
	group, together := errgroup.WithContext(ctx) // the first failure ends the others
	for i := range split.Bills {
		group.Go(func() error { return d.readPart(together, month, &split.Bills[i]) })
	}
	if err := group.Wait(); err != nil {
		return kept, err
	}
	split.ReadAt = d.readAt()
	return split, d.compare(ctx, month, split)
}

// readPart reads the bill of one part. If GitHub refuses, the part keeps its former bill.
func (d *division) readPart(ctx context.Context, month calendar.Date, part *cost.PartBill) error {
	bill, err := d.gitHub.CreditsOf(ctx, d.found.Conn.Account, month, *part)
	switch code := fault.CodeOf(err); {
	case err == nil:
		bill.ReadAt = d.readAt()
		*part = bill.Sum(*part)
	case code.Denied() || code.Absent():
		part.Refused = code
	default:
		return err
	}
	return nil
}

// compare compares the parts with the whole. If the parts are more, credits were used between the two readings, so it reads the whole
// again.
func (d *division) compare(ctx context.Context, month calendar.Date, split *cost.Split) error {
	ref := d.found.Conn.Ref
	whole, err := d.Store.Bill(ctx, ref, month)
	if err != nil || whole == nil || !split.Exceeds(whole) {
		return err
	}
	if whole, err = d.readBill(ctx, month); err != nil {
		return err
	}
	if split.Exceeds(whole) {
		return &fault.Error{Code: fault.ReportBroken, Op: "divide the bill", Err: errors.New("its parts are more than the whole")}
	}
	return d.Store.PutBill(d.tidy, ref, month, *whole)
}

// organizationsOf returns the organizations that grant seats, those with the most seats first, or nil if no seat names one.
func organizationsOf(grants []seat.Seat) []cost.PartBill {
	names, count := map[string]string{}, map[string]int{}
	for i := range grants {
		if name := grants[i].Organization; name != "" {
			lower := strings.ToLower(name)
			names[lower], count[lower] = name, count[lower]+1
		}
	}
	var parts []cost.PartBill
	for _, name := range slices.SortedFunc(maps.Keys(names), func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	}) {
		parts = append(parts, cost.PartBill{Name: names[name]})
	}
	return parts
}
