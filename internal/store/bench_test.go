package store_test

import (
	"context"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// Prices of DynamoDB on demand, in dollars per unit. https://aws.amazon.com/dynamodb/pricing/on-demand/
const (
	dollarsPerWrite = 0.625e-6
	dollarsPerRead  = 0.125e-6
)

const (
	benchPeople = 500
	mostBytes   = 600 // the most bytes that a person's day may write until it is settled
)

// BenchmarkNewDay measures the storing of one day of 500 people.
func BenchmarkNewDay(b *testing.B) {
	measure(b, func(ref connector.Ref, w *world, watched *store.Store) error {
		return poll(b.Context(), watched, ref, day, edition{"first", benchPeople})
	})
}

// BenchmarkUnchangedDay measures a poll that finds nothing new.
func BenchmarkUnchangedDay(b *testing.B) {
	measure(b, func(ref connector.Ref, w *world, watched *store.Store) error {
		w.poll(b, ref, today-1, edition{"first", benchPeople})
		return poll(b.Context(), watched, ref, today-1, edition{"first", benchPeople})
	})
}

// BenchmarkLifeOfADay measures a day from its first reading through two restatements until it is settled.
func BenchmarkLifeOfADay(b *testing.B) {
	measure(b, func(ref connector.Ref, _ *world, watched *store.Store) error {
		return lifeOfADay(b.Context(), watched, ref)
	})
}

func lifeOfADay(ctx context.Context, s *store.Store, ref connector.Ref) error {
	for _, name := range []string{"first", "second", "third", "third"} {
		if err := poll(ctx, s, ref, day, edition{name, benchPeople}); err != nil {
			return err
		}
	}
	return nil
}

// measure reports the cost of one round of work, and the share of one person's day.
func measure(b *testing.B, work func(ref connector.Ref, w *world, watched *store.Store) error) {
	w := boltWorld(b)
	var p *probe
	for b.Loop() {
		p = &probe{}
		if err := work(newRef(), w, w.through(p)); err != nil {
			b.Fatal(err)
		}
	}
	p.cost.report(b)
	b.ReportMetric(float64(len(p.calls)), "table-calls")
	b.ReportMetric(0, "ns/op") // the other units matter; they are the same on every machine
}

// report reports what was read and written. The reference is a table with an item of its own for each person, which takes a write unit.
func (c *charge) report(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(c.writeUnits)/benchPeople, "x-item-each")
	b.ReportMetric(float64(c.writeUnits), "WRU")
	b.ReportMetric(float64(c.readUnits), "RRU")
	b.ReportMetric(float64(c.bytesWritten)/benchPeople, "B-written/user")
	b.ReportMetric(mostBytes, "B-allowed/user")
}

// BenchmarkMonth reports DynamoDB's charge for 100 connectors of 500 people over 30 days. The daily poll includes lease,
// connector and seats. It finds one new day, two restated days, one day to settle, and 24 days that are settled or pending.
func BenchmarkMonth(b *testing.B) {
	const connectors, days = 100, 30
	w := boltWorld(b)
	var p *probe
	for b.Loop() {
		c := w.create(b, "acme", "octo-"+connector.NewID())
		for _, date := range month().Days() {
			w.poll(b, c.Ref, date, edition{"third", benchPeople})
		}
		p = &probe{}
		if err := dailyRun(b.Context(), w.through(p), c.Ref, w.clock.Now()); err != nil {
			b.Fatal(err)
		}
	}
	p.cost.report(b)
	b.ReportMetric(connectors*days*(float64(p.cost.writeUnits)*dollarsPerWrite+float64(p.cost.readUnits)*dollarsPerRead), "$/month")
	b.ReportMetric(0, "ns/op")
}

// dailyRun makes the store's calls of an ordinary daily run. It includes each step of a day's life once.
func dailyRun(ctx context.Context, s *store.Store, ref connector.Ref, now time.Time) error {
	other := connector.Ref{Tenant: ref.Tenant, ID: connector.NewID()}
	steps := []func() error{
		func() error { _, err := s.Connector(ctx, ref); return err },
		func() error { _, err := s.Acquire(ctx, ref, "owner", now.Add(time.Minute)); return err },
		func() error { _, err := s.Days(ctx, ref, month()); return err },
		func() error { return s.PutSeats(ctx, ref, today, seats(benchPeople, begins)) },
		func() error { return lifeOfADay(ctx, s, other) },
		func() error {
			for i := range 4 { // the days that a run reads
				if _, err := s.Partial(ctx, ref, today-calendar.Date(i)); err != nil {
					return err
				}
				if err := s.DropPartial(ctx, ref, today-calendar.Date(i)); err != nil {
					return err
				}
			}
			return nil
		},
		func() error {
			_, err := s.Change(ctx, ref, func(c *connector.Connector) error {
				c.LastPoll.DaysUpdated++
				return nil
			})
			return err
		},
		func() error { return s.Release(ctx, ref, "owner") },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func TestAUserDayCostsLittle(t *testing.T) {
	w, p := boltWorld(t), &probe{}
	if err := lifeOfADay(t.Context(), w.through(p), newRef()); err != nil {
		t.Fatal(err)
	}
	perUser := p.cost.bytesWritten / benchPeople
	t.Logf("%d bytes and %.2f write units for a user-day until it is settled", perUser, float64(p.cost.writeUnits)/benchPeople)
	if perUser > mostBytes || p.cost.writeUnits > benchPeople*6/10 {
		t.Errorf("a user-day takes %d bytes, and the day %d write units", perUser, p.cost.writeUnits)
	}
}
