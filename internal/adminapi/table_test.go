//go:build !race

package adminapi_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// table is an exported CSV. Each row has its values by column name.
type table []map[string]string

// export reads all parts of a table as CSV, and compares it with the same table as JSON.
func (a *app) export(path string) (rows table) {
	a.t.Helper()
	var fromJSON []map[string]any
	for format, next := "csv", path+"&format=csv&part=1"; next != ""; {
		got := a.send(http.MethodGet, next, "")
		if got.status != http.StatusOK {
			a.t.Fatalf("%s got %d %s, want 200", next, got.status, got.body)
		}
		if format == "csv" {
			rows = append(rows, parseTable(a.t, got)...)
		} else {
			fromJSON = append(fromJSON, decode[[]map[string]any](a.t, got)...)
		}
		if next = linkOf(got); next == "" && format == "csv" {
			format, next = "json", path+"&format=json&part=1"
		}
	}
	if len(rows) != len(fromJSON) {
		a.t.Fatalf("%d rows are in CSV, %d in JSON", len(rows), len(fromJSON))
	}
	for i, row := range rows {
		if len(row) != len(fromJSON[i]) {
			a.t.Errorf("columns are %v in CSV, %v in JSON", row, fromJSON[i])
		}
		for name, value := range fromJSON[i] {
			text := fmt.Sprint(value)
			if number, ok := value.(float64); ok && float(json.Number(row[name])) == number {
				text = row[name]
			}
			if value == nil {
				text = ""
			}
			if row[name] != text {
				a.t.Errorf("%s is %q in CSV, %v in JSON", name, row[name], value)
			}
		}
	}
	return rows
}

func parseTable(t *testing.T, got answer) (rows table) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(string(got.body))).ReadAll()
	if err != nil {
		t.Fatalf("%v in %s", err, got.body)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

var nextLink = regexp.MustCompile(`^<(.+)>; rel="next"$`)

// linkOf returns the path of the next part, or "" after the last.
func linkOf(got answer) string {
	if link := nextLink.FindStringSubmatch(got.header.Get("Link")); link != nil {
		return link[1]
	}
	return ""
}
