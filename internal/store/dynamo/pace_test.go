package dynamo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
)

// partitions counts the write units that arrive in each second of each partition. A partition takes 1,000.
type partitions struct {
	mu      sync.Mutex
	began   time.Time
	arrived map[string]map[time.Duration]int
}

func newPartitions() *partitions {
	return &partitions{began: time.Now(), arrived: map[string]map[time.Duration]int{}}
}

func (p *partitions) Do(r *http.Request) (*http.Response, error) {
	var request struct {
		RequestItems map[string][]struct {
			PutRequest struct {
				Item map[string]map[string]any
			}
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		return nil, err
	}
	p.mu.Lock()
	for _, writes := range request.RequestItems {
		for _, write := range writes {
			body, _ := write.PutRequest.Item["body"]["B"].(string)
			partition, _ := write.PutRequest.Item["pk"]["S"].(string)
			if p.arrived[partition] == nil {
				p.arrived[partition] = map[time.Duration]int{}
			}
			p.arrived[partition][time.Since(p.began).Truncate(time.Second)] += (len(body)*3/4 + 1023) / 1024
		}
	}
	p.mu.Unlock()
	time.Sleep(15 * time.Millisecond)
	return always(200, `{}`)(r)
}

// day returns items of a partition, with so many kilobytes in each.
func day(partition string, n, kilobytes int) []store.Item {
	items := make([]store.Item, n)
	for i := range items {
		items[i] = store.Item{Key: store.Key{Partition: partition, Sort: fmt.Sprint(i)}, Body: bytes.Repeat([]byte{255}, kilobytes<<10)}
	}
	return items
}

func TestLargeWritesKeepBelowWhatAPartitionTakes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		writes      [][]store.Item
		least, most time.Duration
	}{
		"a small write":                         {[][]store.Item{day("a", 50, 7)}, 0, 20 * time.Millisecond},
		"a day of 100,000 people":               {[][]store.Item{day("a", 70, 100)}, 10 * time.Second, 12 * time.Second},
		"the largest items":                     {[][]store.Item{day("a", 18, 379)}, 10 * time.Second, 12 * time.Second},
		"two days of one connector at once":     {[][]store.Item{day("a", 35, 100), day("a", 35, 100)}, 10 * time.Second, 12 * time.Second},
		"two connectors at once":                {[][]store.Item{day("a", 35, 100), day("b", 35, 100)}, 4 * time.Second, 6 * time.Second},
		"many small writes to other partitions": {many(200), 0, 20 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				all := newPartitions()
				table := tableOf(all)
				var group errgroup.Group
				for _, items := range test.writes {
					group.Go(func() error { return table.PutAll(t.Context(), items) })
				}
				if err := group.Wait(); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(all.began); took < test.least || took > test.most {
					t.Errorf("it took %s, want %s to %s", took, test.least, test.most)
				}
				for partition, seconds := range all.arrived {
					for second, units := range seconds {
						if units > 1000 {
							t.Errorf("partition %s got %d write units in second %s", partition, units, second)
						}
					}
				}
			})
		})
	}
}

func many(n int) (writes [][]store.Item) {
	for i := range n {
		writes = append(writes, day(fmt.Sprint(i), 1, 1))
	}
	return writes
}

func TestAWriteThatCannotEndInTimeSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		all := newPartitions()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := tableOf(all).PutAll(ctx, day("a", 70, 100)); !fault.Is(err, fault.OutOfTime) {
			t.Errorf("the error is %v", err)
		}
	})
}
