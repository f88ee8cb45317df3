package store_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

// failure is how a call fails.
type failure string

const (
	refused failure = "refused"         // nothing was done
	halved  failure = "half done"       // some parts of the call were done
	lost    failure = "its answer lost" // everything was done
)

var errInjected = &fault.Error{Code: fault.Store, Op: "test", Err: errors.New("injected")}

// probe is a table that records its calls. One call may fail.
type probe struct {
	table   store.Table
	at      int // number of the call that fails, from 1; 0: none
	failure failure
	each    func() // called after each call

	mu    sync.Mutex
	calls []string
	cost  charge
}

// eachFault runs test once for each table call that it makes and each way in which that call can fail, and at last once without a
// failure. With the race detector it runs test only without a failure.
func eachFault(t *testing.T, test func(t *testing.T, p *probe)) {
	t.Helper()
	if testworld.Raced {
		test(t, &probe{})
		return
	}
	for at, more := 1, true; more; at++ {
		p := &probe{at: at, failure: refused}
		t.Run(fmt.Sprintf("call %d %s", at, refused), func(t *testing.T) { test(t, p) })
		if more = len(p.calls) >= at; !more {
			break
		}
		faults := map[string][]failure{"Put": {lost}, "Delete": {lost}, "PutAll": {halved, lost}, "DeleteAll": {halved, lost}}
		for _, failure := range faults[p.calls[at-1]] {
			p := &probe{at: at, failure: failure}
			t.Run(fmt.Sprintf("call %d %s", at, failure), func(t *testing.T) { test(t, p) })
		}
		if at > 100 {
			t.Fatal("the test makes more than 100 calls")
		}
	}
}

// do makes a call. A call that is half done gets only some of its parts.
func (p *probe) do(method string, parts int, call func(parts int) error) error {
	p.mu.Lock()
	p.calls = append(p.calls, method)
	fails := len(p.calls) == p.at
	p.mu.Unlock()
	var err error
	switch {
	case !fails:
		err = call(parts)
	case p.failure == lost:
		err = errors.Join(errInjected, call(parts))
	case p.failure == halved && parts > 1:
		err = errors.Join(errInjected, call(parts/2))
	default:
		err = errInjected
	}
	if p.each != nil {
		p.each()
	}
	return err
}

func (p *probe) Get(ctx context.Context, key store.Key) (item *store.Item, err error) {
	err = p.do("Get", 1, func(int) (err error) {
		item, err = p.table.Get(ctx, key)
		p.cost.get(item)
		return err
	})
	if err != nil {
		return nil, err
	}
	return item, nil
}

func (p *probe) GetAll(ctx context.Context, keys []store.Key) (items []store.Item, err error) {
	err = p.do("GetAll", 1, func(int) (err error) {
		items, err = p.table.GetAll(ctx, keys)
		p.cost.getAll(len(keys), items)
		return err
	})
	if err != nil {
		return nil, err
	}
	return items, nil
}

func (p *probe) Query(ctx context.Context, r store.Range) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		var all []store.Item
		err := p.do("Query", 1, func(int) error {
			for item, err := range p.table.Query(ctx, r) {
				if err != nil {
					return err
				}
				all = append(all, item)
			}
			p.cost.query(all)
			return nil
		})
		for _, item := range all {
			if !yield(item, nil) {
				return
			}
		}
		if err != nil {
			yield(store.Item{}, err)
		}
	}
}

func (p *probe) List(ctx context.Context, index, after string, limit int) (entries []store.Entry, err error) {
	err = p.do("List", 1, func(int) (err error) {
		entries, err = p.table.List(ctx, index, after, limit)
		return err
	})
	return entries, err
}

func (p *probe) Put(ctx context.Context, items ...store.Item) error {
	return p.do("Put", 1, func(int) error {
		p.cost.write(items, len(items) > 1)
		return p.table.Put(ctx, items...)
	})
}

func (p *probe) Delete(ctx context.Context, items ...store.Item) error {
	return p.do("Delete", 1, func(int) error {
		p.cost.write(items, len(items) > 1)
		return p.table.Delete(ctx, items...)
	})
}

func (p *probe) PutAll(ctx context.Context, items []store.Item) error {
	return p.do("PutAll", len(items), func(parts int) error {
		p.cost.write(items[:parts], false)
		return p.table.PutAll(ctx, items[:parts])
	})
}

func (p *probe) DeleteAll(ctx context.Context, keys []store.Key) error {
	return p.do("DeleteAll", len(keys), func(parts int) error {
		p.cost.remove(ctx, p.table, keys[:parts])
		return p.table.DeleteAll(ctx, keys[:parts])
	})
}
