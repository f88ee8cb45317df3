package dynamo

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

const (
	readBatch    = 100 // DynamoDB's limit
	writeBatch   = 25  // DynamoDB's limit
	readsAtOnce  = 32  // batches; a year of days and some pages of each is one round
	writesAtOnce = 4   // batches
)

// GetAll implements store.Table.
func (t *Table) GetAll(ctx context.Context, keys []store.Key) ([]store.Item, error) {
	const op = "read items"
	for _, key := range keys {
		if err := key.Check(); err != nil {
			return nil, refused(op, err)
		}
	}
	var found []store.Item
	var mu sync.Mutex
	err := inParallel(ctx, readsAtOnce, slices.Collect(slices.Chunk(distinct(keys), readBatch)), func(ctx context.Context, keys []store.Key) error {
		batch, err := t.getBatch(ctx, op, keys)
		mu.Lock()
		defer mu.Unlock()
		found = append(found, batch...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

func (t *Table) getBatch(ctx context.Context, op string, keys []store.Key) ([]store.Item, error) {
	asked := make([]attributes, len(keys))
	for i, key := range keys {
		asked[i] = keyOf(key)
	}
	var found []store.Item
	for attempt := 0; len(asked) > 0; attempt++ {
		if err := rest(ctx, op, attempt); err != nil {
			return nil, err
		}
		answer, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{t.name: {Keys: asked, ConsistentRead: aws.Bool(true)}},
		}, t.retry)
		if err != nil {
			return nil, failed(ctx, op, err)
		}
		for _, a := range answer.Responses[t.name] {
			item, err := itemOf(a)
			if err != nil {
				return nil, refused(op, err)
			}
			if !item.Expired(t.now()) {
				found = append(found, item)
			}
		}
		asked = answer.UnprocessedKeys[t.name].Keys
	}
	return found, nil
}

// PutAll implements store.Table. Large writes to one partition take as long as DynamoDB takes for them: some two seconds a megabyte.
func (t *Table) PutAll(ctx context.Context, items []store.Item) error {
	const op = "write items"
	last := make(map[store.Key]int, len(items)) // DynamoDB refuses a batch with a key twice
	for i, item := range items {
		if err := item.Check(); err != nil {
			return refused(op, err)
		}
		last[item.Key] = i
	}
	var batches [][]int // positions in items
	size := unitsAtOnce
	for i, item := range items {
		if last[item.Key] != i {
			continue
		}
		if n := len(batches); size+units(item) > unitsAtOnce || len(batches[n-1]) == writeBatch {
			batches, size = append(batches, nil), 0
		}
		batches[len(batches)-1] = append(batches[len(batches)-1], i)
		size += units(item)
	}
	return inParallel(ctx, writesAtOnce, batches, func(ctx context.Context, batch []int) error {
		writes, costs := make([]types.WriteRequest, len(batch)), map[string]int{}
		for i, position := range batch {
			item := items[position]
			writes[i].PutRequest = &types.PutRequest{Item: written(item)}
			costs[item.Partition] += units(item)
		}
		for partition, units := range costs {
			if err := t.paces.wait(ctx, op, partition, units); err != nil {
				return err
			}
		}
		return t.writeBatch(ctx, op, writes)
	})
}

// DeleteAll implements store.Table.
func (t *Table) DeleteAll(ctx context.Context, keys []store.Key) error {
	const op = "remove items"
	for _, key := range keys {
		if err := key.Check(); err != nil {
			return refused(op, err)
		}
	}
	return inParallel(ctx, writesAtOnce, slices.Collect(slices.Chunk(distinct(keys), writeBatch)), func(ctx context.Context, keys []store.Key) error {
		writes := make([]types.WriteRequest, len(keys))
		for i, key := range keys {
			writes[i].DeleteRequest = &types.DeleteRequest{Key: keyOf(key)}
		}
		return t.writeBatch(ctx, op, writes)
	})
}

func (t *Table) writeBatch(ctx context.Context, op string, writes []types.WriteRequest) error {
	for attempt := 0; len(writes) > 0; attempt++ {
		if err := rest(ctx, op, attempt); err != nil {
			return err
		}
		answer, err := t.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{t.name: writes},
		}, t.retry)
		if err != nil {
			return failed(ctx, op, err)
		}
		writes = answer.UnprocessedItems[t.name]
	}
	return nil
}

// rest waits before every attempt except the first. It returns an error if the context ends.
func rest(ctx context.Context, op string, attempt int) error {
	wait := time.Duration(0)
	if attempt > 0 {
		wait = pause(attempt - 1)
	}
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		return failed(ctx, op, ctx.Err())
	}
	return nil
}

// inParallel processes batches, a few at a time. It returns the first error and cancels the rest.
func inParallel[T any](ctx context.Context, atOnce int, batches []T, work func(context.Context, T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, batch := range batches {
		group.Go(func() error { return work(ctx, batch) })
	}
	return group.Wait()
}

func distinct(keys []store.Key) []store.Key {
	seen := make(map[store.Key]bool, len(keys))
	return slices.DeleteFunc(slices.Clone(keys), func(key store.Key) bool {
		again := seen[key]
		seen[key] = true
		return again
	})
}
