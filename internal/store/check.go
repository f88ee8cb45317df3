package store

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// DynamoDB's limits for the parts of a key.
const (
	maxPartition = 2048
	maxSort      = 1024
)

// CheckWrite says why items may not be written or removed together as Put and Delete do it; nil: they may. Its words
// hold nothing of the items.
func CheckWrite(items []Item) error {
	if len(items) > MaxPut {
		return fmt.Errorf("%d items at once; at most %d", len(items), MaxPut)
	}
	seen := make(map[Key]bool, len(items))
	for _, item := range items {
		if seen[item.Key] {
			return errors.New("a key twice in one write")
		}
		seen[item.Key] = true
		if err := item.Check(); err != nil {
			return err
		}
	}
	return nil
}

// Check says what keeps an item from being stored; nil: nothing does.
func (i Item) Check() error {
	if err := i.Key.Check(); err != nil {
		return err
	}
	if i.Listed != (Listing{}) {
		if err := (Key{i.Listed.Index, i.Listed.Sort}).Check(); err != nil {
			return fmt.Errorf("place in the index: %w", err)
		}
	}
	switch {
	case i.Version < 0:
		return errors.New("a version below 0")
	case len(i.Body) > MaxBody:
		return fmt.Errorf("a body of %d bytes; at most %d", len(i.Body), MaxBody)
	case !i.Expires.IsZero() && i.Expires.Unix() <= 0:
		return errors.New("an expiry before 1970")
	}
	return nil
}

// Check says what keeps a key from being one; nil: nothing does.
func (k Key) Check() error {
	if k.Partition == "" || k.Sort == "" {
		return errors.New("an empty part of a key")
	}
	return checkText(k.Partition, k.Sort)
}

// Check says why a range cannot be asked for; nil: it can.
func (r Range) Check() error {
	if r.Partition == "" {
		return errors.New("a range without a partition")
	}
	if r.Limit < 0 {
		return errors.New("a limit below 0")
	}
	return checkText(r.Partition, r.From, r.To)
}

// checkText judges a partition and sort keys of it. DynamoDB would silently replace what is no UTF-8.
func checkText(partition string, sorts ...string) error {
	if len(partition) > maxPartition {
		return fmt.Errorf("a partition of %d bytes; at most %d", len(partition), maxPartition)
	}
	for _, text := range append(sorts, partition) {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return errors.New("a key that is not UTF-8 without NUL")
		}
	}
	for _, sort := range sorts {
		if len(sort) > maxSort {
			return fmt.Errorf("a sort key of %d bytes; at most %d", len(sort), maxSort)
		}
	}
	return nil
}

// Becomes reports whether a Put of i leaves stored behind: how a Put that is repeated knows its own earlier write.
func (i Item) Becomes(stored Item) bool {
	return stored.Key == i.Key && stored.Version == i.Version+1 && stored.Listed == i.Listed &&
		stored.Expires.Unix() == i.Expires.Unix() && bytes.Equal(stored.Body, i.Body)
}

// CheckPlace says why an index cannot be listed behind a place; nil: it can.
func CheckPlace(index, after string) error {
	if index == "" {
		return errors.New("an index without a name")
	}
	return checkText(index, after)
}
