package githubsim

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const dollarsPerCredit = 0.01

// creditsPerSeat is the number of credits that a seat adds to the pool of a month.
var creditsPerSeat = map[Plan]float64{PlanBusiness: 1900, PlanEnterprise: 3900}

type creditUsage struct {
	TimePeriod   timePeriod  `json:"timePeriod"`
	Organization string      `json:"organization,omitempty"`
	Enterprise   string      `json:"enterprise,omitempty"`
	CostCenter   *centerName `json:"costCenter,omitempty"`
	UsageItems   []usageItem `json:"usageItems"`
}

type timePeriod struct {
	Year  int `json:"year"`
	Month int `json:"month,omitempty"`
	Day   int `json:"day,omitempty"`
}

type usageItem struct {
	Product          string  `json:"product"`
	SKU              string  `json:"sku"`
	Model            string  `json:"model"`
	UnitType         string  `json:"unitType"`
	PricePerUnit     float64 `json:"pricePerUnit"`
	GrossQuantity    float64 `json:"grossQuantity"`
	GrossAmount      float64 `json:"grossAmount"`
	DiscountQuantity float64 `json:"discountQuantity"`
	DiscountAmount   float64 `json:"discountAmount"`
	NetQuantity      float64 `json:"netQuantity"`
	NetAmount        float64 `json:"netAmount"`
}

// creditUsage answers with the bill. It has the same credits as the users reports, up to yesterday.
func (s *Server) creditUsage(w http.ResponseWriter, r *http.Request, v visit) {
	query := r.URL.Query()
	period, ok := periodOf(query, s.now().UTC())
	if !ok {
		refusal{status: http.StatusBadRequest, message: "Bad Request", docs: docs + "/billing/usage"}.write(w)
		return
	}
	answer := creditUsage{TimePeriod: period}
	part := wholeBill
	if v.account.Kind == Enterprise {
		var refused *refusal
		if part, refused = v.account.billedPart(query); refused != nil {
			refused.write(w)
			return
		}
		answer.Enterprise, answer.Organization, answer.CostCenter = v.account.Slug, query.Get("organization"), part.center
	} else {
		answer.Organization = v.account.Slug
	}
	answer.UsageItems = s.usageItems(v.account, period, part, query)
	writeJSON(w, http.StatusOK, answer)
}

// usageItems subtracts the included credits from the models in the order of their names. A part of an enterprise gets a share of
// the included credits in proportion to its use.
func (s *Server) usageItems(a *Account, period timePeriod, part billedPart, query url.Values) []usageItem {
	first, last := period.days()
	all, ofPart := make(map[string]int), make(map[string]int)
	for on := first; on <= min(last, dayOf(s.now())-1); on++ {
		for model, spent := range s.spentOn(a, on, query.Get("user")) {
			all[model] += spent
			if part.whole {
				ofPart[model] += spent
			}
		}
		for _, through := range part.throughs {
			for model, spent := range knownTotals.of(s.population(a), on).granted[through] {
				ofPart[model] += spent
			}
		}
	}
	items := []usageItem{}
	if product := query.Get("product"); product != "" && !strings.EqualFold(product, "copilot") {
		return items
	}
	pool := creditsPerSeat[a.Plan] * float64(a.Seats)
	for _, model := range slices.Sorted(maps.Keys(all)) {
		gross := float64(all[model]) / 100
		discount := min(gross, pool)
		pool -= discount
		if wanted := query.Get("model"); wanted != "" && !strings.EqualFold(wanted, model) || ofPart[model] == 0 && all[model] > 0 {
			continue
		}
		if all[model] > 0 {
			share := float64(ofPart[model]) / float64(all[model])
			gross, discount = gross*share, discount*share
		}
		items = append(items, usageItem{
			Product: "Copilot", SKU: "Copilot AI Credits", Model: model, UnitType: "ai-credits",
			PricePerUnit:  dollarsPerCredit,
			GrossQuantity: gross, GrossAmount: gross * dollarsPerCredit,
			DiscountQuantity: discount, DiscountAmount: discount * dollarsPerCredit,
			NetQuantity: gross - discount, NetAmount: (gross - discount) * dollarsPerCredit,
		})
	}
	return items
}

// spentOn returns the credits of a day by model, of all people or of one person.
func (s *Server) spentOn(a *Account, on day, login string) map[string]int {
	if login == "" {
		return knownTotals.of(s.population(a), on).hundredths
	}
	people := s.population(a)
	spent := make(map[string]int)
	for user := range people.everybody() {
		if strings.EqualFold(personLogin(user), login) {
			for _, s := range people.activity(user, on).spent {
				spent[s.model] += s.hundredths
			}
		}
	}
	return spent
}

// periodOf reads year, month and day. A year alone means the whole year. Without any of them it is the current month.
func periodOf(query url.Values, now time.Time) (timePeriod, bool) {
	period := timePeriod{Year: now.Year(), Month: int(now.Month())}
	if query.Has("year") && !query.Has("month") && !query.Has("day") {
		period.Month = 0
	}
	for _, part := range []struct {
		name        string
		value       *int
		least, most int
	}{
		{"year", &period.Year, now.Year() - 2, now.Year()},
		{"month", &period.Month, 1, 12},
		{"day", &period.Day, 1, 31},
	} {
		if !query.Has(part.name) {
			continue
		}
		number, err := strconv.Atoi(query.Get(part.name))
		if err != nil || number < part.least || number > part.most {
			return timePeriod{}, false
		}
		*part.value = number
	}
	return period, true
}

func (p timePeriod) days() (first, last day) {
	start := time.Date(p.Year, max(time.Month(p.Month), time.January), max(p.Day, 1), 0, 0, 0, 0, time.UTC)
	switch {
	case p.Day != 0:
		return dayOf(start), dayOf(start)
	case p.Month != 0:
		return dayOf(start), dayOf(start.AddDate(0, 1, -1))
	}
	return dayOf(start), dayOf(start.AddDate(1, 0, -1))
}
