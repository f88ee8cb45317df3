package testworld

import (
	"sync"
	"time"
)

// Clock is a clock that a test moves. It is safe for concurrent use.
type Clock struct {
	mu   sync.Mutex
	now  time.Time
	runs bool
	from time.Time // when a clock that runs showed now
}

// NewClock returns a clock that shows an instant, and moves only when a test moves it.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// NewRunningClock returns a clock that shows an instant, and also runs with the time of the test's synctest bubble.
func NewRunningClock(at time.Time) *Clock { return &Clock{now: at, runs: true, from: time.Now()} }

// Now returns the clock's instant.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.runs {
		return c.now.Add(time.Since(c.from))
	}
	return c.now
}

// Set moves the clock to an instant.
func (c *Clock) Set(instant time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = instant
	if c.runs {
		c.from = time.Now()
	}
}

// Advance moves the clock by a duration.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
