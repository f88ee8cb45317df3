package cost_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/cost"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestModelsByTier(t *testing.T) {
	for tier, models := range map[cost.Tier][]string{
		cost.TierFrontier: {
			"Claude Opus 4.5", "claude-opus-4.5", "Claude Opus 4.8 (fast mode) (preview)", "claude-4-opus", "Claude Fable 5.1",
			"GPT-5", "gpt-5", "GPT:5", "gpt~5", "GPT-5.1", "gpt-5.1-codex", "GPT-5.6 Sol", "GPT-6 Astra", "Gemini 3 Ultra", "Auto: GPT-5.2-Codex",
		},
		cost.TierMid: {
			"Claude Sonnet 4.5", "claude-3.7-sonnet", "GPT-5 mini", "gpt-5-mini", "gpt-5.1-codex-mini", "GPT-5.6 Terra",
			"GPT-4.1", "gpt-4.1-copilot", "gpt-4o", "gpt-4o-mini", "o3", "o4-mini", "Gemini 2.5 Pro", "gemini-2.5-pro",
			"Grok Code Fast 1", "grok-code-fast-1", "Raptor mini", "Goldeneye", "Qwen2.5", "MAI-Code-1-Flash",
		},
		cost.TierEntry: {
			"Claude Haiku 4.5", "Auto: Claude Haiku 4.5", "GPT-5 nano", "gpt-5.4-nano", "GPT-6 Luna",
			"Gemini 3.5 Flash", "gemini-2.0-flash", "Gemini 2.0 Flash-Lite",
		},
		cost.TierUnclassified: {
			"", "auto", "others", "unknown", "default", "Auto: ", "Claude", "claude-instant", "Gemini", "gpt-7", "nano", "opus",
			"GPT", "o10", "o19", "o1z", "zo1", "text-ada", "gpt-50", "日本",
		},
	} {
		for _, model := range models {
			if got := cost.TierOf(model); got != tier {
				t.Errorf("%q is %s, want %s", model, got, tier)
			}
		}
	}
}

func TestTheDocumentedTiersAgreeWithTheTable(t *testing.T) {
	text, err := os.ReadFile("../../docs/METRICS.md")
	check(t, err)
	rows := regexp.MustCompile("(?m)^\\| `(frontier|mid|entry)` \\| (.*) \\|$").FindAllStringSubmatch(string(text), -1)
	if len(rows) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		for model := range strings.SplitSeq(row[2], ", ") {
			if got := cost.TierOf(model); string(got) != row[1] {
				t.Errorf("%q is %s, documented as %s", model, got, row[1])
			}
		}
	}
}

func TestOnlyCreditsAreBilled(t *testing.T) {
	for _, test := range []struct {
		unit, sku string
		counts    bool
	}{
		{"ai-credits", "Copilot AI Credits", true},
		{"credits", "Copilot AI Credits", true},
		{"AI Credits", "", true},
		{"requests", "Copilot Premium Request", false},
		{"credits", "Copilot Premium Request", false},
		{"user-months", "Copilot Business", false},
		{"AICredits", "Copilot AI Credits Premium", true},
		{"Requests", "", false},
	} {
		f := november()
		f.Bill.Items = []cost.CreditItem{row("GPT-5", "100", "1", "100", "1")}
		f.Bill.Items[0].UnitType, f.Bill.Items[0].SKU = test.unit, test.sku
		m := f.Month()
		if counted := m.Credits.Billed.Cents == 100; counted != test.counts || (len(m.ByModel.Rows) == 1) != test.counts {
			t.Errorf("%s of %s: counted %v, models %v", test.unit, test.sku, counted, m.ByModel.Rows)
		}
	}
}

