// Package export writes what was collected as tables, row by row, for people who use other tools: as CSV, as JSON, and costs also by
// FOCUS, the FinOps Open Cost and Usage Specification. It decides how a row looks, and not which rows there are. Start reading at
// Writer.
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
	CSV  Format = "csv"  // the first row has the names of the columns; an unknown value is empty
	JSON Format = "json" // an array of objects; an unknown value is null
)

// Writer writes a table. A row is a flat struct. Its fields are the columns, and their json tags are the names of the
// columns. The output is complete only after Close; JSON without its end is malformed, so a reader notices.
type Writer[Row any] struct {
	out    io.Writer
	format Format
	begun  bool // whether the JSON array has a row
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

// Close ends the table. It does not close the underlying writer.
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

// hidden is the tag of fields that are not columns.
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
