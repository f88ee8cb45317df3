//go:build !race

package adminapi_test

import (
	"fmt"
	"math"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
)

type costAnswer struct {
	Month, From, To string
	SeatCost        *money
	Credits         struct {
		Used               *float64
		DaysWithData       int
		Included           *int64
		GrossValue, Billed *money
		BilledAsOf         *time.Time
	}
	TotalSpend             *money
	Projected              *struct{ SeatCost, Billed, TotalSpend *money }
	ActiveDevelopers       *int64
	CostPerActiveDeveloper *money
	IdleSeatCost           *money
	ByModel                struct {
		Basis string
		Rows  []struct {
			Name               string
			GrossValue, Billed *money
			Interactions       *int64
			Share              *float64
		}
	}
	BySKU []struct {
		SKU                string
		Credits            *float64
		GrossValue, Billed *money
		Share              *float64
	}
	ByTeam []struct {
		Team                                *string
		Unassigned                          bool
		SeatDays                            *int64
		SeatCost, CreditsBilled, TotalSpend *money
	}
	CacheHitRate, BatchShare *float64
	Reasons                  map[string]string
}

func (a *app) cost(path string) costAnswer {
	a.t.Helper()
	got := a.send(http.MethodGet, path, "")
	if got.status != http.StatusOK {
		a.t.Fatalf("%s got %d %s, want 200", path, got.status, got.body)
	}
	return decode[costAnswer](a.t, got)
}

// checkSums checks a rule for every month with known seats: the teams add up to the whole, to the cent.
func (a *app) checkSums(m costAnswer) {
	a.t.Helper()
	var seats, total int64
	for i, row := range m.ByTeam {
		seats, total = seats+a.cents(row.SeatCost), total+a.cents(row.TotalSpend)
		if row.Unassigned != (i == len(m.ByTeam)-1) || row.Unassigned != (row.Team == nil) {
			a.t.Errorf("row %d is %+v", i, row)
		}
	}
	billed := int64(0)
	if m.Credits.Billed != nil {
		billed = a.cents(m.Credits.Billed)
	}
	if seats != a.cents(m.SeatCost) || total != a.cents(m.TotalSpend) || total != seats+billed {
		a.t.Errorf("the teams add up to %d and %d cents; seats %v, billed %v, total %v", seats, total, m.SeatCost, m.Credits.Billed, m.TotalSpend)
	}
	if (m.ByModel.Basis == "dollars") != (len(m.BySKU) > 0) {
		a.t.Errorf("the basis of the models is %s, by SKU there is %v", m.ByModel.Basis, m.BySKU)
	}
	if m.ByModel.Basis == "dollars" {
		var models, skus, grossOfModels, grossOfSKUs int64
		for _, row := range m.ByModel.Rows {
			models, grossOfModels = models+a.cents(row.Billed), grossOfModels+a.cents(row.GrossValue)
		}
		for _, row := range m.BySKU {
			skus, grossOfSKUs = skus+a.cents(row.Billed), grossOfSKUs+a.cents(row.GrossValue)
		}
		if models != billed || skus != billed || grossOfModels != grossOfSKUs {
			a.t.Errorf("%d cents are billed; the models add up to %d of %d, the SKUs to %d of %d", billed, models, grossOfModels, skus, grossOfSKUs)
		}
	}
}

// The cost of the month to date is computed here a second time, from GitHub's own answers as generic JSON.
func TestTheMonthCostsWhatGitHubsNumbersSay(t *testing.T) {
	t.Parallel()
	a := start(t, busy())
	a.overdraw()
	got := a.cost(a.saved() + "/cost")
	a.checkSums(got)

	seatCost, held := new(big.Rat), 0
	for _, seat := range a.grants("/orgs/octo/copilot/billing/seats") {
		created, err := time.Parse(time.RFC3339, seat["created_at"].(string))
		if err != nil {
			t.Fatal(err)
		}
		first := 1
		if created = created.UTC(); created.Month() == time.November && created.Year() == 2026 {
			first = created.Day()
		}
		seatCost.Add(seatCost, big.NewRat(19*int64(22-first+1), 30)) // a cancelled seat is billed until the end of the month
		held++
	}
	credits, people := 0.0, map[string]bool{}
	for day := 1; day <= 21; day++ {
		rows := map[string]map[string]any{} // a person may have several rows
		for _, row := range a.report("users", fmt.Sprintf("2026-11-%02d", day)) {
			rows[person(row)], people[person(row)] = row, true
		}
		for _, row := range rows {
			credits += number(row, "ai_credits_used")
		}
	}
	active := len(people)
	want := seatCost.FloatString(2)
	if got.SeatCost == nil || got.SeatCost.Amount != want || !got.SeatCost.Estimated {
		t.Errorf("seats cost %v, want %s", got.SeatCost, want)
	}
	if got.Credits.Billed == nil || *got.Credits.Billed != (money{"3.51", "USD", false}) {
		t.Errorf("billed is %v, the bill says 2.505 and 1.005", got.Credits.Billed)
	}
	if len(got.BySKU) != 1 || got.BySKU[0].SKU != "Copilot AI Credits" || *got.BySKU[0].Credits != 1351 || *got.BySKU[0].GrossValue != (money{"13.51", "USD", false}) {
		t.Errorf("by SKU it is %+v, the bill says 1250.5 and 100.5 credits", got.BySKU)
	}
	same(t, "credits", *got.Credits.Used, credits)
	same(t, "the pool", float64(*got.Credits.Included), float64(1900*held))
	same(t, "the credits' value", float64(a.cents(got.Credits.GrossValue)), math.Round(math.Round(credits*1e4)/1e4))
	same(t, "active developers", float64(*got.ActiveDevelopers), float64(active))
	same(t, "per developer", float64(a.cents(got.CostPerActiveDeveloper)), math.Round(float64(a.cents(got.TotalSpend))/float64(active)))
	if got.Month != "2026-11" || got.From != "2026-11-01" || got.To != "2026-11-22" || got.Credits.DaysWithData != 21 {
		t.Errorf("the period is %s, %s to %s, with data of %d days", got.Month, got.From, got.To, got.Credits.DaysWithData)
	}
	if got.CacheHitRate != nil || got.BatchShare != nil || got.Reasons["cacheHitRate"] == "" || got.Reasons["batchShare"] == "" {
		t.Errorf("cache hit rate %v and batch share %v must be unknown; reasons %v", got.CacheHitRate, got.BatchShare, got.Reasons)
	}
}

