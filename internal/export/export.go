// Package export writes what was collected as tables, row by row, for people who live in other tools: as CSV, as JSON,
// and what Copilot costs also by FOCUS, the FinOps Open Cost and Usage Specification.
package export

import (
	"io"
	"reflect"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// Format is how a table is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"  // a row of names before the others; what is not known is empty
	JSON Format = "json" // an array of objects; what is not known is null
)

// Writer writes a table. A row is a flat struct. Its fields are the columns, and their json tags are the names of the
// columns. The output is complete only after Close; JSON without its end is malformed, so a reader notices.
type Writer[Row any] struct {
	out    io.Writer
	format Format
	begun  bool // of JSON
}

// NewWriter begins a table.
func NewWriter[Row any](out io.Writer, format Format) (*Writer[Row], error) {
	w := &Writer[Row]{out: out, format: format}
	if format == JSON {
		return w, nil
	}
	_, err := io.WriteString(out, strings.Join(columns[Row](), ",")+"\n")
	return w, err
}

// Write adds a row.
func (w *Writer[Row]) Write(row Row) error {
	line, err := edge.JSON(row)
	if err != nil {
		return err
	}
	switch {
	case w.format != JSON:
		line, err = csvLine(line)
	case w.begun:
		line = append([]byte{','}, append(line, '\n')...)
	default:
		line, w.begun = append([]byte{'['}, append(line, '\n')...), true
	}
	if err == nil {
		_, err = w.out.Write(line)
	}
	return err
}

// Close ends the table. It does not close what it is written to.
func (w *Writer[Row]) Close() error {
	end := ""
	switch {
	case w.format != JSON:
	case w.begun:
		end = "]\n"
	default:
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
