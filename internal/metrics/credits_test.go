package metrics_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestCreditsAreWrittenToTheLastDecimal(t *testing.T) {
	for text, want := range map[string]metrics.Credits{
		"0": 0, "12.5": 12_500_000, "0.000001": 1, "-0.5": -500_000, "4370834749.728398": 4_370_834_749_728_398, "34091.4": 34_091_400_000,
	} {
		written, err := json.Marshal(want)
		if err != nil || string(written) != text {
			t.Errorf("%d is written %s, %v, want %s", want, written, err, text)
		}
	}
	for text, want := range map[string]metrics.Credits{"1e-6": 1, "2.5E1": 25_000_000, "0.1234567": 123_457, "7": 7_000_000, "1.50": 1_500_000} {
		var got metrics.Credits
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is read as %d, %v, want %d", text, got, err, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		want := metrics.Credits(rapid.Int64Range(0, 1<<62).Draw(t, "credits"))
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got metrics.Credits
		if err := json.Unmarshal(text, &got); err != nil || got != want {
			t.Fatalf("%d became %s, and then %d, %v", want, text, got, err)
		}
	})
}
