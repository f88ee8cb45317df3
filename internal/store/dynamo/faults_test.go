package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
)

// passing has transient faults. Repeating the call often enough ends them.
var passing = map[string]func(c *call){
	"throttled table":   func(c *call) { c.refuse(400, "ProvisionedThroughputExceededException", "") },
	"throttled account": func(c *call) { c.refuse(400, "ThrottlingException", "") },
	"internal error":    func(c *call) { c.refuse(500, "InternalServerError", "") },
	"unavailable":       func(c *call) { c.answer(503, []byte("<html>")) },
	"bad gateway":       func(c *call) { c.answer(502, nil) },
	"request lost":      func(c *call) { c.hangUp() },
	"lost answer": func(c *call) {
		c.forward(c.body)
		c.hangUp()
	},
	"lost and throttled": func(c *call) {
		c.forward(c.body)
		c.refuse(400, "ThrottlingException", "")
	},
}

func TestTransientFailuresLoseNothingAndRepeatNothing(t *testing.T) {
	for name, befall := range passing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, p := throughProxy(t, func(c *call, n int) bool {
				if n%3 != 0 {
					befall(c)
				}
				return n%3 != 0
			})
			live(t, table)
			want := []string{"BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems"}
			if diff := cmp.Diff(want, slices.Sorted(maps.Keys(p.calls))); diff != "" {
				t.Errorf("requests to DynamoDB, -want +got\n%s", diff)
			}
		})
	}
}

// live makes each call once and checks its effect.
func live(t *testing.T, table *dynamo.Table) {
	t.Helper()
	a, b, c := item("a"), item("b"), item("c")
	a.Listed = store.Listing{Index: "due", Sort: "1"}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(table.Put(t.Context(), a))
	a.Version, a.Body = 1, []byte("again")
	do(table.Put(t.Context(), a, b))
	if err := table.Put(t.Context(), c, b, a); !errors.Is(err, store.ErrChanged) {
		t.Errorf("got %v, want ErrChanged", err)
	}
	holds(t, table, "a 2 again", "b 1 b")
	b.Version, b.Body = 1, []byte("b2")
	do(table.Put(t.Context(), b))
	b.Version = 2
	do(table.Delete(t.Context(), b))
	holds(t, table, "a 2 again")
	do(table.PutAll(t.Context(), []store.Item{b, c}))
	holds(t, table, "a 2 again", "b 3 b2", "c 1 c")
	a.Version, c.Version = 2, 1
	do(table.Delete(t.Context(), a, c))
	holds(t, table, "b 3 b2")

	entries, err := table.List(t.Context(), "due", "", 5)
	if err != nil || len(entries) != 0 {
		t.Errorf("the list is %v, %v, want nothing", entries, err)
	}
	got, err := table.GetAll(t.Context(), []store.Key{a.Key, b.Key})
	if err != nil || len(got) != 1 {
		t.Errorf("GetAll returned %v, %v, want one item", got, err)
	}
	one, err := table.Get(t.Context(), b.Key)
	if err != nil || one == nil {
		t.Errorf("Get returned %v, %v, want the item", one, err)
	}
	do(table.DeleteAll(t.Context(), []store.Key{b.Key}))
	holds(t, table)
}

func TestAWriteWhoseAnswerWasLostMayBeRepeated(t *testing.T) {
	written := func(name string, version int64) store.Item {
		i := item(name)
		i.Version = version
		return i
	}
	for _, tt := range []struct {
		name, operation string
		write           func(context.Context, *dynamo.Table) error
		want            []string
	}{
		{"Put of one", "PutItem", func(ctx context.Context, t *dynamo.Table) error {
			return t.Put(ctx, written("a", 1))
		}, []string{"a 2 a", "b 1 b"}},
		{"Put of several", "TransactWriteItems", func(ctx context.Context, t *dynamo.Table) error {
			return t.Put(ctx, written("a", 1), item("new"))
		}, []string{"a 2 a", "b 1 b", "new 1 new"}},
		{"Delete of one", "DeleteItem", func(ctx context.Context, t *dynamo.Table) error {
			return t.Delete(ctx, written("a", 1))
		}, []string{"b 1 b"}},
		{"Delete of several", "TransactWriteItems", func(ctx context.Context, t *dynamo.Table) error {
			return t.Delete(ctx, written("a", 1), written("b", 1))
		}, nil},
		{"PutAll", "BatchWriteItem", func(ctx context.Context, t *dynamo.Table) error {
			return t.PutAll(ctx, []store.Item{written("a", 4), item("new")})
		}, []string{"a 5 a", "b 1 b", "new 1 new"}},
		{"DeleteAll", "BatchWriteItem", func(ctx context.Context, t *dynamo.Table) error {
			return t.DeleteAll(ctx, []store.Key{item("a").Key})
		}, []string{"b 1 b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			hasty, giveUp := context.WithCancel(t.Context())
			table, p := throughProxy(t, nil)
			for _, name := range []string{"a", "b"} {
				if err := table.Put(t.Context(), item(name)); err != nil {
					t.Fatal(err)
				}
			}
			p.spoil(func(c *call, _ int) bool {
				if c.operation != tt.operation || hasty.Err() != nil {
					return false
				}
				c.forward(c.body)
				giveUp()
				c.hangUp()
				return true
			})
			if err := tt.write(hasty, table); !fault.Is(err, fault.OutOfTime) {
				t.Fatalf("got %v, want an error: the answer was lost", err)
			}
			holds(t, table, tt.want...)
			if err := tt.write(t.Context(), table); err != nil {
				t.Errorf("the repeat: %v", err)
			}
			holds(t, table, tt.want...)
		})
	}
}

func TestConflictingWritesAreRetried(t *testing.T) {
	table, p := throughProxy(t, func(c *call, n int) bool {
		switch {
		case n == 1 && c.operation == "PutItem":
			c.refuse(400, "TransactionConflictException", "")
		case n == 1 && c.operation == "TransactWriteItems":
			c.refuse(400, "TransactionCanceledException", `,"CancellationReasons":[{"Code":"TransactionConflict"},{"Code":"None"}]`)
		case n == 2 && c.operation == "TransactWriteItems":
			c.refuse(400, "TransactionCanceledException", `,"CancellationReasons":[{"Code":"None"},{"Code":"ThrottlingError"}]`)
		default:
			return false
		}
		return true
	})
	if err := table.Put(t.Context(), item("a")); err != nil {
		t.Error(err)
	}
	if err := table.Put(t.Context(), item("b"), item("c")); err != nil {
		t.Error(err)
	}
	holds(t, table, "a 1 a", "b 1 b", "c 1 c")
	if p.called("PutItem") != 2 || p.called("TransactWriteItems") != 3 {
		t.Errorf("calls: %v", p.calls)
	}
}

// item returns an unwritten item whose body is its name.
func item(name string) store.Item {
	return store.Item{Key: store.Key{Partition: "p", Sort: name}, Body: []byte(name)}
}

// holds checks the content of the table: "sort version body".
func holds(t *testing.T, table *dynamo.Table, want ...string) {
	t.Helper()
	var got []string
	for i, err := range table.Query(t.Context(), store.Range{Partition: "p"}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %d %s", i.Sort, i.Version, i.Body))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
