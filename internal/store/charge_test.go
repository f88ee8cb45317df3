package store_test

import (
	"context"
	"strconv"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/store"
)

// charge adds up what DynamoDB would charge for.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
type charge struct {
	mu                             sync.Mutex
	writeUnits, readUnits          int
	bytesWritten, bytesRead, asked int // asked: items requested by key
}

// size returns an item's size as DynamoDB counts it: names and values.
func size(item store.Item) int {
	n := len("pk"+"sk"+"version"+"body") + len(item.Partition) + len(item.Sort) + len(item.Body) + numberSize(item.Version)
	if !item.Expires.IsZero() {
		n += len("ttl") + numberSize(item.Expires.Unix())
	}
	if item.Listed != (store.Listing{}) {
		n += len("ix"+"ixs") + len(item.Listed.Index) + len(item.Listed.Sort)
	}
	return n
}

func numberSize(n int64) int { return (len(strconv.FormatInt(n, 10))+1)/2 + 1 }

func units(bytes, of int) int { return max(1, (bytes+of-1)/of) }

func (c *charge) get(item *store.Item) {
	if item == nil {
		c.getAll(1, nil)
		return
	}
	c.getAll(1, []store.Item{*item})
}

func (c *charge) getAll(asked int, found []store.Item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked += asked
	c.readUnits += asked - len(found)
	for _, item := range found {
		c.bytesRead += size(item)
		c.readUnits += units(size(item), 4<<10)
	}
}

func (c *charge) query(items []store.Item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	sum := 0
	for _, item := range items {
		sum += size(item)
	}
	c.bytesRead += sum
	c.readUnits += units(sum, 4<<10)
}

func (c *charge) write(items []store.Item, together bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, item := range items {
		n := units(size(item), 1<<10)
		if together {
			n *= 2
		}
		c.writeUnits += n
		c.bytesWritten += size(item)
	}
}

// remove adds the cost of deletions, which depends on the size of the items.
func (c *charge) remove(ctx context.Context, table store.Table, keys []store.Key) {
	found, _ := table.GetAll(ctx, keys)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writeUnits += len(keys) - len(found)
	for _, item := range found {
		c.writeUnits += units(size(item), 1<<10)
	}
}
