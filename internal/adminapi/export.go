package adminapi

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/export"
)

// exportFull is when a part of an export ends, in bytes of JSON: a Lambda's answer is a string in JSON, of 6 MB in all. The
// page that is being written then is written to its end.
const exportFull = 4 << 20

// part is a part of an export before it is sent: as long as it is not, what goes wrong can be answered as that.
type part struct {
	bytes.Buffer
	name   string // of the file, without what is the same in all
	format export.Format
	next   string // where the next part begins; empty: this is the last
	inJSON int    // bytes it takes as a string in JSON
}

// Write adds to the part.
func (p *part) Write(text []byte) (int, error) {
	p.inJSON += len(text)
	for _, c := range text {
		if c < ' ' || strings.IndexByte(`"\<>&`, c) >= 0 {
			p.inJSON += len(`\u0000`) - 1
		}
	}
	return p.Buffer.Write(text)
}

// rows writes a table from a place on, page by page, until the part is full or the table ends.
func rows[Row any](p *part, place string, page func(place string) (rows []Row, next string, err error)) error {
	w, err := export.NewWriter[Row](p, p.format)
	if err != nil {
		return err
	}
	for {
		list, next, err := page(place)
		if err != nil {
			return err
		}
		for _, row := range list {
			if err := w.Write(row); err != nil {
				return err
			}
		}
		if next == "" || p.inJSON >= exportFull {
			p.next = next
			return w.Close()
		}
		place = next
	}
}

// exports are the tables, by kind.
var exports = map[string]func(a API, r *http.Request, c *connector.Connector, query url.Values, p *part) *problem{
	"usage": API.exportUsage,
	"users": API.exportUsers,
	"seats": API.exportSeats,
	"cost":  API.exportCost,
}

// formatFOCUS is the format of the kind cost by the FOCUS specification. Its rows are CSV.
const formatFOCUS export.Format = "focus"

// showExport answers GET /connectors/{id}/export: a table as a file. What is too long for one answer goes on where its
// header Link says.
func (a API) showExport(w http.ResponseWriter, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	query := check.query(r)
	write, ok := exports[query.Get("kind")]
	check.require(ok, "kind", "must be one of "+strings.Join(slices.Sorted(maps.Keys(exports)), ", "))
	p := &part{format: export.Format(query.Get("format"))}
	switch p.format {
	case export.CSV, export.JSON:
	case formatFOCUS:
		check.require(query.Get("kind") == "cost", "format", "may be focus with the kind cost only")
	default:
		check.require(false, "format", "must be csv, json or, with the kind cost, focus")
	}
	if wrong := check.problem(); wrong != nil {
		return wrong
	}
	if wrong := write(a, r, c, query, p); wrong != nil {
		return wrong
	}
	extension, contentType := "csv", "text/csv; charset=utf-8"
	if p.format == export.JSON {
		extension, contentType = "json", "application/json"
	}
	if p.next != "" {
		query.Set("next", p.next)
		w.Header().Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, r.URL.EscapedPath(), query.Encode()))
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="copilot-%s-%s.%s"`, c.Slug, p.name, extension))
	_, _ = w.Write(p.Bytes()) // fails only when the caller has gone
	return nil
}
