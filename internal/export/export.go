// Package export writes what was collected as tables, row by row, for people who live in other tools: as CSV, as JSON,
// and what Copilot costs also by FOCUS, the FinOps Open Cost and Usage Specification.
package export

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"
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
	out     io.Writer
	objects *json.Encoder // nil: CSV
	table   *csv.Writer   // nil: JSON
	begun   bool
}

// NewWriter begins a table.
func NewWriter[Row any](out io.Writer, format Format) (*Writer[Row], error) {
	w := &Writer[Row]{out: out}
	if format == JSON {
		w.objects = json.NewEncoder(out)
		w.objects.SetEscapeHTML(false)
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
	separator := ","
	if !w.begun {
		w.begun, separator = true, "["
	}
	if _, err := io.WriteString(w.out, separator); err != nil {
		return err
	}
	return w.objects.Encode(row)
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
func cells(row any) ([]string, error) {
	fields := reflect.ValueOf(row)
	cells := make([]string, 0, fields.NumField())
	for i := range fields.NumField() {
		if fields.Type().Field(i).Tag.Get("json") == hidden {
			continue
		}
		text, err := json.Marshal(fields.Field(i).Interface())
		if err != nil {
			return nil, err
		}
		cell := string(text)
		switch {
		case cell == "null":
			cell = ""
		case text[0] == '"':
			if err := json.Unmarshal(text, &cell); err != nil {
				return nil, err
			}
			cell = harmless(cell)
		}
		cells = append(cells, cell)
	}
	return cells, nil
}

// harmless keeps spreadsheets from taking a text for a formula, by an apostrophe before it: names of people, teams and
// models are chosen elsewhere. https://owasp.org/www-community/attacks/CSV_Injection
func harmless(text string) string {
	if first, _ := utf8.DecodeRuneInString(text); text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + text
	}
	return text
}
