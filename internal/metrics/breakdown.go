package metrics

import (
	"cmp"
	"encoding/json"
	"slices"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"cloudmonitor.ai/copilot-connector/internal/count"
)

// AcceptanceRate returns the rate of a row: accepted ÷ suggested, with four decimals. It is nil if nothing was suggested, and for
// rows that count all features: nobody accepts what agents generate, so this would be no acceptance rate of completions.
func (b Breakdown) AcceptanceRate(row CompletionRow) *float64 {
	if b.Basis != BasisCompletions {
		return nil
	}
	return rate(row.Accepted, row.Suggested)
}

// MarshalJSON implements json.Marshaler. It adds the acceptance rate to each row. The rate is never read back but always computed,
// because a day may have been stored without it.
func (b Breakdown) MarshalJSON() ([]byte, error) { return json.Marshal(b.shown()) }

// MarshalJSONTo implements json.MarshalerTo, so that the encoder of an answer writes names here as it does elsewhere.
func (b Breakdown) MarshalJSONTo(out *jsontext.Encoder) error {
	return jsonv2.MarshalEncode(out, b.shown())
}

// shown returns the breakdown with the acceptance rate of each row.
func (b Breakdown) shown() any {
	type rated struct {
		CompletionRow
		AcceptanceRate *float64 `json:"acceptanceRate"`
	}
	rows := make([]rated, len(b.Rows))
	for i, row := range b.Rows {
		rows[i] = rated{row, b.AcceptanceRate(row)}
	}
	return struct {
		Basis Basis   `json:"basis"`
		Rows  []rated `json:"rows"`
	}{b.Basis, rows}
}

// unnamed is the name of a row whose name GitHub left out. GitHub itself uses this word for names that it does not know.
const unnamed = "unknown"

// completionRows gathers the rows of a breakdown by name.
type completionRows map[string]CompletionRow

func (rows *completionRows) add(name string, suggested, accepted *int64) {
	if *rows == nil {
		*rows = completionRows{}
	}
	name = cmp.Or(name, unnamed)
	if row, known := (*rows)[name]; known {
		suggested, accepted = count.Add(row.Suggested, suggested), count.Add(row.Accepted, accepted)
	}
	(*rows)[name] = CompletionRow{Name: name, Suggested: suggested, Accepted: accepted}
}

// addAll adds the rows of another breakdown. A breakdown that was reported without rows counts as reported.
func (rows *completionRows) addAll(more Breakdown) {
	if *rows == nil && more.Basis != BasisNotReported {
		*rows = completionRows{}
	}
	for _, row := range more.Rows {
		rows.add(row.Name, row.Suggested, row.Accepted)
	}
}

// breakdown returns the rows that split the whole. The split was not reported if the rows are nil, or if there are no rows
// although there was, or may have been, something to split.
func (rows completionRows) breakdown(basis Basis, whole *int64) Breakdown {
	if rows == nil || len(rows) == 0 && (whole == nil || *whole > 0) {
		return Breakdown{Basis: BasisNotReported, Rows: []CompletionRow{}}
	}
	return Breakdown{Basis: basis, Rows: sorted(rows, func(a, b CompletionRow) int {
		return cmp.Or(count.Descending(a.Suggested, b.Suggested), count.Descending(a.Accepted, b.Accepted), cmp.Compare(a.Name, b.Name))
	})}
}

// chatRows gathers the rows of a chat breakdown by name.
type chatRows map[string]ChatRow

func (rows *chatRows) add(name string, interactions *int64) {
	if *rows == nil {
		*rows = chatRows{}
	}
	name = cmp.Or(name, unnamed)
	if row, known := (*rows)[name]; known {
		interactions = count.Add(row.Interactions, interactions)
	}
	(*rows)[name] = ChatRow{Name: name, Interactions: interactions}
}

func (rows *chatRows) addAll(more []ChatRow) {
	if *rows == nil && more != nil {
		*rows = chatRows{}
	}
	for _, row := range more {
		rows.add(row.Name, row.Interactions)
	}
}

// list returns the rows, most interactions first, then by name. It is never nil.
func (rows chatRows) list() []ChatRow {
	return sorted(rows, func(a, b ChatRow) int {
		return cmp.Or(count.Descending(a.Interactions, b.Interactions), cmp.Compare(a.Name, b.Name))
	})
}

func sorted[R any](rows map[string]R, compare func(a, b R) int) []R {
	list := make([]R, 0, len(rows))
	for _, row := range rows {
		list = append(list, row)
	}
	slices.SortFunc(list, compare)
	return list
}
