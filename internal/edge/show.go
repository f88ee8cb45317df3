package edge

import (
	stdjson "encoding/json"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Clean returns a text that is safe to show. Names come from outside and could control a terminal or a page. Clean replaces
// control characters, and characters that change the direction of writing, by U+FFFD.
func Clean(text string) string {
	return strings.Map(harmless, strings.ToValidUTF8(text, string(unicode.ReplacementChar)))
}

func harmless(r rune) rune {
	if unicode.IsControl(r) || '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069' {
		return unicode.ReplacementChar
	}
	return r
}

// shown are the rules for all values in answers: texts pass Clean, times have whole seconds, and a number that is JSON already
// stays unchanged.
var shown = json.JoinOptions(
	json.WithMarshalers(json.JoinMarshalers(
		json.MarshalToFunc(func(out *jsontext.Encoder, text string) error { return out.WriteToken(jsontext.String(Clean(text))) }),
		json.MarshalToFunc(func(out *jsontext.Encoder, instant time.Time) error {
			return out.WriteToken(jsontext.String(instant.UTC().Format(time.RFC3339)))
		}),
		json.MarshalToFunc(func(out *jsontext.Encoder, number stdjson.Number) error {
			return out.WriteValue(jsontext.Value(number))
		}),
	)),
	json.FormatNilSliceAsNull(true),
	json.Deterministic(true),
	jsontext.AllowInvalidUTF8(true), // skips a check: Clean has replaced invalid UTF-8 in texts from outside, and ours have none
)

// JSON returns a value as JSON by the rules for answers.
func JSON(value any) ([]byte, error) { return json.Marshal(value, shown) }
