package verify_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// BenchmarkVerify shows how long an administrator waits when GitHub takes 100 ms for each call. The reference is
// that latency: latencies/op is how many calls in a row the wait is worth. trips/op is the longest sequence of
// calls that did not overlap; it is longer than the chain of calls that depend on one another, as the bound on
// concurrent calls makes waves of the rest.
func BenchmarkVerify(b *testing.B) {
	const latency = 100 * time.Millisecond
	for _, seats := range []int{20, 500} {
		b.Run(fmt.Sprintf("%d-users", seats), func(b *testing.B) {
			account := octo()
			account.Seats, account.Shards = seats, 1
			var trips chain
			w := newWorldBehind(b, trips.behind, account)
			w.verify(copilot.Organization, "octo", classic) // lets the simulation draw its numbers
			w.github.SetLatency(latency)
			for b.Loop() {
				trips.reset()
				if result := w.verify(copilot.Organization, "octo", classic); !result.OK {
					b.Fatalf("got %+v", result.Checks)
				}
			}
			perVerify := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(float64(perVerify.Milliseconds()), "ms/op")
			b.ReportMetric(float64(perVerify)/float64(latency), "latencies/op")
			b.ReportMetric(float64(trips.longest), "trips/op")
			b.ReportMetric(float64(trips.calls), "calls/op")
		})
	}
}

// chain measures the longest sequence of calls of which none began before the one before had ended.
type chain struct {
	mu             sync.Mutex
	longest, calls int // longest of those that have ended
}

func (c *chain) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.longest, c.calls = 0, 0
}

func (c *chain) behind(github http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.calls++
		position := c.longest + 1
		c.mu.Unlock()

		github.ServeHTTP(w, r)

		c.mu.Lock()
		c.longest = max(c.longest, position)
		c.mu.Unlock()
	})
}
