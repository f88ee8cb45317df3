package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

func TestAConnectorIsFoundOnlyUnderItsTenant(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		c := w.create(t, "acme", "octo-demo")
		found, err := w.Connector(t.Context(), c.Ref)
		if diff := cmp.Diff(c, found); err != nil || diff != "" {
			t.Errorf("%v (-stored +found):\n%s", err, diff)
		}
		for _, ref := range []connector.Ref{{Tenant: "acme2", ID: c.ID}, {Tenant: "acm", ID: c.ID}, {Tenant: "acme", ID: connector.NewID()}} {
			if found, err := w.Connector(t.Context(), ref); err != nil || found != nil {
				t.Errorf("the connector of %v is %v, %v", ref, found, err)
			}
		}
	})
}

func TestUnknownFieldsOfAConnectorStayUnknown(t *testing.T) {
	w := boltWorld(t)
	c := &connector.Connector{Ref: newRef(), Account: copilot.Account{Host: copilot.GitHubCom, Scope: copilot.Enterprise, Slug: "octo"}, Phase: connector.Live}
	if _, err := w.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	found, err := w.Connector(t.Context(), c.Ref)
	if diff := cmp.Diff(c, found); err != nil || diff != "" {
		t.Errorf("%v (-stored +found):\n%s", err, diff)
	}
}

func TestLiveConnectorsAreListedPageByPage(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		var want []string
		for i := range 23 {
			c := w.create(t, "acme", slugOf(i))
			w.create(t, "acme-2", slugOf(i))
			if i%5 == 0 {
				w.phase(t, c.Ref, []connector.Phase{connector.Deleting, connector.Saving}[i%2])
				continue
			}
			want = append(want, c.ID)
		}
		slices.Sort(want)
		for _, limit := range []int{1, 7, len(want) - 1, len(want), len(want) + 1} {
			var got []string
			for next, pages := "", 0; ; pages++ {
				list, more, err := w.Connectors(t.Context(), "acme", next, limit)
				if err != nil || len(list) > limit || pages > len(want) {
					t.Fatalf("page %d of %d each has %d: %v", pages, limit, len(list), err)
				}
				for _, c := range list {
					got = append(got, c.ID)
				}
				if next = more; next == "" {
					break
				}
				if len(list) < limit {
					t.Errorf("a page of %d, and more to come", len(list))
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d at a time (-want +got):\n%s", limit, diff)
			}
		}
	})
}

// phase sets a connector's phase.
func (w *world) phase(t *testing.T, ref connector.Ref, phase connector.Phase) {
	t.Helper()
	_, err := w.Retire(t.Context(), ref, func(c *connector.Connector) error {
		c.Phase = phase
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAChangeCannotTakeAConnectorFromItsAccount(t *testing.T) {
	w := boltWorld(t)
	c := w.create(t, "acme", "octo-demo")
	_, err := w.Change(t.Context(), c.Ref, func(c *connector.Connector) error {
		c.Phase = connector.Deleting
		return nil
	})
	if found, _ := w.Connector(t.Context(), c.Ref); !fault.Is(err, fault.Internal) || found.Phase != c.Phase {
		t.Errorf("the connector is %s, %v", found.Phase, err)
	}
}

func TestConcurrentChangesLoseNothing(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		c := w.create(t, "acme", "octo-demo")
		const writers, each = 6, 10
		var all sync.WaitGroup
		for writer := range writers {
			all.Go(func() {
				for n := range each {
					_, err := w.Change(t.Context(), c.Ref, func(c *connector.Connector) error {
						c.NotifyEmails = append(c.NotifyEmails, fmt.Sprintf("%d-%d@example.com", writer, n))
						return nil
					})
					for ; fault.Is(err, fault.Store) && strings.Contains(err.Error(), "others kept changing it"); time.Sleep(time.Millisecond) {
						_, err = w.Change(t.Context(), c.Ref, func(c *connector.Connector) error {
							c.NotifyEmails = append(c.NotifyEmails, fmt.Sprintf("%d-%d@example.com", writer, n))
							return nil
						})
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		changed, err := w.Connector(t.Context(), c.Ref)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(changed.NotifyEmails)
		if n := len(slices.Compact(changed.NotifyEmails)); n != 1+writers*each {
			t.Errorf("%d of %d changes are stored", n-1, writers*each)
		}
	})
}

func TestAChangeThatChangesNothingIsNotWritten(t *testing.T) {
	w := boltWorld(t)
	c := w.create(t, "acme", "octo-demo")
	p := &probe{}
	same, err := w.through(p).Change(t.Context(), c.Ref, func(*connector.Connector) error { return nil })
	if err != nil || !cmp.Equal(c, same) || !slices.Equal(p.calls, []string{"Get"}) {
		t.Errorf("%v after %v: %v", same, p.calls, err)
	}
}

func TestAnErrorEndsAChange(t *testing.T) {
	w := boltWorld(t)
	c := w.create(t, "acme", "octo-demo")
	why := errors.New("no")
	_, err := w.Change(t.Context(), c.Ref, func(c *connector.Connector) error {
		c.IdleAfterDays = 1
		return why
	})
	found, _ := w.Connector(t.Context(), c.Ref)
	if !errors.Is(err, why) || !cmp.Equal(c, found) {
		t.Errorf("%v, and the connector is %v", err, found)
	}
	if gone, err := w.Change(t.Context(), newRef(), func(*connector.Connector) error { return why }); gone != nil || err != nil {
		t.Errorf("a change of an absent connector: %v, %v", gone, err)
	}
}
