// Package soak_test runs several connectors for many days, with every kind of trouble, from outside. Each morning's poll goes
// through the real collector, store and queue against a simulated GitHub over HTTP. At the end, the numbers that are shown must
// be GitHub's, as if there had been no trouble at all.
//
// `make soak` runs 400 days of five connectors.
package soak_test

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

var (
	daysLived      = flag.Int("days", 60, "how many days there are")
	connectorsMade = flag.Int("connectors", 3, "how many connectors there are, organizations and enterprises by turns")
	seed           = flag.Uint64("seed", 20260301, "of the troubles")
)

// calm is the number of days without trouble at the end. A report that has not come after eight days will not come.
const calm = 12

// shownDays is the number of days that are compared at the end. GitHub keeps reports for a year.
const shownDays = 350

func TestEveryDayIsRightInTheEndWhateverHappens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, *connectorsMade)
	dice := rand.New(rand.NewPCG(*seed, 0)) //nolint:gosec // repeatable, not secret
	w.save()
	for day := 1; day <= *daysLived; day++ {
		w.Set(begins.AddDate(0, 0, day))
		var troubles []*trouble
		if day <= *daysLived-calm {
			for _, account := range w.accounts {
				troubles = append(troubles, w.trouble(account, dice))
			}
		}
		w.suffer(troubles)
		w.poll()
	}
	w.mustBeAtRest()

	span := calendar.LastDays(min(*daysLived+20, shownDays), w.Now())
	fresh := w.anew()
	for i := range w.accounts {
		w.mustShowAsGitHubTells(i, span)
		w.mustShowAs(fresh, i, span)
	}
	for _, kind := range kinds {
		if *daysLived >= 60 && w.suffered[kind] == 0 {
			t.Errorf("the story had no trouble of kind %q", kind)
		}
	}
	t.Logf("%d days, %d runs, troubles: %v", *daysLived, w.runs, w.suffered)
}

// begins is one day before the first poll, at the hour of the polls.
var begins = time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
