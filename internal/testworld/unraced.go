//go:build !race

package testworld

// Raced reports whether the race detector watches this program. See raced.go.
const Raced = false
