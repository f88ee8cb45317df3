//go:build race

package testworld

// Raced reports whether the race detector watches this program. It makes a test many times slower. So a test that repeats a story
// for each call that can fail tells it only once with the race detector: the same goroutines run each time.
const Raced = true
