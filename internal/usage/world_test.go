package usage_test

import (
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/ledger"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
	"cloudmonitor.ai/copilot-connector/internal/usage"
)

const today = calendar.Date(20779) // 2026-11-22

func morning() time.Time { return today.Start().Add(9 * time.Hour) }

// world is a connector with its days.
type world struct {
	usage.Reader
	store *store.Store
	c     *connector.Connector
	teams *ledger.Teams // the report of each day that is put; nil: none
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{store: testworld.Store(t, t.TempDir(), morning)}
	w.Reader = usage.Reader{Store: w.store, Now: morning}
	w.anew()
	return w
}

// anew switches to a new connector that was polled this morning.
func (w *world) anew() {
	w.c = &connector.Connector{Ref: connector.Ref{Tenant: "acme", ID: connector.NewID()}, Progress: connector.Progress{LookedThrough: new(today - 1)}}
}

// put stores a day with its people in place of the old one. nil people: the day has no per-user report.
func (w *world) put(t fatal, date calendar.Date, active int64, people []metrics.UserDay) {
	reading := ledger.Reading{Usage: &metrics.Usage{
		ActiveUsers: &active,
		Completions: &metrics.Completions{Suggested: new(int64(10)), Accepted: new(int64(4)), AcceptanceRate: new(0.4)},
	}, Teams: w.teams, At: morning()}
	var pages *ledger.PackedPeople
	if len(people) > 0 {
		roster := new(metrics.Roster)
		for _, u := range people {
			if err := roster.Add(&u); err != nil {
				t.Fatal(err)
			}
		}
		pages = &ledger.PackedPeople{People: roster.People(date).Bytes()}
		pages.Pages, pages.Details = roster.Pages()
		reading.Totals = new(roster.Totals())
		reading.Users = &ledger.Users{Hash: roster.ContentHash(), Pages: len(pages.Pages), People: int64(len(people))}
	}
	before, err := w.store.Day(ctx, w.c.Ref, date)
	if err != nil {
		t.Fatal(err)
	}
	day, _ := ledger.Revise(before, date, reading)
	if err := w.store.Commit(ctx, w.c.Ref, day, pages); err != nil {
		t.Fatal(err)
	}
}

// fatal is the part of a test, or of a property's test, that helpers need.
type fatal interface{ Fatal(args ...any) }

// someone returns a person whose numbers differ by person and day.
func someone(id int64, login string, date calendar.Date) metrics.UserDay {
	n := metrics.Count(id%17 + int64(date)%5)
	return metrics.UserDay{
		UserID: id, Login: login, Engaged: id%3 > 0, Suggested: n, Accepted: n / 2, LinesAccepted: metrics.Untold, Interactions: n + 1,
		Credits: metrics.Credits(id * 1000),
	}
}