// overage is a bill beyond the included credits: 250.5 and 100.5 credits.
const overage = `
	{"product":"Copilot","sku":"Copilot AI Credits","model":"GPT-5","unitType":"ai-credits","pricePerUnit":0.01,"grossQuantity":1250.5,"grossAmount":12.505,
	 "discountQuantity":1000,"discountAmount":10,"netQuantity":250.5,"netAmount":2.505},
	{"product":"Copilot","sku":"Copilot AI Credits","model":"Auto: Claude Haiku 4.5","unitType":"ai-credits","pricePerUnit":0.01,"grossQuantity":100.5,"grossAmount":1.005,
	 "discountQuantity":0,"discountAmount":0,"netQuantity":100.5,"netAmount":1.005}`

// overdraw makes GitHub return that bill for every month.
func (a *app) overdraw() {
	a.github.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/settings/billing/ai_credit/usage") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"usageItems":[` + overage + `]}`))
		return true
	})
}

func TestTheMonthOfAConnector(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	a.Set(time.Date(2026, 10, 29, 12, 0, 0, 0, time.UTC))
	path := a.saved()
	a.github.Change(githubsim.Organization, "octo", func(account *githubsim.Account) { account.Seats = 30 })
	a.Set(time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC))
	a.send(http.MethodPost, path+"/poll", "")
	a.drain()

	t.Run("a month that is over has all its days and no projection", func(t *testing.T) {
		got := a.cost(path + "/cost?month=2026-10")
		a.checkSums(got)
		if got.To != "2026-10-31" || got.Projected != nil || got.Reasons["projected"] == "" || got.Credits.DaysWithData != 24 {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("the current month has a projection", func(t *testing.T) {
		got := a.cost(path + "/cost?month=2026-11")
		a.checkSums(got)
		if diff := cmp.Diff(got, a.cost(path+"/cost")); diff != "" {
			t.Errorf("the current month is not the default:\n%s", diff)
		}
		if got.To != "2026-11-03" || got.Projected == nil || a.cents(got.Projected.SeatCost) <= a.cents(got.SeatCost) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a month before the first reading is unknown, with a reason", func(t *testing.T) {
		got := a.cost(path + "/cost?month=2026-03")
		for _, figure := range []string{"seatCost", "credits.used", "credits.included", "activeDevelopers", "costPerActiveDeveloper", "idleSeatCost"} {
			if got.Reasons[figure] == "" {
				t.Errorf("there is no reason why %s is unknown", figure)
			}
		}
		if diff := cmp.Diff(dollars("0.00"), got.TotalSpend); diff != "" { // the bill alone
			t.Errorf("totalSpend (-want +got):\n%s", diff)
		}
		if got.SeatCost != nil || got.Credits.Used != nil || got.ActiveDevelopers != nil || got.IdleSeatCost != nil ||
			got.ByModel.Basis != "not_reported" || len(got.ByTeam) != 1 || got.ByTeam[0].SeatCost != nil {
			t.Errorf("got %+v", got)
		}
	})
	for _, month := range []string{"2026-12", "2027-01", "9999-12", "2026-13", "2026-00", "2026", "2026-1", "2026-11-01", "1969-12", "0000-01", "-001-01", "november", "%zz", "2026-11;x"} {
		got := a.send(http.MethodGet, path+"/cost?month="+month, "")
		if got.status != http.StatusBadRequest || got.Code != "invalid_input" {
			t.Errorf("%s got %d %s, want 400 invalid_input", month, got.status, got.body)
		}
	}
}

func TestAgreedPricesReplaceTheListPricesEverywhere(t *testing.T) {
	t.Parallel()
	a := start(t, octo())
	a.overdraw()
	path := a.saved()
	list := a.cost(path + "/cost")
	if shown := decode[map[string]any](t, a.send(http.MethodGet, path, "")); shown["prices"] != nil {
		t.Errorf("prices are %v", shown["prices"])
	}

	got := a.send(http.MethodPatch, path, `{"prices":{ "business" : "17.50", "credit":"0.008","currency":"EUR" }}`)
	want := map[string]any{"business": "17.50", "credit": "0.008", "currency": "EUR"}
	if diff := cmp.Diff(want, decode[map[string]any](t, got)["prices"]); got.status != http.StatusOK || diff != "" {
		t.Fatalf("got %d, prices (-want +got):\n%s", got.status, diff)
	}
	a.send(http.MethodPatch, path, `{"idleAfterDays":31}`) // leaves the prices as they are
	seats, month := a.seats(path+"/seats"), a.cost(path+"/cost")
	a.checkSums(month)
	if diff := cmp.Diff(&money{"17.50", "EUR", true}, seats.PricePerSeat); diff != "" {
		t.Errorf("a seat (-want +got):\n%s", diff)
	}
	exact := new(big.Rat).Mul(big.NewRat(a.cents(list.SeatCost), 100), big.NewRat(1750, 1900))
	if diff := a.cents(month.SeatCost) - new(big.Int).Div(new(big.Int).Mul(exact.Num(), big.NewInt(100)), exact.Denom()).Int64(); month.SeatCost.Currency != "EUR" || diff < -1 || diff > 1 {
		t.Errorf("seats cost %v, by the list %v", month.SeatCost, list.SeatCost)
	}
	// The bill's 351 credits at the agreed price: this is no longer GitHub's own amount.
	if diff := cmp.Diff(&money{"2.81", "EUR", true}, month.Credits.Billed); diff != "" {
		t.Errorf("billed (-want +got):\n%s", diff)
	}

	// Without a credit price in that currency the value of credits is unknown. Without a seat price everything is unknown.
	a.send(http.MethodPatch, path, `{"prices":{"business":"17.50","currency":"EUR"}}`)
	if month := a.cost(path + "/cost"); month.Credits.GrossValue != nil || month.Credits.Billed != nil || month.SeatCost == nil || month.Reasons["credits.grossValue"] == "" {
		t.Errorf("got %+v", month)
	}
	a.send(http.MethodPatch, path, `{"prices":{"currency":"EUR"}}`)
	if month, seats := a.cost(path+"/cost"), a.seats(path+"/seats"); month.SeatCost != nil || month.TotalSpend != nil || seats.MonthlyCost != nil || seats.Idle.Count == nil {
		t.Errorf("got %+v and %+v", month, seats)
	}

	a.Advance(time.Minute)
	got = a.send(http.MethodPatch, path, `{"idleAfterDays":30,"prices":{}}`)
	if shown := decode[map[string]any](t, got); got.status != http.StatusOK || shown["prices"] != nil {
		t.Errorf("after they are removed the prices are %v", shown["prices"])
	}
	if diff := cmp.Diff(list, a.cost(path+"/cost")); diff != "" {
		t.Errorf("the list's prices do not apply again:\n%s", diff)
	}
	if last := a.audit(path + "/audit").Events[0].Detail; last != `idleAfterDays from 31 to 30, prices from {"currency":"EUR"} to {}` {
		t.Errorf("the audit says %s", last)
	}
}

func TestInvalidPricesAreRefusedByField(t *testing.T) {
	t.Parallel()
	a, path := saved(t)
	for prices, fields := range map[string]string{
		`{"business":"-1"}`:                              "prices.business",
		`{"business":"17.505"}`:                          "prices.business",
		`{"business":"1e3","enterprise":"100000.01"}`:    "prices.business prices.enterprise",
		`{"business":"x"}`:                               "prices.business",
		`{"business":17.5}`:                              "prices.business",
		`{"currency":"ZZZ"}`:                             "prices.currency",
		`{"since":"2026-11-01"}`:                         "prices.since",
		`{"credit":"0.0000001","currency":"eur"}`:        "prices.credit prices.currency",
		`{"businessCredits":-1,"enterpriseCredits":1.5}`: "prices.businessCredits prices.enterpriseCredits",
		`{"businessCredits":10000001}`:                   "prices.businessCredits",
		`{"discount":"10"}`:                              "prices",
		`"17.50"`:                                        "prices",
		`[]`:                                             "prices",
		`17.5`:                                           "prices",
	} {
		got := a.send(http.MethodPatch, path, `{"prices":`+prices+`}`)
		var named []string
		for _, e := range got.Errors {
			named = append(named, e.Field)
		}
		if got.status != http.StatusBadRequest || strings.Join(named, " ") != fields {
			t.Errorf("%s got %d %s, want 400", prices, got.status, got.body)
		}
	}
	if shown := decode[map[string]any](t, a.send(http.MethodGet, path, "")); shown["prices"] != nil {
		t.Errorf("prices are %v", shown["prices"])
	}
}
