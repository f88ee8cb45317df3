package store_test

import (
	"strings"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

func TestAnAccountHasOneConnectorInATenantInAnyLetterCase(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		c := w.create(t, "acme", "Octo-Demo")
		for _, slug := range []string{"Octo-Demo", "octo-demo", "OCTO-DEMO"} {
			holder, err := w.Create(t.Context(), newConnector("acme", slug))
			if err != nil || holder == nil || holder.ID != c.ID || holder.Slug != "Octo-Demo" {
				t.Errorf("for %s the holder is %v, %v", slug, holder, err)
			}
			holder, err = w.Holder(t.Context(), "acme", connector.GitHubCopilot, newConnector("", slug).Account)
			if err != nil || holder == nil || holder.ID != c.ID {
				t.Errorf("the holder of %s is %v, %v", slug, holder, err)
			}
		}
		w.create(t, "acme-2", "octo-demo")
		w.create(t, "acme", "octo-demo-2")
		for _, account := range []copilot.Account{
			{Host: "octo.ghe.com", Scope: copilot.Organization, Slug: "octo-demo"},
			{Host: copilot.GitHubCom, Scope: copilot.Enterprise, Slug: "octo-demo"},
		} {
			other := newConnector("acme", "")
			other.Account = account
			if holder, err := w.Create(t.Context(), other); err != nil || holder != nil {
				t.Errorf("%v counts as the same account: %v, %v", account, holder, err)
			}
		}
	})
}

func TestOneOfParallelCreatesWinsAndTheOthersGetItsID(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		const many = 12
		var mu sync.Mutex
		var winners []string
		holders := map[string]int{}
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() {
				slug := "octo-demo"
				if i%2 == 0 {
					slug = strings.ToUpper(slug)
				}
				c := newConnector("acme", slug)
				holder, err := w.Create(t.Context(), c)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err != nil:
					t.Error(err)
				case holder == nil:
					winners = append(winners, c.ID)
				default:
					holders[holder.ID]++
				}
			})
		}
		all.Wait()
		if len(winners) != 1 || holders[winners[0]] != many-1 {
			t.Errorf("winners are %v, holders are %v; want one winner, which all others get as the holder", winners, holders)
		}
		if due, err := w.Due(t.Context(), connector.Ref{}, many); err != nil || len(due) != 1 {
			t.Errorf("due connectors are %v, %v", due, err)
		}
	})
}

func TestADeletedConnectorFreesItsAccount(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		first := w.create(t, "acme", "octo-demo")
		w.phase(t, first.Ref, connector.Deleting)
		if holder, err := w.Holder(t.Context(), "acme", connector.GitHubCopilot, first.Account); holder != nil || err != nil {
			t.Errorf("the holder is %v, %v", holder, err)
		}
		second := w.create(t, "acme", "octo-demo")

		// A late change of the first connector, or its removal, must not touch what the second one holds.
		w.phase(t, first.Ref, connector.Deleting)
		if err := w.Remove(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		if holder, err := w.Holder(t.Context(), "acme", connector.GitHubCopilot, first.Account); err != nil || holder == nil || holder.ID != second.ID {
			t.Errorf("the holder is %v, %v", holder, err)
		}
		third, err := w.Create(t.Context(), newConnector("acme", "octo-demo"))
		if err != nil || third == nil || third.ID != second.ID {
			t.Errorf("a third Create returns the holder %v, %v", third, err)
		}
	})
}

func TestAnAccountPassesToTheNextConnectorWhicheverCallFails(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		eachFault(t, func(t *testing.T, p *probe) {
			slug := "octo-" + connector.NewID()
			first, second := w.create(t, "acme", slug), newConnector("acme", slug)
			s := w.through(p)
			deleting := func(c *connector.Connector) error {
				c.Phase = connector.Deleting
				return nil
			}
			_, err := s.Retire(t.Context(), first.Ref, deleting)
			found, _ := w.Connector(t.Context(), first.Ref)
			holder, _ := w.Holder(t.Context(), "acme", connector.GitHubCopilot, first.Account)
			if held := holder != nil && holder.ID == first.ID; held != (found.Phase == connector.Live) || err == nil && held {
				t.Errorf("%v: the connector is %s and holds the account: %v", err, found.Phase, held)
			}
			if err != nil {
				if _, err := s.Retire(t.Context(), first.Ref, deleting); err != nil {
					t.Fatal(err)
				}
			}
			if _, err = s.Create(t.Context(), second); err != nil {
				if holder, err := s.Create(t.Context(), second); err != nil || holder != nil {
					t.Fatalf("again: %v, %v", holder, err)
				}
			}
			if holder, err := w.Holder(t.Context(), "acme", connector.GitHubCopilot, first.Account); err != nil || holder == nil || holder.ID != second.ID {
				t.Errorf("the holder is %v, %v", holder, err)
			}
		})
	})
}

