package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

func TestConnectorsDueAreListedPageByPageOverAllTenants(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		const tenants, each = 50, 50
		var want []connector.Ref
		created := &gathering{}
		for tenant := range tenants {
			for i := range each {
				c := newConnector(fmt.Sprintf("tenant-%d", tenant), slugOf(i)) // in any phase
				if _, err := (&store.Store{Table: created}).Create(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				want = append(want, c.Ref)
			}
		}
		if err := w.table.PutAll(t.Context(), created.items); err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(want, func(a, b connector.Ref) int { return strings.Compare(a.Tenant+"/"+a.ID, b.Tenant+"/"+b.ID) })
		for _, limit := range []int{999, 1250, tenants * each, 3000} {
			var got []connector.Ref
			p := &probe{}
			for after := (connector.Ref{}); ; after = got[len(got)-1] {
				refs, err := w.through(p).Due(t.Context(), after, limit)
				if err != nil {
					t.Fatal(err)
				}
				if got = append(got, refs...); len(refs) < limit {
					break
				}
			}
			if !slices.Equal(want, got) {
				t.Errorf("%d at a time (-want +got):\n%s", limit, cmp.Diff(want, got))
			}
			if most := tenants*each/limit + 1; len(p.calls) > most {
				t.Errorf("%d at a time took %v", limit, p.calls)
			}
		}
	})
}

// gathering is a table that collects items, which are then written in one batch.
type gathering struct {
	store.Table
	items []store.Item
}

func (g *gathering) Put(_ context.Context, items ...store.Item) error {
	g.items = append(g.items, items...)
	return nil
}
