package shard_test

import (
	"math"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/shard"
)

func TestHashesAndPagesAreStable(t *testing.T) {
	t.Parallel()
	for id, want := range map[int64]uint64{1: 0x5692161d100b05e5, 41000001: 0xf499c7292ee84675, math.MaxInt64: 0x5a682afe7965debd} {
		if got := shard.Hash(id); got != want {
			t.Errorf("the hash of %d is %#x, want %#x", id, got, want)
		}
	}
	for pages, want := range map[int]int{1: 0, 2: 0, 4: 1, 8: 2, 2048: 0x5692161d100b05e5 >> 53} {
		if got := shard.Page(shard.Hash(1), pages); got != want {
			t.Errorf("1 is on page %d of %d, want %d", got, pages, want)
		}
	}
}

// The pages of a day together cover every hash. Each hash is on one page.
func TestPagesCoverAllHashes(t *testing.T) {
	t.Parallel()
	for pages := 1; pages <= 4096; pages *= 2 {
		next := uint64(0)
		for page := range pages {
			r := shard.Pages(page, page, pages)
			if r.From != next || shard.Page(r.From, pages) != page || shard.Page(r.To, pages) != page || !r.Has(r.From) || !r.Has(r.To) {
				t.Fatalf("page %d of %d has %x", page, pages, r)
			}
			next = r.To + 1
		}
		if next != 0 {
			t.Errorf("of %d pages the last ends before %x", pages, next)
		}
		if all := shard.Pages(0, pages-1, pages); all != (shard.Range{From: 0, To: math.MaxUint64}) {
			t.Errorf("all %d pages have %x", pages, all)
		}
	}
}
