package github_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/money"
)

// says answers with a body in JSON.
func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	}
}

func TestABillOfAnotherPartIsRefused(t *testing.T) {
	t.Parallel()
	organization, center := cost.PartBill{Name: "acme/a&b"}, cost.PartBill{ID: "id 7", Name: "R&D"}
	const inc = `"enterprise":"octo-test"`
	for _, test := range []struct {
		part  cost.PartBill
		of    string
		want  fault.Code
		query string
	}{
		{organization, inc + `,"organization":"Acme/A&B"`, "", "year=2026&month=11&organization=acme%2Fa%26b"},
		{organization, inc, "", ""},
		{organization, inc + `,"organization":"other"`, fault.ReportBroken, ""},
		{organization, inc + `,"organization":"acme/a&b","costCenter":{"id":"id 7","name":"R&D"}`, fault.ReportBroken, ""},
		{organization, inc + `,"organization":"acme/a&b","user":"octo"`, fault.ReportBroken, ""},
		{organization, `"enterprise":"other","organization":"acme/a&b"`, fault.ReportBroken, ""},
		{center, inc + `,"costCenter":{"id":"id 7","name":"Renamed"}`, "", "year=2026&month=11&cost_center_id=id+7"},
		{center, inc, "", ""},
		{center, inc + `,"costCenter":{"id":"8","name":"R&D"}`, fault.ReportBroken, ""},
		{center, inc + `,"costCenter":"R&D"`, fault.ReportBroken, ""},
		{center, inc + `,"organization":"acme/a&b","costCenter":{"id":"id 7","name":"R&D"}`, fault.ReportBroken, ""},
	} {
		gh := serve(t, says(`{`+test.of+`,"usageItems":[]}`))
		_, err := connect(t, gh.URL).CreditsOf(t.Context(), enterprise, day, test.part)
		check(t, err, test.want)
		if asked := gh.seen()[0].URL.RawQuery; test.query != "" && asked != test.query {
			t.Errorf("requested %s", asked)
		}
	}
}

func TestCostCentersAreListedByTheirIds(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		list []cost.PartBill
		code fault.Code
	}{
		`{"costCenters":[]}`: {list: []cost.PartBill{}},
		`{"costCenters":[{"id":"1","name":"R&D","state":"active","resources":[{"type":"User","name":"octo"}]},{"id":"2","name":"","state":"deleted"},{"id":"1","name":"again"},{"id":"3","name":"Sales"}]}`: {
			list: []cost.PartBill{{ID: "1", Name: "R&D"}, {ID: "3", Name: "Sales"}, {ID: "2", Name: "2"}},
		},
		`{"costCenters":[{"name":"R&D"}]}`:             {code: fault.Unexpected},
		`{"costCenters":[{"id":"none","name":"R&D"}]}`: {code: fault.Unexpected},
		`{"costCenters":["R&D"]}`:                      {code: fault.Unexpected},
		`{"costCenters":null}`:                         {code: fault.Unexpected},
		`[]`:                                           {code: fault.Unexpected},
	} {
		got, err := answering(t, says(body)).CostCenters(t.Context(), enterprise)
		check(t, err, want.code)
		if diff := cmp.Diff(want.list, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

func TestBudgetsOfAICreditsAreReadFromEveryPage(t *testing.T) {
	t.Parallel()
	const other = `{"id":"x","budget_product_sku":"actions","budget_scope":"enterprise","budget_amount":5}`
	pages := []string{
		`{"budgets":[` + other + `,{"id":"1","budget_product_skus":["ai_credits"],"budget_scope":"enterprise","budget_entity_name":"octo-test","budget_amount":1500.5,
			"prevent_further_usage":false,"budget_alerting":{"will_alert":true,"alert_recipients":["octo"]}}],"has_next_page":true,"total_count":4}`,
		`{"budgets":[{"id":"1","budget_product_sku":"ai_credits"},{"id":"2","budget_product_sku":"Copilot_AI_Credit","budget_scope":"user","budget_entity_name":"","user":"octo",
			"budget_amount":0,"prevent_further_usage":true}],"has_next_page":true}`,
		`{"budgets":[{"id":"3","budget_product_skus":["ai_credits","actions"]},{"id":"4","budget_product_sku":"copilot"},{"id":"5","budget_product_sku":"ai_credits","budget_scope":"newest",
			"budget_amount":"much","prevent_further_usage":"yes"}],"has_next_page":false}`,
	}
	got, err := answering(t, func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		says(pages[page-1])(w, r)
	}).Budgets(t.Context(), enterprise)
	check(t, err, "")
	amount := func(text string) *money.Decimal {
		d, err := money.ParseDecimal(text)
		if err != nil {
			t.Fatal(err)
		}
		return &d
	}
	if diff := cmp.Diff([]cost.Budget{
		{Scope: "enterprise", Name: "octo-test", Amount: amount("1500.5"), Alerting: new(true), Stops: new(false)},
		{Scope: "user", Name: "octo", Person: true, Amount: amount("0"), Stops: new(true)},
		{Scope: "newest"},
	}, got); diff != "" {
		t.Errorf("budgets (-want +got):\n%s", diff)
	}

	for body, want := range map[string]fault.Code{
		`{"budgets":[]}`: "", `{"budgets":[],"has_next_page":true}`: fault.Unexpected, `{"budgets":{}}`: fault.Unexpected, `{}`: fault.Unexpected,
		fmt.Sprintf(`{"budgets":[%s],"has_next_page":true}`, other): fault.TooMany,
	} {
		list, err := answering(t, says(body)).Budgets(t.Context(), org)
		check(t, err, want)
		if (list == nil) != (want != "") {
			t.Errorf("%s gives %v", body, list)
		}
	}
}
