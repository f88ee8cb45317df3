package adminapi

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/export"
)

// LambdaExport is what an export may take of a Lambda's answer, which is a string in JSON, of 6 MB in all: some is left for
// the page that is being written then.
const LambdaExport = 4 << 20

// part is a table, or a part of it, before it is sent: as long as it is not, what goes wrong can be answered as that.
type part struct {
	name   string // of the file, without what is the same in all
	format export.Format
	number int    // from 1; 0: the whole table
	next   string // where the next part begins; empty: this is the last
	limit  int    // bytes it may take as a string in JSON; 0: any

	body    bytes.Buffer
	packer  *gzip.Writer // nil: it is sent as it is
	escapes int          // bytes that it takes more as a string in JSON
}

// Write adds to the part.
func (p *part) Write(text []byte) (int, error) {
	if p.packer != nil {
		return p.packer.Write(text)
	}
	for _, c := range text {
		if c < ' ' || strings.IndexByte(`"\<>&`, c) >= 0 {
			p.escapes += len(`\u0000`) - 1
		}
	}
	return p.body.Write(text)
}

func (p *part) full() bool {
	size := p.body.Len() + p.escapes
	if p.packer != nil {
		size = base64.StdEncoding.EncodedLen(p.body.Len())
	}
	return p.limit > 0 && size >= p.limit
}

// errTooLong says that a table was asked for whole which one answer cannot hold.
var errTooLong = errors.New("must be 1 here, for the table is longer than one answer: it comes in parts, each going on where its header Link " +
	"says. Or accept it compressed, by the header Accept-Encoding: gzip (curl --compressed)")

// rows writes a table from a place on, page by page, until the part is full or the table ends. What is asked for whole is
// never cut.
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
		if next == "" || p.full() {
			p.next = next
			break
		}
		place = next
	}
	if p.next != "" && p.number == 0 {
		return errTooLong
	}
	err = w.Close()
	if err == nil && p.packer != nil {
		err = p.packer.Close()
	}
	return err
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

// showExport answers GET /connectors/{id}/export: a table as a file, or a part of it, which goes on where its header Link says.
func (a API) showExport(w http.ResponseWriter, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	query := check.query(r)
	write, ok := exports[query.Get("kind")]
	check.require(ok, "kind", "must be one of "+strings.Join(slices.Sorted(maps.Keys(exports)), ", "))
	p := &part{format: export.Format(query.Get("format")), number: check.part(query), limit: a.MaxExport}
	if acceptsGzip(r) {
		p.packer, _ = gzip.NewWriterLevel(&p.body, gzip.BestSpeed) // fails only for a level that there is not
	}
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
	if p.number > 0 {
		p.name = fmt.Sprintf("%s-part-%d", p.name, p.number)
	}
	if p.next != "" {
		query.Set("part", strconv.Itoa(p.number+1))
		query.Set("next", p.next)
		w.Header().Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, r.URL.EscapedPath(), query.Encode()))
	}
	if p.packer != nil {
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Vary", "Accept-Encoding")
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="copilot-%s-%s.%s"`, c.Slug, p.name, extension))
	_, _ = w.Write(p.body.Bytes()) // fails only when the caller has gone
	return nil
}

var partPattern = regexp.MustCompile(`^[1-9][0-9]{0,5}$`)

// part reads which part is asked for; 0: the whole table.
func (c *formCheck) part(query url.Values) int {
	given, goesOn := query.Get("part"), query.Get("next") != ""
	number := 0
	if partPattern.MatchString(given) {
		number, _ = strconv.Atoi(given) // digits that fit
	}
	c.require((given == "" || number > 0) && goesOn == (number > 1), "part",
		"must be left out for the whole table, 1 for its first part, and for those after it what the header Link says, together with next")
	return number
}

// acceptsGzip reports whether the caller names gzip among what it accepts.
func acceptsGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(strings.ToLower(strings.Join(r.Header.Values("Accept-Encoding"), ",")), ",") {
		name, weight, weighted := strings.Cut(coding, ";")
		if strings.TrimSpace(name) != "gzip" {
			continue
		}
		quality, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
		return !weighted || err == nil && quality > 0
	}
	return false
}
