package edge

import (
	stdjson "encoding/json"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Clean returns a text as it is shown: names come from outside, and a terminal or a page must not obey what is in them.
// Control characters, and those that turn the direction of writing round, become U+FFFD.
func Clean(text string) string {
	return strings.Map(harmless, strings.ToValidUTF8(text, string(unicode.ReplacementChar)))
}

func harmless(r rune) rune {
	if unicode.IsControl(r) || '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069' {
		return unicode.ReplacementChar
	}
	return r
}

// shown are the kinds of values that are shown alike everywhere: texts are clean, times have whole seconds, and a number
// that was written already stands as it is.
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
	jsontext.AllowInvalidUTF8(true), // in words of ours, of which there is none
)

// JSON returns a value as JSON, as it is shown everywhere.
func JSON(value any) ([]byte, error) { return json.Marshal(value, shown) }
