package adminapi_test

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// lastLate is a table that answers at once. One read of this table takes a minute, and then returns what is stored, so the time is over
// while the answer is computed.
type lastLate struct {
	store.Table
	reads atomic.Int64
	late  int64 // the number of the read that takes so long; 0: none
}

func (l *lastLate) done() {
	if l.reads.Add(1) == l.late {
		time.Sleep(time.Minute)
	}
}

func (l *lastLate) Get(ctx context.Context, key store.Key) (*store.Item, error) {
	defer l.done()
	return l.Table.Get(ctx, key)
}

func (l *lastLate) GetAll(ctx context.Context, keys []store.Key) ([]store.Item, error) {
	defer l.done()
	return l.Table.GetAll(ctx, keys)
}

func (l *lastLate) Query(ctx context.Context, r store.Range) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		defer l.done()
		l.Table.Query(ctx, r)(yield)
	}
}

// An answer must also end if its time is over after everything was read.
func TestAnAnswerIsNotComputedAfterItsTime(t *testing.T) {
	t.Parallel()
	account := newLarge(20, 15)
	account.days = 35
	reads, handler, path := kept(t, account)
	table := &lastLate{Table: reads.Table}
	reads.Table = table
	const days = "from=2026-10-27&to=2026-11-29"
	for _, query := range []string{
		"/usage?by=week&" + days, "/usage?team=team-1&" + days, "/usage?team=team-1&compare=previous&" + days, "/users?" + days, "/users?team=team-1&" + days,
		"/users?sort=creditsUsed&" + days, "/teams?" + days, "/cost", "/export?kind=usage&by=team&format=csv&" + days, "/export?kind=users&format=csv&" + days,
		"/export?kind=cost&format=csv", "/export?kind=cost&format=focus",
	} {
		ask := func(t *testing.T) *httptest.ResponseRecorder {
			t.Helper()
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path+query, nil))
			return w
		}
		t.Run(query, func(t *testing.T) {
			table.reads.Store(0)
			if table.late = 0; ask(t).Code != http.StatusOK {
				t.Fatal("there is no answer")
			}
			table.late = table.reads.Swap(0)
			synctest.Test(t, func(t *testing.T) {
				var problem edge.Problem
				if w := ask(t); json.Unmarshal(w.Body.Bytes(), &problem) != nil || problem.Code != "too_long" && problem.Code != "internal" {
					t.Errorf("after all of %d reads: %d %.200s", table.late, w.Code, w.Body)
				}
			})
		})
	}
}

// A part of an export must end with the pages that it has if the next page does not come in time, or is not computed in time.
func TestAPartEndsBeforeAPageThatIsLate(t *testing.T) {
	t.Parallel()
	account := newLarge(20, 15)
	account.days = 35
	reads, handler, path := kept(t, account)
	table := &lastLate{Table: reads.Table}
	reads.Table = table
	ask := func(t *testing.T, query string) *httptest.ResponseRecorder {
		t.Helper()
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path+"/export?kind=usage&by=team&format=csv"+query, nil))
		return w
	}
	first := ask(t, "&from=2026-10-27&to=2026-11-23") // the days of a page
	table.late = table.reads.Swap(0) + 1
	synctest.Test(t, func(t *testing.T) {
		part := ask(t, "&part=1&from=2026-10-27&to=2026-11-29")
		if part.Code != http.StatusOK || part.Body.String() != first.Body.String() || !strings.Contains(part.Header().Get("Link"), "next=2026-11-24") {
			t.Errorf("the part is %d %.300s, and the next is %q", part.Code, part.Body, part.Header().Get("Link"))
		}
		table.reads.Store(0)
		if whole := ask(t, "&from=2026-10-27&to=2026-11-29"); whole.Code != http.StatusBadRequest {
			t.Errorf("the whole table is %d %.300s", whole.Code, whole.Body)
		}
	})
}
