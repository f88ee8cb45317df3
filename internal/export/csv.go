package export

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// csvLine writes the fields of a JSON object as they stand there: one notation of numbers, times and days for both formats.
func csvLine(object []byte) ([]byte, error) {
	fields := jsontext.NewDecoder(bytes.NewBuffer(object))
	var cells []string
	_, err := fields.ReadToken() // {
	for err == nil && fields.PeekKind() != '}' {
		if err = fields.SkipValue(); err == nil { // its name
			var value jsontext.Token
			value, err = fields.ReadToken()
			cells = append(cells, cell(value))
		}
	}
	return []byte(strings.Join(cells, ",") + "\n"), err
}

// cell is a value as a cell. What is not known is empty.
func cell(value jsontext.Token) string {
	switch value.Kind() {
	case 'n':
		return ""
	case '"':
		return quoted(defused(value.String()))
	}
	return value.String()
}

// formula begins what a spreadsheet may compute: at a text's beginning, or where a spreadsheet that parts cells at semicolons
// begins another. Blanks before it, also those that are not seen, keep no spreadsheet from that.
var formula = regexp.MustCompile(`(^|;)([\s\p{Z}\p{Cf}]*[=+\-@＝＋－＠])`)

// defused keeps spreadsheets from taking a text for a formula, by an apostrophe before it: names of people, teams and models
// are chosen elsewhere. https://owasp.org/www-community/attacks/CSV_Injection
func defused(text string) string {
	if !strings.ContainsAny(text, "=+-@＝＋－＠") {
		return text
	}
	return formula.ReplaceAllString(text, "$1'$2")
}

// notText is what readers that guess types take for something else than a text, unless it is quoted.
var notText = regexp.MustCompile(`(?i)^\s*([0-9_.,]*[0-9][0-9_.,]*(e[+-]?[0-9]+)?|0[xob][0-9a-f]+|inf(inity)?|nan|null|na|n/a|none|nil|true|false)\s*$`)

// quoted is a text as a cell, in quotes where it would otherwise be taken for several, or for no text.
func quoted(text string) string {
	if text != "" && (strings.ContainsAny(text, "\",;\n\r") || text[0] == ' ' || text == `\.` || notText.MatchString(text)) {
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}
