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

// CheckWrite returns why items cannot be written or removed together by Put or Delete, or nil if they can. The error's text holds
// nothing of the items.
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

// Check returns why the item cannot be stored, or nil if it can.
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

// Check returns why the key is invalid, or nil if it is valid.
func (k Key) Check() error {
	if k.Partition == "" || k.Sort == "" {
		return errors.New("an empty part of a key")
	}
	return checkText(k.Partition, k.Sort)
}

// Check returns why the range is invalid, or nil if it is valid.
func (r Range) Check() error {
	if r.Partition == "" {
		return errors.New("a range without a partition")
	}
	if r.Limit < 0 {
		return errors.New("a limit below 0")
	}
	return checkText(r.Partition, r.From, r.To)
}

// checkText checks a partition and its sort keys. DynamoDB would silently replace bytes that are not UTF-8.
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

// Becomes reports whether stored is what a Put of i would have written. A repeated Put recognises its own earlier write by it.
func (i Item) Becomes(stored Item) bool {
	return stored.Key == i.Key && stored.Version == i.Version+1 && stored.Listed == i.Listed &&
		stored.Expires.Unix() == i.Expires.Unix() && bytes.Equal(stored.Body, i.Body)
}

// CheckPlace returns why an index cannot be listed after a place, or nil if it can.
func CheckPlace(index, after string) error {
	if index == "" {
		return errors.New("an index without a name")
	}
	return checkText(index, after)
}
