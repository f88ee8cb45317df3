package soak_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

// kinds are the kinds of trouble that a connector can have on a day. Half of the days have none.
var kinds = []string{"late", "late people", "restated", "missing", "cut", "broken", "unavailable", "rate limited", "killed"}

// reread is the number of days that each poll reads again. This simulated GitHub restates no older days.
const reread = 4

// trouble is the trouble of one connector on one day.
type trouble struct {
	slug  string
	kind  string
	times int64        // the number of requests that are hit; a run is killed at the last of them
	seen  atomic.Int64 // the number of requests that could have been hit
}

// trouble draws the trouble of an account for today. It makes the changes within GitHub, such as a restated report.
func (w *world) trouble(account githubsim.Account, dice *rand.Rand) *trouble {
	w.GitHub.Change(account.Kind, account.Slug, func(a *githubsim.Account) { a.ReadyDelay, a.UsersDelay = 0, 0 })
	if dice.IntN(2) == 0 {
		return nil
	}
	hit := &trouble{slug: account.Slug, kind: kinds[dice.IntN(len(kinds))], times: 1 + dice.Int64N(12)}
	if dice.IntN(4) == 0 {
		hit.times = 1e6 // all day
	}
	switch back := 1 + dice.IntN(reread); hit.kind {
	case "late":
		w.GitHub.Change(account.Kind, account.Slug, func(a *githubsim.Account) { a.ReadyDelay = 1 + dice.IntN(6) })
	case "late people":
		w.GitHub.Change(account.Kind, account.Slug, func(a *githubsim.Account) { a.UsersDelay = 1 + dice.IntN(6) })
	case "restated":
		w.GitHub.Restate(account.Kind, account.Slug, w.Now().AddDate(0, 0, -back).Format(time.DateOnly))
	case "missing":
		w.GitHub.Change(account.Kind, account.Slug, func(a *githubsim.Account) {
			a.MissingDays = append(a.MissingDays, w.Now().AddDate(0, 0, -1).Format(time.DateOnly))
		})
	case "killed":
		hit.times = 1 + dice.Int64N(40)
	}
	w.suffered[hit.kind]++
	return hit
}

// suffer lets the troubles of the day intercept requests to GitHub.
func (w *world) suffer(troubles []*trouble) {
	w.troubles = map[string]*trouble{}
	for _, hit := range troubles {
		if hit != nil {
			w.troubles[hit.slug] = hit
		}
	}
	today := w.troubles
	w.GitHub.Intercept(func(rw http.ResponseWriter, r *http.Request) bool {
		for slug, hit := range today {
			if r.Context().Value(undisturbed{}) == nil && strings.Contains(r.URL.Path, "/"+slug+"/") {
				return hit.intercept(w, rw, r)
			}
		}
		return false
	})
}

// intercept answers instead of GitHub if the trouble is of a kind that does so.
func (h *trouble) intercept(w *world, rw http.ResponseWriter, r *http.Request) bool {
	download := strings.HasPrefix(r.URL.Path, "/_reports/")
	if download != (h.kind == "cut" || h.kind == "broken") && h.kind != "killed" || h.seen.Add(1) > h.times {
		return false
	}
	switch h.kind {
	case "cut":
		body := w.answer(r).Body.Bytes()
		rw.Header().Set("Content-Length", "100000000")
		_, _ = rw.Write(body[:len(body)/2])
		panic(http.ErrAbortHandler)
	case "broken":
		_, _ = rw.Write([]byte(`{"day":"2026-0`))
	case "unavailable":
		rw.WriteHeader(http.StatusServiceUnavailable)
	case "rate limited":
		rw.Header().Set("Retry-After", "60")
		rw.WriteHeader(http.StatusTooManyRequests)
	case "killed":
		if kill := w.kill.Load(); kill != nil && h.seen.Load() == h.times {
			(*kill)()
		}
		return false
	default:
		return false
	}
	return true
}

// undisturbed marks a request that no trouble may intercept.
type undisturbed struct{}

// answer returns GitHub's answer without any trouble.
func (w *world) answer(r *http.Request) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	request := r.Clone(context.WithValue(r.Context(), undisturbed{}, true))
	request.Header.Del("Range")
	w.GitHub.ServeHTTP(answer, request)
	return answer
}
