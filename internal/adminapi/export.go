package adminapi

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/export"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// part is a whole table or a part of it.
type part struct {
	out    *edge.Answer
	name   string // the file's name, without the prefix that all have
	format export.Format
	number int    // counts from 1; 0: the whole table
	next   string // the place at which the next part begins; empty: this is the last
	took   func() time.Duration

	inMemory      bool    // all rows are read before the first is written
	left, longest float64 // the share of the answer that is left, and that of the longest page
}

const (
	// partTime is the time after which a part ends even if it is not full. The gateway waits for 30 seconds, and reading one page
	// may take some of them.
	partTime = 15 * time.Second

	// wholeTime is the time after which a whole table is given up.
	wholeTime = 20 * time.Second

	// memoryTime is the time after which a table in memory ends. Its rows do not wait for the store, and writing them takes little time.
	memoryTime = 23 * time.Second
)

// errTooLong says that a whole table does not fit into one answer. errTooSlow says that it takes longer than the gateway waits.
var (
	errTooLong = errors.New("the table is longer than an answer can be")
	errTooSlow = errors.New("the table takes longer than an answer may")
)

const inParts = "Ask for the table in parts: with part=1, each part going on where its header Link says."

// rows writes a table from a place on, page by page, until the part is full or late, or the table ends. A part also ends before a page
// that does not come in time, if it has other pages. A whole table is never cut.
func rows[Row any](p *part, place string, page func(place string) (rows []Row, next string, err error)) error {
	w, err := export.NewWriter[Row](p.out, p.format)
	if err != nil {
		return err
	}
	for first := true; ; first = false {
		list, next, err := page(place)
		if !first && p.number > 0 && fault.Is(err, fault.OutOfTime) {
			p.next = place
			return w.Close()
		}
		if err != nil {
			return err
		}
		for _, row := range list {
			if err := w.Write(row); err != nil {
				return err
			}
		}
		if p.out.TooLong() {
			return errTooLong
		}
		if next == "" || p.number > 0 && (p.full() || p.late(partTime)) {
			p.next = next
			return w.Close()
		}
		if p.late(wholeTime) {
			return errTooSlow
		}
		place = next
	}
}

// inMemory writes a table whose rows are in memory.
func inMemory[Row any](p *part, some func() (rows []Row, next string)) error {
	p.inMemory = true
	return rows(p, "", func(string) ([]Row, string, error) {
		list, next := some()
		return list, next, nil
	})
}

// full reports whether the part should end after a page. A list in memory is read anew for the next part, so it makes parts as long
// as it can: it leaves room for twice its longest page. Pages that are read differ more in length, and leave a third of the answer.
func (p *part) full() bool {
	left := p.out.Left()
	p.longest, p.left = max(p.longest, p.left-left), left
	if p.inMemory {
		return left < max(2*p.longest, 1./8)
	}
	return left < 1./3
}

// late reports whether the table should end, given the time for tables that are read page by page.
func (p *part) late(most time.Duration) bool {
	if p.inMemory {
		most = memoryTime
	}
	return p.took() >= most
}

// table is a kind of table, with its own query parameters in addition to those of all tables.
type table struct {
	write func(a API, r *http.Request, c *connector.Connector, query url.Values, p *part) *problem
	takes []string
}

// exports are the tables, by kind.
var exports = map[string]table{
	"usage": {API.exportUsage, []string{"from", "to", "by"}},
	"users": {API.exportUsers, []string{"from", "to", "team", "q", "sort", "order"}},
	"seats": {API.exportSeats, seatParameters},
	"cost":  {API.exportCost, []string{"month", "by"}},

	"repositories": {API.exportRepositories, []string{"from", "to"}},
}

// ofEveryTable are the query parameters of all tables.
var ofEveryTable = []string{"kind", "format", "part", "next"}

// exportParameters are those of all tables together.
func exportParameters() []string {
	all := slices.Clone(ofEveryTable)
	for _, kind := range slices.Sorted(maps.Keys(exports)) {
		for _, name := range exports[kind].takes {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// formatFOCUS is a format of the kind cost: rows by the FOCUS specification, as CSV.
const formatFOCUS export.Format = "focus"

// showExport answers GET /connectors/{id}/export with a table as a file, or with a part of it. The header Link names the next part.
func (a API) showExport(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	query := r.URL.Query()
	kind := query.Get("kind")
	table, ok := exports[kind]
	if check.require(ok, "kind", "must be one of "+strings.Join(slices.Sorted(maps.Keys(exports)), ", ")); ok {
		check.goWith("kind="+kind, query, append(slices.Clone(ofEveryTable), table.takes...))
	}
	began := a.Now()
	p := &part{
		out: w, format: export.Format(query.Get("format")), number: check.part(query), left: 1,
		took: func() time.Duration { return a.Now().Sub(began) },
	}
	switch p.format {
	case export.CSV, export.JSON:
	case formatFOCUS:
		check.require(kind == "cost", "format", "may be focus with the kind cost only")
	default:
		check.require(false, "format", "must be csv, json or, with the kind cost, focus")
	}
	if wrong := check.problem(); wrong != nil {
		return wrong
	}
	if p.number == 0 {
		w.WhenTooLong(func(float64) string { return inParts })
	}
	if wrong := table.write(a, r, c, query, p); wrong != nil {
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
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="copilot-%s-%s.%s"`, c.Slug, p.name, extension))
	return nil
}

var partPattern = regexp.MustCompile(`^[1-9][0-9]{0,5}$`)

// part reads the number of the requested part. 0 means the whole table.
func (c *formCheck) part(query url.Values) int {
	given, goesOn := query.Get("part"), query.Get("next") != ""
	number := 0
	if partPattern.MatchString(given) {
		number, _ = strconv.Atoi(given) // the pattern allows only digits that fit
	}
	c.require((given == "" || number > 0) && goesOn == (number > 1), "part",
		"must be left out for the whole table, and 1 for the first part. For a later part, take the URL in the header Link, which also has next")
	return number
}
