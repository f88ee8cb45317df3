//go:build !race

package adminapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// slowPeople is a table whose pages of people take as long to read as a list may take.
type slowPeople struct {
	store.Table
	clock *testworld.Clock
	reads int
}

func (s *slowPeople) GetAll(ctx context.Context, keys []store.Key) ([]store.Item, error) {
	for _, key := range keys {
		if strings.HasPrefix(key.Sort, "users#") {
			s.reads++
			s.clock.Advance(19 * time.Second)
			break
		}
	}
	return s.Table.GetAll(ctx, keys)
}

// Each part of a sorted export reads the whole range. So a part must not end while there are rows in memory and room for them.
func TestAPartOfASortedExportEndsOnlyIfItIsFull(t *testing.T) {
	t.Parallel()
	const all = 2500
	a, saved := octoSaved.prepare(t)
	people := make([]metrics.UserDay, all)
	for i := range people {
		people[i] = metrics.UserDay{UserID: int64(i + 1), Login: fmt.Sprint("developer-", i+1), Engaged: true}
	}
	a.restate(saved, people)
	slow := &slowPeople{Table: a.store.Table, clock: a.Clock}
	a.store.Table = slow
	a.api = a.Parts.API()
	yesterday := noon.AddDate(0, 0, -1).Format(time.DateOnly)
	for _, test := range []struct {
		query        string
		parts, limit int
	}{
		{"&sort=activeDays&part=1", 1, 0},
		{"&sort=activeDays", 1, 0},
		{"&sort=login&order=desc&part=1", 3, 100_000},
	} {
		a.api.MaxAnswer, slow.reads = test.limit, 0
		met, parts := map[string]bool{}, 0
		for next := saved + "/export?kind=users&format=csv&from=" + yesterday + "&to=" + yesterday + test.query; next != ""; parts++ {
			began := a.Now()
			part := a.onLambda(next, nil)
			if took := a.Now().Sub(began); part.status != http.StatusOK || took > 24*time.Second {
				t.Fatalf("%s: after %s %d %.300s", test.query, took, part.status, part.body)
			}
			for _, id := range peopleIn(t, "csv", part) {
				met[id] = true
			}
			next = linkOf(part)
		}
		if len(met) != all || parts != test.parts || slow.reads != parts {
			t.Errorf("%s: %d people in %d parts, which read people %d times", test.query, len(met), parts, slow.reads)
		}
	}
}
