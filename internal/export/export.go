// Package export writes what was collected as tables, row by row, for people who live in other tools: as CSV, as JSON,
// and what Copilot costs also by FOCUS, the FinOps Open Cost and Usage Specification.
package export

import (
	"bytes"
	"encoding/csv"
	"io"
	"reflect"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// Format is how a table is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"  // a row of names before the others; what is not known is empty
	JSON Format = "json" // an array of objects; what is not known is null
)

// Writer writes a table. A row is a flat struct, whose fields are the columns, named by their json tags. What is written
// is whole only once the writer was closed: of JSON, whoever reads it sees that the end is lacking.
type Writer[Row any] struct {
	out   io.Writer
	table *csv.Writer // nil: JSON
	begun bool
}

// NewWriter begins a table.
func NewWriter[Row any](out io.Writer, format Format) (*Writer[Row], error) {
	w := &Writer[Row]{out: out}
	if format == JSON {
		return w, nil
	}
	w.table = csv.NewWriter(out)
	return w, w.table.Write(columns[Row]())
}

// Write adds a row.
func (w *Writer[Row]) Write(row Row) error {
	if w.table != nil {
		cells, err := cells(row)
		if err != nil {
			return err
		}
		return w.table.Write(cells)
	}
	separator := byte(',')
	if !w.begun {
		w.begun, separator = true, '['
	}
	object, err := edge.JSON(row)
	if err == nil {
		_, err = w.out.Write(append(append([]byte{separator}, object...), '\n'))
	}
	return err
}

// Close ends the table. It does not close what it is written to.
func (w *Writer[Row]) Close() error {
	if w.table != nil {
		w.table.Flush()
		return w.table.Error()
	}
	end := "]\n"
	if !w.begun {
		end = "[]\n"
	}
	_, err := io.WriteString(w.out, end)
	return err
}

// hidden is the tag of fields that are no columns.
const hidden = "-"

func columns[Row any]() []string {
	row := reflect.TypeFor[Row]()
	var names []string
	for i := range row.NumField() {
		if name := row.Field(i).Tag.Get("json"); name != hidden {
			names = append(names, name)
		}
	}
	return names
}

// cells are the fields as they stand in JSON: one notation of numbers, times and days for both formats.
func cells(row any) (cells []string, err error) {
	object, err := edge.JSON(row)
	if err != nil {
		return nil, err
	}
	fields := jsontext.NewDecoder(bytes.NewBuffer(object))
	_, err = fields.ReadToken() // {
	for err == nil && fields.PeekKind() != '}' {
		if err = fields.SkipValue(); err == nil { // its name
			var cell string
			cell, err = readCell(fields)
			cells = append(cells, cell)
		}
	}
	return cells, err
}

// readCell reads a value. What is not known is empty.
func readCell(fields *jsontext.Decoder) (string, error) {
	value, err := fields.ReadToken()
	switch value.Kind() {
	case 'n':
		return "", err
	case '"':
		return defused(value.String()), err
	}
	return value.String(), err
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