func TestModelsWithEqualUseAreListedByName(t *testing.T) {
	chat := day(1, 2, nil)
	chat.Chat = &metrics.Chat{}
	want := []string{"a", "b", "c", "d", "e", "f"}
	for _, name := range []string{"c", "e", "a", "f", "d", "b"} {
		chat.Chat.ByModel = append(chat.Chat.ByModel, metrics.ChatRow{Name: name, Interactions: new(int64(1))})
	}
	f := november()
	f.Days, f.Bill = []metrics.Day{chat}, nil
	var got []string
	for _, row := range f.Month().ByModel.Rows {
		got = append(got, row.Name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheBasisOfTheModelMix(t *testing.T) {
	chat := day(1, 2, credits(1))
	chat.Chat = &metrics.Chat{ByModel: []metrics.ChatRow{{Name: "gpt-5", Interactions: new(int64(3))}, {Name: "auto"}, {Name: "Auto: gpt-5", Interactions: new(int64(1))}}}
	nothing := day(1, 2, credits(1))
	nothing.Chat = &metrics.Chat{ByModel: []metrics.ChatRow{{Name: "gpt-5", Interactions: new(int64)}}}
	for _, test := range []struct {
		name  string
		days  []metrics.Day
		bill  *cost.CreditBill
		basis cost.Basis
		rows  string
	}{
		{
			"a bill",
			[]metrics.Day{chat},
			&cost.CreditBill{Items: []cost.CreditItem{row("", "1", "0.01", "0", "0")}}, cost.BasisDollars,
			`[{"name":"unknown","tier":"unclassified","grossValue":{"amount":"0.01","currency":"USD","estimated":false},"billed":{"amount":"0.00","currency":"USD","estimated":false},"interactions":null,"share":1}]`,
		},
		{
			"an empty bill",
			[]metrics.Day{chat},
			&cost.CreditBill{}, cost.BasisInteractions,
			`[{"name":"gpt-5","tier":"frontier","grossValue":null,"billed":null,"interactions":4,"share":1}]`,
		},
		{"an empty bill, and no chat", []metrics.Day{day(1, 2, nil)}, &cost.CreditBill{}, cost.BasisNotReported, `[]`},
		{
			"a bill with a correction",
			[]metrics.Day{chat},
			&cost.CreditBill{Items: []cost.CreditItem{row("a", "500", "5", "0", "0"), row("b", "-700", "-7", "0", "0")}}, cost.BasisDollars,
			`[{"name":"a","tier":"unclassified","grossValue":{"amount":"5.00","currency":"USD","estimated":false},"billed":{"amount":"0.00","currency":"USD","estimated":false},"interactions":null,"share":null},
				{"name":"b","tier":"unclassified","grossValue":{"amount":"-7.00","currency":"USD","estimated":false},"billed":{"amount":"0.00","currency":"USD","estimated":false},"interactions":null,"share":null}]`,
		},
		{
			"an incomplete bill",
			[]metrics.Day{chat},
			&cost.CreditBill{Items: []cost.CreditItem{{Model: "GPT-5", UnitType: "credits"}}}, cost.BasisInteractions,
			`[{"name":"gpt-5","tier":"frontier","grossValue":null,"billed":null,"interactions":4,"share":1}]`,
		},
		{
			"only chat",
			[]metrics.Day{chat},
			nil, cost.BasisInteractions,
			`[{"name":"gpt-5","tier":"frontier","grossValue":null,"billed":null,"interactions":4,"share":1}]`,
		},
		{
			"no interactions",
			[]metrics.Day{nothing},
			nil, cost.BasisInteractions,
			`[{"name":"gpt-5","tier":"frontier","grossValue":null,"billed":null,"interactions":0,"share":null}]`,
		},
		{"chat without a split", []metrics.Day{{State: metrics.Final, Usage: metrics.Usage{Chat: &metrics.Chat{}}}}, nil, cost.BasisNotReported, `[]`},
		{"no chat", []metrics.Day{day(1, 2, nil)}, nil, cost.BasisNotReported, `[]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := november()
			if f.Days, f.Bill = test.days, test.bill; f.Bill != nil {
				f.Bill.ReadAt = now
			}
			mix := f.Month().ByModel
			if diff := cmp.Diff(test.basis, mix.Basis); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			mustEqualJSON(t, test.rows, mix.Rows)
		})
	}
}

func TestTheModelsOfATierAreAddedUp(t *testing.T) {
	t.Parallel()
	f := november()
	f.Bill = nil
	f.Days = []metrics.Day{day(1, 5, nil)}
	f.Days[0].Chat = &metrics.Chat{ByModel: []metrics.ChatRow{
		{Name: "gpt-5", Interactions: new(int64(30))},
		{Name: "claude-opus-4.5", Interactions: new(int64(14))},
		{Name: "gpt-6", Interactions: new(int64(6))},
		{Name: "claude-haiku-4.5", Interactions: new(int64(50))},
	}}
	want := []cost.TierRow{
		{Tier: cost.TierFrontier, Interactions: new(int64(50)), Share: new(cost.Share(5000))},
		{Tier: cost.TierEntry, Interactions: new(int64(50)), Share: new(cost.Share(5000))},
	}
	if diff := cmp.Diff(want, f.Month().ByModel.Tiers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestABillIsStoredAsItWasRead(t *testing.T) {
	const text = `{"product":"Copilot","sku":"Copilot AI Credits","model":"GPT-5","unitType":"credits","pricePerUnit":0.01,
		"grossQuantity":100.123456789,"grossAmount":1.00123456789,"discountQuantity":4e-5,"netQuantity":-0,"netAmount":0.1}`
	read := decode[cost.CreditItem](t, []byte(text))
	stored, err := json.Marshal(read)
	check(t, err)
	if diff := cmp.Diff(read, decode[cost.CreditItem](t, stored)); diff != "" {
		t.Errorf("stored as %s (-before +after):\n%s", stored, diff)
	}
	if read.GrossQuantity.String() != "100.123456789" || read.DiscountQuantity.String() != "0.00004" || read.DiscountAmount != nil {
		t.Errorf("read as %s", stored)
	}
}
