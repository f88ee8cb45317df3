package export

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// csvLine writes the fields of a JSON object as they are, so that numbers, times and days look the same in both formats.
func csvLine(object []byte) ([]byte, error) {
	fields := jsontext.NewDecoder(bytes.NewBuffer(object))
	var cells []string
	_, err := fields.ReadToken() // {
	for err == nil && fields.PeekKind() != '}' {
		if err = fields.SkipValue(); err == nil { // the field's name
			var value jsontext.Token
			value, err = fields.ReadToken()
			cells = append(cells, cell(value))
		}
	}
	return []byte(strings.Join(cells, ",") + "\n"), err
}

// cell returns a value as a cell. An unknown value is an empty cell.
func cell(value jsontext.Token) string {
	switch value.Kind() {
	case 'n':
		return ""
	case '"':
		return quoted(defused(value.String()))
	}
	return value.String()
}

// formula matches text that a spreadsheet may compute: at the beginning, or after a semicolon, because some spreadsheets split cells at
// semicolons. White space before it, even invisible, does not stop a spreadsheet.
var formula = regexp.MustCompile(`(^|;)([\s\p{Z}\p{Cf}]*[=+\-@＝＋－＠])`)

// defused puts an apostrophe before a text that a spreadsheet would take for a formula: names of people, teams and models
// are chosen elsewhere. https://owasp.org/www-community/attacks/CSV_Injection
func defused(text string) string {
	if !strings.ContainsAny(text, "=+-@＝＋－＠") {
		return text
	}
	return formula.ReplaceAllString(text, "$1'$2")
}

// notText matches texts that some readers take for another type unless they are quoted.
var notText = regexp.MustCompile(`(?i)^\s*([0-9_.,]*[0-9][0-9_.,]*(e[+-]?[0-9]+)?|0[xob][0-9a-f]+|inf(inity)?|nan|null|na|n/a|none|nil|true|false)\s*$`)

// quoted returns a text as a cell. It adds quotes if readers would otherwise see several cells, or another type.
func quoted(text string) string {
	if text != "" && (strings.ContainsAny(text, "\",;\n\r") || text[0] == ' ' || text == `\.` || notText.MatchString(text)) {
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}