func TestAHolderThatIsDeletedDuringTheLookupIsNotReturned(t *testing.T) {
	w := boltWorld(t)
	c := w.create(t, "acme", "octo-demo")
	p := &probe{}
	p.each = func() {
		if len(p.calls) == 1 { // the account is read, its connector is not read yet
			w.phase(t, c.Ref, connector.Deleting)
		}
	}
	if holder, err := w.through(p).Holder(t.Context(), "acme", connector.GitHubCopilot, c.Account); holder != nil || err != nil {
		t.Errorf("the holder is %v, %v, want none", holder, err)
	}
}

func TestAConnectorFreesOnlyItsOwnAccount(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		first := w.create(t, "acme", "octo-demo")
		for _, item := range w.items(t, "tenant#acme") { // somebody repairs the table by hand
			if strings.HasPrefix(item.Sort, "account#") {
				if err := w.table.Delete(t.Context(), item); err != nil {
					t.Fatal(err)
				}
			}
		}
		second := w.create(t, "acme", "octo-demo")
		w.phase(t, first.Ref, connector.Deleting)
		if holder, err := w.Holder(t.Context(), "acme", connector.GitHubCopilot, first.Account); err != nil || holder == nil || holder.ID != second.ID {
			t.Errorf("the holder is %v, %v", holder, err)
		}
	})
}

// Each account's id tells which connector a name belongs to.
func TestTwoAccountsSwapTheirNames(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		save := func(slug, id string, phase connector.Phase) *connector.Connector {
			t.Helper()
			c := newConnector("acme", slug)
			c.AccountID, c.Phase = id, phase
			if holder, err := w.Create(t.Context(), c); err != nil || holder != nil {
				t.Fatal(holder, err)
			}
			return c
		}
		first, second := save("octo-one", "1", connector.Live), save("octo-two", "2", connector.Live)
		same, unknown, half := save("octo-same", "1", connector.Live), save("octo-unknown", "", connector.Live), save("octo-half", "3", connector.Saving)
		for _, step := range []struct{ who, holder *connector.Connector }{{first, same}, {first, unknown}, {first, half}, {first, second}, {second, first}} {
			name := step.holder.Slug
			holder, err := w.Rename(t.Context(), step.who.Ref, name, func(*connector.Connector) {})
			if err != nil {
				t.Fatal(err)
			}
			takes := step.holder == first || step.holder == second
			if takes != (holder == nil) || holder != nil && holder.ID != step.holder.ID {
				t.Errorf("%s is held by %v", name, holder)
			}
		}
		for slug, c := range map[string]*connector.Connector{"octo-two": first, "octo-one": second, "octo-same": same, "octo-unknown": unknown} {
			if holder, err := w.Holder(t.Context(), "acme", connector.GitHubCopilot, newConnector("", slug).Account); err != nil || holder == nil || holder.ID != c.ID {
				t.Errorf("%s is held by %v, %v", slug, holder, err)
			}
		}
	})
}

func TestARenamedAccountFreesItsFormerNameAndTakesNoOthers(t *testing.T) {
	onEachTable(t, func(t *testing.T, w *world) {
		c, other := w.create(t, "acme", "octo-demo"), w.create(t, "acme", "octo-other")
		rename := func(name string) *connector.Connector {
			t.Helper()
			holder, err := w.Rename(t.Context(), c.Ref, name, func(*connector.Connector) {})
			if err != nil {
				t.Fatal(err)
			}
			return holder
		}
		holds := func(slug string) string {
			t.Helper()
			holder, err := w.Holder(t.Context(), "acme", connector.GitHubCopilot, newConnector("", slug).Account)
			if err != nil {
				t.Fatal(err)
			}
			if holder == nil {
				return ""
			}
			return holder.ID
		}
		if holder := rename("Octo-Other"); holder == nil || holder.ID != other.ID || holds("octo-demo") != c.ID || holds("octo-other") != other.ID {
			t.Errorf("the name of another connector was taken, or its holder is %v", holder)
		}
		for _, step := range []struct{ name, freed string }{{"octo-new", "octo-demo"}, {"OCTO-new", ""}, {"octo-demo", "octo-new"}} {
			if holder := rename(step.name); holder != nil || holds(step.name) != c.ID || step.freed != "" && holds(step.freed) != "" {
				t.Errorf("after the rename to %s it is held by %q, and %s by %q", step.name, holds(step.name), step.freed, holds(step.freed))
			}
		}
		w.create(t, "acme", "octo-new")
	})
}
