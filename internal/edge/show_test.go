package edge_test

import (
	"encoding/json"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/edge"
)

func TestTextsAreShownClean(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "octo": "octo", "ü 日本 🙂 e\u0301": "ü 日本 🙂 e\u0301", "\u200e": "\u200e",
		"a\x1b[2J": "a\ufffd[2J", "\x07\x00": "\ufffd\ufffd", "a\x7f": "a\ufffd", "\u0085\u009b": "\ufffd\ufffd", "a\nb\tc\rd": "a\ufffdb\ufffdc\ufffdd",
		"\u202ae\u202eo": "\ufffde\ufffdo", "\u2066\u2069": "\ufffd\ufffd", "bad \xff": "bad \ufffd",
	} {
		if got := edge.Clean(text); got != want {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}

func TestValuesHaveTheSameFormAtEveryDepth(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 7, 0, 0, 123456789, time.FixedZone("", 3600))
	got, err := edge.JSON(struct {
		Name   *string        `json:"name"`
		At     time.Time      `json:"at"`
		Later  *time.Time     `json:"later"`
		Amount json.Number    `json:"amount"`
		Lists  [][]string     `json:"lists"`
		Why    map[string]any `json:"why"`
		None   []string       `json:"none"`
		Empty  []string       `json:"empty"`
		Left   string         `json:"left,omitempty"`
		Words  string         `json:"words"`
	}{
		Name: new("a\x1bb"), At: at, Later: &at, Amount: "17.50", Lists: [][]string{{"\u202e"}}, Why: map[string]any{"b": "x\x7f", "a": 1, "a\x1b": nil},
		Empty: []string{}, Words: "<a> & \u2028 \"q\"",
	})
	want := `{"name":"a` + "\ufffd" + `b","at":"2026-11-22T06:00:00Z","later":"2026-11-22T06:00:00Z","amount":17.50,"lists":[["` + "\ufffd" +
		`"]],"why":{"a":1,"a` + "\ufffd" + `":null,"b":"x` + "\ufffd" + `"},"none":null,"empty":[],"words":"<a> & ` + "\u2028" + ` \"q\""}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s\nwant %s (%v)", got, want, err)
	}
}
