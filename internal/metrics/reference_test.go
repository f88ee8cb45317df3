package metrics_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// reference reads a per-user report with encoding/json, simply and slowly.
func reference(report []byte) (users []metrics.UserDay, ok bool) {
	rows, ok := referenceRows(bytes.TrimPrefix(report, []byte("\ufeff")))
	for _, row := range rows {
		u, sound := referenceRow(row)
		ok = ok && sound
		users = append(users, u)
	}
	return users, ok
}

func referenceRows(report []byte) (rows []json.RawMessage, ok bool) {
	if bytes.HasPrefix(bytes.TrimLeft(report, " \t\r\n"), []byte("[")) {
		return rows, json.Unmarshal(report, &rows) == nil
	}
	for dec := json.NewDecoder(bytes.NewReader(report)); ; {
		var row json.RawMessage
		if err := dec.Decode(&row); errors.Is(err, io.EOF) {
			return rows, true
		} else if err != nil {
			return nil, false
		}
		rows = append(rows, row)
	}
}

var referenceCounts = []string{
	"user_initiated_interaction_count", "code_generation_activity_count", "code_acceptance_activity_count", "loc_suggested_to_add_sum", "loc_added_sum",
}

// referenceRest lists the other fields of a row that are read.
var referenceRest = []string{
	"user_id", "user_login", "day", "ai_credits_used", "totals_by_feature", "totals_by_cli", "totals_by_copilot_app", "totals_by_vscode_agent",
	"totals_by_3rd_party_agent", "ai_adoption_phase", "used_chat", "used_agent", "used_cli", "used_copilot_app", "used_vscode_agent",
	"used_copilot_cloud_agent", "used_copilot_coding_agent", "used_copilot_code_review_active", "used_copilot_code_review_passive",
}

func referenceRow(row json.RawMessage) (u metrics.UserDay, ok bool) {
	r := referenceReader{}
	fields := r.object(row, append(slices.Clone(referenceCounts), referenceRest...))
	u = metrics.UserDay{Suggested: metrics.Untold, Accepted: metrics.Untold, LinesAccepted: metrics.Untold, Interactions: metrics.Untold, Credits: metrics.Untold}
	var id json.Number // accepts a number, or a string that holds a number
	r.unmarshal(fields["user_id"], &id)
	u.UserID, _ = strconv.ParseInt(id.String(), 10, 64)
	r.bad = r.bad || u.UserID <= 0

	var login, day string
	r.unmarshal(fields["user_login"], &login)
	r.unmarshal(fields["day"], &day)
	u.Login = login
	r.bad = r.bad || len(login) > 100 || strings.ContainsRune(login, utf8.RuneError) || day != "" && day != date.String()

	var credits *float64
	if r.unmarshal(fields["ai_credits_used"], &credits); credits != nil {
		var c metrics.Credits
		r.bad = r.bad || *credits < 0 || *credits > 1_000_000 || c.UnmarshalJSON(fields["ai_credits_used"]) != nil
		u.Credits = c
	}
	for i, name := range referenceCounts {
		if n := r.count(fields[name]); i < 3 && n > 0 {
			u.Engaged = true
		}
	}
	r.features(fields["totals_by_feature"], &u)
	return u, !r.bad
}

// referenceReader remembers whether anything was invalid.
type referenceReader struct{ bad bool }

func (r *referenceReader) unmarshal(text json.RawMessage, into any) {
	if text != nil {
		r.bad = r.bad || json.Unmarshal(text, into) != nil
	}
}

func (r *referenceReader) count(text json.RawMessage) metrics.Count {
	var n *int64
	if r.unmarshal(text, &n); n == nil {
		return metrics.Untold
	}
	r.bad = r.bad || *n < 0 || *n > 1_000_000_000_000
	return metrics.Count(*n)
}

// object returns the fields with these names. None of them may be repeated.
func (r *referenceReader) object(text json.RawMessage, names []string) map[string]json.RawMessage {
	fields := map[string]json.RawMessage{}
	dec := json.NewDecoder(bytes.NewReader(text))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		r.bad = true
		return fields
	}
	for dec.More() {
		name, _ := dec.Token()
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			r.bad = true
			return fields
		}
		if _, repeated := fields[name.(string)]; repeated && slices.Contains(names, name.(string)) {
			r.bad = true
		}
		fields[name.(string)] = value
	}
	return fields
}

func (r *referenceReader) features(text json.RawMessage, u *metrics.UserDay) {
	var rows []json.RawMessage
	if r.unmarshal(text, &rows); rows == nil {
		return
	}
	u.Features.Reported()
	sums, uses, names := map[string][]metrics.Count{}, map[string][]metrics.Count{}, []string(nil)
	for _, row := range rows {
		if string(row) == "null" {
			continue
		}
		fields := r.object(row, append(slices.Clone(referenceCounts), "feature", "loc_suggested_to_delete_sum", "loc_deleted_sum"))
		r.count(fields["loc_suggested_to_delete_sum"])
		r.count(fields["loc_deleted_sum"])
		var name string
		r.unmarshal(fields["feature"], &name)
		if uses[name] == nil {
			names = append(names, name)
		}
		uses[name] = append(uses[name], r.count(fields[referenceCounts[0]]))
		if strings.HasPrefix(name, "chat_") {
			name = "chat"
		}
		for _, count := range referenceCounts {
			sums[name+count] = append(sums[name+count], r.count(fields[count]))
		}
	}
	add := func(counts []metrics.Count) (sum metrics.Count) {
		if slices.Contains(counts, metrics.Untold) {
			return metrics.Untold
		}
		for _, n := range counts {
			sum += n
		}
		r.bad = r.bad || sum > 1_000_000_000_000
		return sum
	}
	for _, name := range names {
		u.Features.Add([]byte(name), int64(add(uses[name])))
	}
	sum := func(name string) metrics.Count { return add(sums[name]) }
	u.Suggested, u.Accepted = sum("code_completion"+referenceCounts[1]), sum("code_completion"+referenceCounts[2])
	u.LinesAccepted, u.Interactions = sum("code_completion"+referenceCounts[4]), sum("chat"+referenceCounts[0])
}
