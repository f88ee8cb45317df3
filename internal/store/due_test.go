package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

func TestConnectorsDueAreListedPageByPageOverAllTenants(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		const tenants, each = 50, 50
		var want []connector.Due
		created := &gathering{}
		for tenant := range tenants {
			for i := range each {
				c := newConnector(fmt.Sprintf("tenant-%d", tenant), slugOf(i)) // in any phase
				if i%7 == 0 {
					c.Credential.Kind = credential.GitHubAppInstallation
				}
				if _, err := (&store.Store{Table: created}).Create(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				want = append(want, connector.Due{Ref: c.Ref, Endless: i%7 == 0})
			}
		}
		if err := w.table.PutAll(t.Context(), created.items); err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(want, func(a, b connector.Due) int { return strings.Compare(a.Tenant+"/"+a.ID, b.Tenant+"/"+b.ID) })
		for _, limit := range []int{999, 1250, tenants * each, 3000} {
			var got []connector.Due
			p := &probe{}
			for after := (connector.Ref{}); ; after = got[len(got)-1].Ref {
				due, err := w.through(p).Due(t.Context(), after, limit)
				if err != nil {
					t.Fatal(err)
				}
				if got = append(got, due...); len(due) < limit {
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

// A connector is listed once, also while its credential changes between two pages of the list.
func TestAConnectorWithAnotherKindOfCredentialIsListedOnce(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		conn := w.create(t, "acme", "octo-demo")
		for _, kind := range []credential.Kind{credential.GitHubAppInstallation, credential.ClassicPAT} {
			_, err := w.Change(t.Context(), conn.Ref, func(c *connector.Connector) error {
				c.Credential.Kind = kind
				return nil
			})
			check(t, err)
			want := []connector.Due{{Ref: conn.Ref, Endless: kind == credential.GitHubAppInstallation}}
			if due, err := w.Due(t.Context(), connector.Ref{}, 10); err != nil || !slices.Equal(want, due) {
				t.Errorf("with %s: due are %v, %v", kind, due, err)
			}
			if due, err := w.Due(t.Context(), conn.Ref, 10); err != nil || len(due) != 0 {
				t.Errorf("with %s: after it come %v, %v", kind, due, err)
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
