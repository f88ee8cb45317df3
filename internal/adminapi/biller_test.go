package adminapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// biller stands for GitHub's billing. It holds the answers, and records for which months it was asked.
type biller struct {
	mu     sync.Mutex
	status int    // 0: answer with the rows
	rows   string // the same for every month
	asked  []string
}

// bill replaces GitHub's billing by a biller.
func (a *app) bill() *biller {
	b := &biller{}
	a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/settings/billing/ai_credit/usage") {
			return false
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.asked = append(b.asked, fmt.Sprintf("%s-%02s", r.URL.Query().Get("year"), r.URL.Query().Get("month")))
		w.Header().Set("Content-Type", "application/json")
		if b.status != 0 {
			w.WriteHeader(b.status)
			_, _ = w.Write([]byte(`{"message":"No"}`))
			return true
		}
		_, _ = w.Write([]byte(`{"usageItems":[` + b.rows + `]}`))
		return true
	})
	return b
}

// says sets the answer from now on, and forgets the months that were asked for.
func (b *biller) says(status int, rows ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.status, b.rows, b.asked = status, strings.Join(rows, ","), nil
}

// months returns the months asked for since the last says, in order.
func (b *biller) months() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.asked)
}

// credited returns a row of a bill: the credits used, and the dollars billed for them.
func credited(model string, gross, net float64) string {
	return fmt.Sprintf(`{"product":"Copilot","sku":"Copilot AI Credits","model":%q,"unitType":"ai-credits","pricePerUnit":0.01,"grossQuantity":%v,"grossAmount":%v,
		"discountQuantity":%v,"discountAmount":%v,"netQuantity":%v,"netAmount":%v}`, model, gross, gross/100, gross-net*100, gross/100-net, net*100, net)
}

// pollAt sets the clock to instant and polls as if a person had asked for it.
func (a *app) pollAt(path string, instant time.Time) {
	a.t.Helper()
	a.Set(instant)
	a.send(http.MethodPost, path+"/poll", "")
	a.drain()
}

func at(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 7, 0, 0, 0, time.UTC)
}
