// Package count adds up and orders counts. Some counts are unknown: nil, and never 0. Packages metrics and feature use it for every
// figure of a range.
//
// It holds what is true of any count, whatever was counted. It knows nothing of Copilot.
package count

import "cmp"

// Add returns the sum of two counts. It is unknown if either count is.
func Add(a, b *int64) *int64 {
	if a == nil || b == nil {
		return nil
	}
	sum := *a + *b
	return &sum
}

// Descending orders larger counts first and unknown ones last.
func Descending(a, b *int64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*b, *a)
}
