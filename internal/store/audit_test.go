package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

func TestTheAuditIsReadPageByPageNewestFirst(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		c := newConnector("acme", "octo-demo")
		c.Record(begins, "ada", connector.ActionSaved, "saved")
		if _, err := w.Create(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		other := w.create(t, "acme", "other")
		want := []string{"saved"}
		for i := range 11 {
			at := begins.Add(time.Duration(i/2) * time.Nanosecond) // two at a time, and fractions of seconds
			for _, ref := range []connector.Ref{c.Ref, other.Ref} {
				_, err := w.Change(t.Context(), ref, func(c *connector.Connector) error {
					c.Record(at.In(time.FixedZone("elsewhere", 3600)), "ada", connector.ActionChanged, fmt.Sprint(at))
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			want = append(want, fmt.Sprint(at))
		}
		for _, limit := range []int{1, 5, 11, 12, 13} {
			got := map[string]int{}
			var last time.Time
			for place, pages := "", 1; ; pages++ {
				events, next, err := w.Audit(t.Context(), c.Ref, place, limit)
				if err != nil || len(events) > limit || len(events) == 0 || pages > len(want) {
					t.Fatalf("page %d of %d each has %d: %v", pages, limit, len(events), err)
				}
				for _, event := range events {
					if !last.IsZero() && event.At.After(last) || event.Actor != "ada" {
						t.Errorf("%+v comes behind %s", event, last)
					}
					last = event.At
					got[event.Detail]++
				}
				if place = next; place == "" {
					break
				}
			}
			all := map[string]int{}
			for _, detail := range want {
				all[detail]++
			}
			if diff := cmp.Diff(all, got); diff != "" {
				t.Errorf("%d at a time (-want +got):\n%s", limit, diff)
			}
		}
		if events, next, err := w.Audit(t.Context(), newRef(), "", 5); len(events) > 0 || next != "" || err != nil {
			t.Errorf("of nothing there is %v, %q, %v", events, next, err)
		}
	})
}

func TestAnEventIsStoredWithItsChangeOrNotAtAll(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		eachFault(t, func(t *testing.T, p *probe) {
			c := w.create(t, "acme", "octo-"+connector.NewID())
			_, err := w.through(p).Change(t.Context(), c.Ref, func(c *connector.Connector) error {
				c.IdleAfterDays = 77
				c.Record(begins, "ada", connector.ActionChanged, "idleAfterDays")
				return nil
			})
			found, _ := w.Connector(t.Context(), c.Ref)
			events, _, auditErr := w.Audit(t.Context(), c.Ref, "", 5)
			if changed := found.IdleAfterDays == 77; auditErr != nil || changed != (len(events) == 1) || err == nil && !changed {
				t.Errorf("%v: changed %v, and the audit has %v, %v", err, changed, events, auditErr)
			}
		})
	})
}
