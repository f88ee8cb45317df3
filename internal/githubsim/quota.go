package githubsim

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

const hourlyLimit = 5000

// quota counts the calls of each person in the current hour. It never refuses a call, because benchmarks make more calls than
// GitHub allows. Tests that need a refusal use RateLimited.
type quota struct {
	mu     sync.Mutex
	people map[string]quotaHour
}

type quotaHour struct {
	reset time.Time
	used  int
}

func (q *quota) charge(header http.Header, login string, now time.Time, path string) {
	hour := q.hour(login, now, path != "/rate_limit")
	header.Set("X-RateLimit-Limit", strconv.Itoa(hourlyLimit))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(hourlyLimit-hour.used))
	header.Set("X-RateLimit-Used", strconv.Itoa(hour.used))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(hour.reset.Unix(), 10))
	header.Set("X-RateLimit-Resource", "core")
}

func (q *quota) hour(login string, now time.Time, charged bool) quotaHour {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.people == nil {
		q.people = make(map[string]quotaHour)
	}
	hour := q.people[login]
	if !now.Before(hour.reset) {
		hour = quotaHour{reset: now.Truncate(time.Hour).Add(time.Hour)}
	}
	if charged && hour.used < hourlyLimit-1 {
		hour.used++
	}
	q.people[login] = hour
	return hour
}

func (s *Server) rateLimit(w http.ResponseWriter, _ *http.Request, caller Token) {
	hour := s.quota.hour(caller.Login, s.now(), false)
	core := map[string]int64{
		"limit": hourlyLimit, "used": int64(hour.used),
		"remaining": int64(hourlyLimit - hour.used), "reset": hour.reset.Unix(),
	}
	writeJSON(w, http.StatusOK, map[string]any{"resources": map[string]any{"core": core}, "rate": core})
}
