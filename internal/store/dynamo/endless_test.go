package dynamo_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/dynamo"
)

func TestACallIsTriedEightTimesInSevenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		throttle := always(400, `{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}`)
		table := tableOf(answers(func(r *http.Request) (*http.Response, error) {
			tries++
			return throttle(r)
		}))
		began := time.Now()
		err := table.Put(t.Context(), store.Item{Key: store.Key{Partition: "p", Sort: "s"}})
		if took := time.Since(began); !fault.Is(err, fault.Store) || tries != 8 || took < 3*time.Second || took > 7*time.Second {
			t.Errorf("got %v after %d tries in %s, want 8 tries in 3 to 7 s", err, tries, took)
		}
	})
}

func TestABatchIsTriedWithLongerPausesUntilTheContextEnds(t *testing.T) {
	for name, tt := range map[string]struct {
		undone string
		call   func(context.Context, *dynamo.Table) error
	}{
		"PutAll": {
			`{"UnprocessedItems":{"` + tableName + `":[{"PutRequest":{"Item":{"pk":{"S":"p"},"sk":{"S":"s"}}}}]}}`,
			func(ctx context.Context, t *dynamo.Table) error { return t.PutAll(ctx, []store.Item{item("s")}) },
		},
		"GetAll": {
			`{"UnprocessedKeys":{"` + tableName + `":{"Keys":[{"pk":{"S":"p"},"sk":{"S":"s"}}]}}}`,
			func(ctx context.Context, t *dynamo.Table) error {
				_, err := t.GetAll(ctx, []store.Key{item("s").Key})
				return err
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				tries := 0
				undone := always(200, tt.undone)
				began := time.Now()
				err := tt.call(ctx, tableOf(answers(func(r *http.Request) (*http.Response, error) {
					tries++
					return undone(r)
				})))
				if took := time.Since(began); !fault.Is(err, fault.OutOfTime) || took != 2*time.Minute || tries < 25 || tries > 60 {
					t.Errorf("got %v after %d tries in %s, want 25 to 60 tries in 2 minutes", err, tries, took)
				}
			})
		})
	}
}

func TestFourFullBatchesRunAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls, under, most atomic.Int32
		table := tableOf(answers(func(r *http.Request) (*http.Response, error) {
			calls.Add(1)
			n := under.Add(1)
			for seen := most.Load(); n > seen && !most.CompareAndSwap(seen, n); seen = most.Load() {
			}
			time.Sleep(time.Second)
			under.Add(-1)
			return always(200, `{}`)(r)
		}))
		items := make([]store.Item, 1000)
		for n := range items {
			items[n] = store.Item{Key: store.Key{Partition: "p", Sort: fmt.Sprint(n)}, Body: bytes.Repeat([]byte("x"), 2<<10)}
		}
		began := time.Now()
		if err := table.PutAll(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		if calls.Load() != 40 || most.Load() != 4 || time.Since(began) != 10*time.Second {
			t.Errorf("%d calls, up to %d at once, in %s", calls.Load(), most.Load(), time.Since(began))
		}
	})
}

func TestNoRequestIsLongerThanAMegabyte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var longest atomic.Int64
		table := tableOf(answers(func(r *http.Request) (*http.Response, error) {
			for seen := longest.Load(); r.ContentLength > seen && !longest.CompareAndSwap(seen, r.ContentLength); seen = longest.Load() {
			}
			return always(200, `{}`)(r)
		}))
		for _, body := range []string{`"`, "x", "\x00", "é"} {
			items := make([]store.Item, 12) // more than one request may hold
			for n := range items {
				items[n] = store.Item{Key: store.Key{Partition: "p", Sort: fmt.Sprint(n)}, Body: bytes.Repeat([]byte(body), store.MaxBody/len(body))}
			}
			if err := table.PutAll(t.Context(), items); err != nil {
				t.Fatal(err)
			}
		}
		if n := longest.Load(); n < 1<<18 || n > 1<<20 {
			t.Errorf("a request of %d bytes", n)
		}
	})
}

func TestAFailedBatchStopsTheOthers(t *testing.T) {
	var calls atomic.Int32
	refuse := always(400, `{"__type":"com.amazon.coral.service#AccessDeniedException"}`)
	table := tableOf(answers(func(r *http.Request) (*http.Response, error) {
		calls.Add(1)
		return refuse(r)
	}))
	items := make([]store.Item, 1000)
	for n := range items {
		items[n] = item(fmt.Sprint(n))
	}
	err := table.PutAll(t.Context(), items)
	if !fault.Is(err, fault.Store) || !strings.HasSuffix(err.Error(), "AccessDeniedException") || calls.Load() > 4 {
		t.Errorf("got %v after %d calls, want AccessDeniedException after at most 4", err, calls.Load())
	}
}
